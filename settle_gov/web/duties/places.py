"""The places of an estate as the page of a cell groups them: the common area and buildings that stand alike."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.past import Past
from settle_gov.web.duties.words import sentence
from stakeholders.models import Building, Estate

FEW = 3  # buildings that are named one by one


@dataclass(frozen=True)
class Spot:
    """One place: a building, or the common area where there is none."""

    building: Building | None

    @property
    def name(self) -> str:
        """As it is called on the spot."""
        return self.building.name if self.building else _("Common area")

    @property
    def code(self) -> str:
        """How it stands in an address; empty for the common area."""
        return self.building.code if self.building else ""

    @property
    def key(self) -> int:
        """How the ledger numbers it within its estate; 0 for the common area."""
        return self.building.pk if self.building else 0


@dataclass(frozen=True)
class Place:
    """Places of the estate that have the same answer: the common area, buildings."""

    mark: Mark
    spots: list[Spot]
    parties: list[str]
    is_everywhere: bool  # no place of the estate stands otherwise

    @property
    def has_common_area(self) -> bool:
        """Whether the common area is among them."""
        return any(spot.building is None for spot in self.spots)

    @property
    def names(self) -> list[str]:
        """The names of the places."""
        return [spot.name for spot in self.spots]

    @property
    def where(self) -> str:
        """The same in few words."""
        buildings = [spot for spot in self.spots if spot.building]
        if self.is_everywhere and buildings:
            return _("Common area and all buildings")
        if len(buildings) <= FEW:
            return _(", ").join(self.names)
        words = ngettext("%(count)d building", "%(count)d buildings", len(buildings)) % {"count": len(buildings)}
        return words if len(buildings) == len(self.spots) else _("Common area and %(buildings)s") % {"buildings": words}

    @property
    def sentence(self) -> str:
        """Who answers there."""
        return sentence(self.mark, self.parties)


def spots_of(estate: Estate) -> list[Spot]:
    """The common area and all buildings, in the order of their codes; one query."""
    return [Spot(None), *(Spot(building) for building in estate.buildings.order_by("code"))]


def places_of(spots: list[Spot], past: Past) -> list[Place]:
    """Put places with the same answer together, the worst first."""
    standings = past.standings()
    alike: dict[tuple[Mark, tuple[int, ...]], list[Spot]] = defaultdict(list)
    for spot in spots:
        alike[standings[spot.key]].append(spot)
    ranked = sorted(alike.items(), key=lambda group: list(Mark).index(group[0][0]))
    return [
        Place(mark, group, past.named(who), is_everywhere=len(group) == len(spots)) for (mark, who), group in ranked
    ]
