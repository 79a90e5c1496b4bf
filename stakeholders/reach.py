"""Which cells a scope can change: its estates and its items."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q

from stakeholders.coverage import Scope
from stakeholders.models import Estate, NeedItem
from stakeholders.models.estate import EstateQuerySet


class Reach(NamedTuple):
    """All cells of some estates against some items."""

    estates: Sequence[Estate]
    items: Sequence[NeedItem]


def reach_of(scopes: Iterable[Scope], among: EstateQuerySet | None = None) -> list[Reach]:
    """Group what the scopes cover by items, so that each cell is met once; `among` limits the estates.

    One query for the items and one for each distinct choice of items, however many scopes there are.
    """
    estates = Estate.objects.all() if among is None else among
    items = list(NeedItem.objects.select_related("need_class"))
    by_choice: dict[tuple[int | None, int | None], Q] = {}
    for scope in scopes:
        choice = scope.need_class, scope.need_item
        by_choice[choice] = by_choice.get(choice, Q(pk__in=[])) | _place(scope)
    numbers: dict[int, set[int]] = defaultdict(set)  # of the items that are met, by estate
    found: dict[int, Estate] = {}
    for (need_class, need_item), place in by_choice.items():
        chosen = {
            item.pk for item in items if need_class in (None, item.need_class_id) and need_item in (None, item.pk)
        }
        for estate in estates.filter(place):
            found[estate.pk] = estate
            numbers[estate.pk] |= chosen
    alike: dict[frozenset[int], list[Estate]] = defaultdict(list)
    for pk, chosen in numbers.items():
        alike[frozenset(chosen)].append(found[pk])
    return [Reach(met, [item for item in items if item.pk in chosen]) for chosen, met in alike.items()]


def _place(scope: Scope) -> Q:
    if scope.building is not None:
        return Q(buildings=scope.building)
    if scope.estate is not None:
        return Q(pk=scope.estate)
    prefix = scope.area or ""
    return Q(area__code__range=(prefix.ljust(12, "0"), prefix.ljust(12, "9")))
