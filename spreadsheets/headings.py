"""Header rows: where they stand in a table, and which column is which field."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spreadsheets.table import Cells, Table, text

HEADER_WITHIN = 5  # rows; offices put a title and who filled it in above the header

NumberedRow = tuple[int, Cells]


@dataclass(frozen=True, kw_only=True)
class Headings:
    """By which headers the fields of one kind of table go, and which of them must be there."""

    required: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    ignored: Sequence[str] = ()

    def places(self, header: Cells) -> dict[str, int]:
        """Where each field stands in a header row. Raises ValidationError for a column that is there twice."""
        names = [plain(text(cell)) for cell in header]
        found: dict[str, int] = {}
        for field, aliases in self.columns.items():
            known = next((name for name in map(plain, aliases) if name in names), None)
            if known is None:
                continue
            if names.count(known) > 1:
                raise ValidationError(
                    _("The column “%(column)s” is there twice."), code="twice", params={"column": known}
                )
            found[field] = names.index(known)
        return found

    def title(self, field: str) -> str:
        """The name that a column usually goes by."""
        return self.columns[field][0]

    def missing(self, header: Cells) -> list[str]:
        """The required columns that a header row lacks, by the name they usually go by."""
        return [self.title(field) for field in self.required if not self.has(field, header)]

    def has(self, field: str, header: Cells) -> bool:
        """Say whether a column is there, by any of its names."""
        names = {plain(text(cell)) for cell in header}
        return not names.isdisjoint(map(plain, self.columns[field]))

    def fewest_missing(self, top: Iterable[NumberedRow]) -> list[str]:
        """The required columns that the row most like a header lacks."""
        return min((self.missing(cells) for _number, cells in top), key=len, default=self.missing([]))

    def unread(self, header: Cells) -> list[str]:
        """The columns that are neither read nor known to be ignored."""
        known = {plain(name) for names in (*self.columns.values(), self.ignored) for name in names}
        return [text(cell) for cell in header if text(cell) and plain(text(cell)) not in known]


Kind = TypeVar("Kind", bound=Headings)


@dataclass(frozen=True)
class Header(Generic[Kind]):
    """The header row of a table: what stands above it, and where each field is."""

    mapping: Kind
    number: int
    cells: Cells
    above: Sequence[Cells]
    places: Mapping[str, int]

    def complaint(self, field: str, problem: str) -> str:
        """A problem with the name of its column in the file."""
        column = text(self.cells[self.places[field]])
        return _("%(column)s: %(problem)s") % {"column": column, "problem": problem}


def plain(word: str) -> str:
    """A header or a name as it is compared: without blanks, line breaks, the star of a required field, or width."""
    return "".join(unicodedata.normalize("NFKC", word).split()).strip("*").casefold()


def top_of(table: Table) -> list[NumberedRow]:
    """The rows among which the header must stand."""
    return [row for row in islice(table.rows(), HEADER_WITHIN) if row[0] <= HEADER_WITHIN]


def headers_in(top: Sequence[NumberedRow], candidates: Iterable[Kind]) -> list[Header[Kind]]:
    """The rows that have all required columns of a candidate, from the top."""
    known = list(candidates)
    return [
        Header(each, number, cells, [above for _number, above in top[:index]], each.places(cells))
        for index, (number, cells) in enumerate(top)
        for each in known
        if not each.missing(cells)
    ]
