"""Finding things by the code or the name that somebody typed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spreadsheets.headings import plain

SHOWN = 40  # characters of an unknown name that an error repeats


Known = TypeVar("Known")  # anything with a code, a name and perhaps an English one


class NameIndex(Generic[Known]):
    """Finds things by code or name, however the blanks and widths in it are typed."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_code: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        for each in known:
            code, *names = (plain(getattr(each, field, "")) for field in ("code", "name", "name_en"))
            self._by_code[code] = each
            for name in {*names} - {""}:
                self._by_name[name].append(each)

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
