"""What somebody may choose from who drafts duties: parties, places and matters, read once for all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.forms.choices import items_by_class
from settle_gov.web.duties.record_forms import EVERYTHING, working_parties
from settle_gov.web.duties.scope import estates_of
from stakeholders.models import Area, Building, Estate, Mandate, Membership, NeedClass, NeedItem, Party

Options = Sequence[tuple[str, Any]]
Matter = NeedClass | NeedItem | None  # None is everything


@dataclass(frozen=True)
class Offer:
    """What there is by the key that stands in the form, and the same as options of selects by field."""

    by: Membership
    parties: Mapping[str, Party]
    places: Mapping[str, Area | Estate | Building]
    matters: Mapping[str, Matter]
    options: Mapping[str, Options]

    @classmethod
    def to(cls, by: Membership) -> "Offer":
        """Read what the actor sees, in five queries."""
        parties = {each.code: each for each in working_parties(by)}
        areas = {f"area:{each.code}": each for each in Area.objects.within(by.area)}
        estates = {f"estate:{each.code}": each for each in estates_of(by)}
        seen = Building.objects.filter(estate__in=estates.values()).select_related("estate")
        buildings = {f"building:{each.code}": each for each in seen.order_by("estate", "code")}
        classes = items_by_class()
        options: dict[str, Options] = {
            "party": _named(parties),
            "role": [(role.value, capfirst(str(role.label))) for role in Mandate.Role],
            "place": [(_("An estate"), _named(estates)), (_("A whole area"), _named(areas)), *_by_estate(buildings)],
            "matter": [(EVERYTHING, _("all matters")), *(_class_options(*each) for each in classes)],
        }
        return cls(by, parties, {**estates, **areas, **buildings}, _by_key(classes), options)

    @property
    def estates(self) -> list[Estate]:
        """All estates, in the order of the matrix."""
        return [each for each in self.places.values() if isinstance(each, Estate)]

    @property
    def items(self) -> list[NeedItem]:
        """All items, in their usual order."""
        return [each for each in self.matters.values() if isinstance(each, NeedItem)]


def _named(things: Mapping[str, Any]) -> Options:
    return [(key, str(each)) for key, each in things.items()]


def _by_estate(buildings: Mapping[str, Building]) -> Options:
    """Buildings under the names of their estates."""
    grouped = groupby(buildings.items(), key=lambda pair: pair[1].estate)
    return [
        (_("%(estate)s, one building") % {"estate": estate}, [(key, f"{estate} {each}") for key, each in group])
        for estate, group in grouped
    ]


def _class_options(name: str, items: Sequence[NeedItem]) -> tuple[str, Options]:
    whole = f"class:{items[0].need_class.code}", _("all of %(name)s") % {"name": name}
    return name, [whole, *((f"item:{item.code}", f"{item.code} {item}") for item in items)]


def _by_key(classes: Sequence[tuple[str, Sequence[NeedItem]]]) -> dict[str, Matter]:
    found: dict[str, Matter] = {EVERYTHING: None}
    for _name, items in classes:
        found[f"class:{items[0].need_class.code}"] = items[0].need_class
        found |= {f"item:{item.code}": item for item in items}
    return found
