"""What the rows of a duty list may name: all that the actor sees."""

from collections import defaultdict

from spreadsheets.names import NameIndex
from stakeholders.models import Area, Building, Estate, Membership, NeedClass, NeedItem, Party

Matter = NeedItem | NeedClass


class DutyDirectory:
    """Parties, places and matters by code or name, read in six queries; what the actor cannot see is not known."""

    def __init__(self, by: Membership) -> None:
        estates = list(Estate.objects.visible_to(by).order_by())
        buildings = list(Building.objects.visible_to(by).order_by())
        classes, items = list(NeedClass.objects.all()), list(NeedItem.objects.all())
        self.parties = NameIndex(Party.objects.visible_to(by))
        self.areas = NameIndex(Area.objects.visible_to(by))
        self.estates = NameIndex(estates)
        self.buildings = NameIndex(buildings)
        self.classes = NameIndex(classes)
        self.matters: NameIndex[Matter] = NameIndex([*classes, *items])
        self.estate_by_id = {each.pk: each for each in estates}
        by_estate: dict[int, list[Building]] = defaultdict(list)
        for building in buildings:
            by_estate[building.estate_id].append(building)
        self._buildings_of = {estate: NameIndex(known) for estate, known in by_estate.items()}

    def buildings_of(self, estate: Estate) -> NameIndex[Building]:
        """The buildings of one estate."""
        return self._buildings_of.get(estate.pk) or NameIndex([])
