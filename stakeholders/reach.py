"""Which cells a scope can change: its estates and its items."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q

from stakeholders.coverage import Scope
from stakeholders.models import Building, Estate, NeedItem
from stakeholders.models.area import AREA_LEVELS
from stakeholders.models.estate import EstateQuerySet

COMMUNITY = AREA_LEVELS[-1]  # digits; an estate lies in a community


class Reach(NamedTuple):
    """All cells of some estates against some items."""

    estates: Sequence[Estate]
    items: Sequence[NeedItem]


def reach_of(scopes: Iterable[Scope], among: EstateQuerySet | None = None) -> list[Reach]:
    """Group what the scopes cover by items, so that each cell is met once; `among` limits the estates.

    Two queries, and one more where buildings are named, however many scopes there are.
    """
    wanted = dict.fromkeys(scopes)
    buildings = Building.objects.filter(pk__in=[each.building for each in wanted if each.building])
    homes = dict(buildings.values_list("pk", "estate_id")) if any(each.building for each in wanted) else {}
    items = list(NeedItem.objects.select_related("need_class"))
    estates = list((Estate.objects.all() if among is None else among).filter(_places(wanted, homes)))
    by_place = _by_place(estates)
    chosen: dict[int, set[int]] = defaultdict(set)  # the items that are met, by estate
    for scope in wanted:
        met = {item.pk for item in items if _is_for(scope, item)}
        for estate in by_place.get(_place(scope, homes), ()):
            chosen[estate] |= met
    alike: dict[frozenset[int], list[Estate]] = defaultdict(list)
    for each in estates:
        alike[frozenset(chosen[each.pk])].append(each)
    return [Reach(met, [item for item in items if item.pk in pks]) for pks, met in alike.items()]


def _place(scope: Scope, homes: Mapping[int, int]) -> int | str:
    """The estate by its id, or the digits of the division, that a scope reaches."""
    if scope.building is not None:
        return homes.get(scope.building, 0)
    return scope.estate if scope.estate is not None else scope.area or ""


def _by_place(estates: Iterable[Estate]) -> dict[int | str, list[int]]:
    """The estates by their own id and by the digits of each division that they lie in."""
    found: dict[int | str, list[int]] = defaultdict(list)
    for each in estates:
        found[each.pk].append(each.pk)
        for prefix in ("", *(each.area_id[:level] for level in AREA_LEVELS)):
            found[prefix].append(each.pk)
    return found


def _places(scopes: Collection[Scope], homes: Mapping[int, int]) -> Q:
    """Where to look. Thousands of places are two lists, not as many conditions, of which SQLite takes a thousand."""
    places = {_place(scope, homes) for scope in scopes}
    prefixes = {place for place in places if isinstance(place, str)}
    estates, communities = places - prefixes, {prefix for prefix in prefixes if len(prefix) == COMMUNITY}
    wanted = Q(pk__in=estates) | Q(area__in=communities)
    for prefix in prefixes - communities:
        wanted |= Q(area__code__range=(prefix.ljust(COMMUNITY, "0"), prefix.ljust(COMMUNITY, "9")))
    return wanted


def _is_for(scope: Scope, item: NeedItem) -> bool:
    return scope.need_class in (None, item.need_class_id) and scope.need_item in (None, item.pk)
