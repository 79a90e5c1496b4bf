"""Which column of a ledger is which field of a case: named mappings, kept as data in `mappings.toml`."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.importing.table import Cells, Table, text

FILE = Path(__file__).with_name("mappings.toml")
HEADER_WITHIN = 5  # rows; offices put a title and who filled it in above the header


@dataclass(frozen=True)
class HeaderMapping:
    """What the headers of one kind of ledger mean."""

    name: str
    channel: str
    required: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    ignored: Sequence[str] = ()
    values: Mapping[str, Mapping[str, str]] | None = None

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

    def missing(self, header: Cells) -> list[str]:
        """The required columns that a header row lacks, by the name they usually go by."""
        names = {plain(text(cell)) for cell in header}
        return [self.columns[field][0] for field in self.required if names.isdisjoint(map(plain, self.columns[field]))]

    def unread(self, header: Cells) -> list[str]:
        """The columns that the mapping neither reads nor knows to ignore."""
        known = {plain(name) for names in (*self.columns.values(), self.ignored) for name in names}
        return [text(cell) for cell in header if text(cell) and plain(text(cell)) not in known]


@dataclass(frozen=True)
class Header:
    """The header row of a table: what stands above it, and where each field is."""

    mapping: HeaderMapping
    number: int
    cells: Cells
    above: Sequence[Cells]
    places: Mapping[str, int]


def plain(word: str) -> str:
    """A header or a name as it is compared: without blanks, line breaks, the star of a required field, or width."""
    return "".join(unicodedata.normalize("NFKC", word).split()).strip("*").casefold()


@cache
def mappings() -> dict[str, HeaderMapping]:
    """The named mappings."""
    with FILE.open("rb") as file:
        return {name: HeaderMapping(name, **given) for name, given in tomllib.load(file).items()}


def find_header(table: Table, name: str = "") -> Header:
    """The header row within the first rows of a table, read by the mapping named or the only one that fits.

    Raises ValidationError that lists, for each mapping that might have been meant, which columns are missing.
    """
    known = mappings()
    if name and name not in known:
        raise ValidationError(
            _("There is no mapping “%(name)s”; there are: %(known)s."),
            code="mapping",
            params={"name": name, "known": ", ".join(known)},
        )
    candidates = [known[name]] if name else list(known.values())
    top = [row for row in islice(table.rows(), HEADER_WITHIN) if row[0] <= HEADER_WITHIN]
    fitting = [
        Header(mapping, number, cells, [above for _number, above in top[:index]], mapping.places(cells))
        for index, (number, cells) in enumerate(top)
        for mapping in candidates
        if not mapping.missing(cells)
    ]
    if len({header.mapping.name for header in fitting}) != 1:
        raise ValidationError(_complaint(candidates, top, fitting), code="header")
    return fitting[0]


def _complaint(candidates: Sequence[HeaderMapping], top: Sequence[tuple[int, Cells]], fitting: Sequence[Header]) -> str:
    if fitting:
        return _("Several mappings fit: %(names)s. Name one with --mapping.") % {
            "names": ", ".join(header.mapping.name for header in fitting)
        }
    lines = [_("None of the first %(rows)s rows is a header with all required columns.") % {"rows": HEADER_WITHIN}]
    for mapping in candidates:
        missing = min((mapping.missing(cells) for _number, cells in top), key=len, default=mapping.missing([]))
        lines.append(
            ngettext(
                "Mapping %(name)s: the column %(missing)s is missing.",
                "Mapping %(name)s: the columns %(missing)s are missing.",
                len(missing),
            )
            % {"name": mapping.name, "missing": ", ".join(missing)}
        )
    return "\n".join(lines)
