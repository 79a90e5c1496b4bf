"""What is known here by name or code: estates and their buildings, need items, parties."""

from collections import defaultdict

from spreadsheets.names import NameIndex
from stakeholders.models import Area, Building, Estate, NeedItem, Party


class Directory:
    """All that the rows of a ledger may name in an area, read once; parties of the divisions above it as well."""

    def __init__(self, area: Area) -> None:
        within = area.code_range
        buildings: dict[int, list[Building]] = defaultdict(list)
        for building in Building.objects.filter(estate__area__code__range=within).select_related("grid"):
            buildings[building.estate_id].append(building)
        self.estates = NameIndex(Estate.objects.filter(area__code__range=within).select_related("area", "grid"))
        self.items = NameIndex(NeedItem.objects.select_related("need_class"))
        self.parties = NameIndex(Party.objects.of_area(area))
        self._buildings = {estate: NameIndex(known) for estate, known in buildings.items()}

    def buildings_of(self, estate: Estate) -> NameIndex[Building]:
        """The buildings of one estate."""
        return self._buildings.get(estate.pk) or NameIndex([])
