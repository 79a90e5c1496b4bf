"""What is known here by name or code: estates and their buildings, need items, parties."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.importing.mappings import plain
from stakeholders.models import Area, Building, Estate, NeedItem, Party

Known = TypeVar("Known", Estate, Building, NeedItem, Party)

SHOWN = 40  # characters of an unknown name that an error repeats


class NameIndex(Generic[Known]):
    """Finds things by code or name, however the blanks and widths in it are typed."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_code: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        for each in known:
            self._by_code[plain(each.code)] = each
            self._by_name[plain(each.name)].append(each)

    def find(self, word: str) -> Known | None:
        """The one that goes by this word, if the word is not empty. Raises ValidationError for none and for several."""
        key = plain(word)
        if not key:
            return None
        found = [self._by_code[key]] if key in self._by_code else self._by_name.get(key, [])
        if len(found) == 1:
            return found[0]
        complaint = (
            _("“%(word)s” is the name of several; give the code.") if found else _("“%(word)s” is not known here.")
        )
        raise ValidationError(complaint, params={"word": word[:SHOWN]})


class Directory:
    """All that the rows of a ledger may name in an area, read once."""

    def __init__(self, area: Area) -> None:
        within = area.code_range
        buildings: dict[int, list[Building]] = defaultdict(list)
        for building in Building.objects.filter(estate__area__code__range=within).select_related("grid"):
            buildings[building.estate_id].append(building)
        self.estates = NameIndex(Estate.objects.filter(area__code__range=within).select_related("area", "grid"))
        self.items = NameIndex(NeedItem.objects.select_related("need_class"))
        self.parties = NameIndex(Party.objects.all())
        self._buildings = {estate: NameIndex(known) for estate, known in buildings.items()}

    def buildings_of(self, estate: Estate) -> NameIndex[Building]:
        """The buildings of one estate."""
        return self._buildings.get(estate.pk) or NameIndex([])
