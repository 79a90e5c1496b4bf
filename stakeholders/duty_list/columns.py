"""Which column of a duty list is which field: the names are data, in `columns.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from spreadsheets import headings
from spreadsheets.headings import HEADER_WITHIN, Headings, plain
from spreadsheets.table import Cells, Table, text

GIVEN: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text())
COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = GIVEN["columns"]
ROLES: Mapping[str, str] = {plain(word): role for role, words in GIVEN["roles"].items() for word in (role, *words)}
EVERYTHING, OPEN_END = ({plain(word) for word in GIVEN["words"][name]} for name in ("everything", "open_end"))
PLACES = ("estate", "area")  # one of them must be there


@dataclass(frozen=True, kw_only=True)
class DutyHeadings(Headings):
    """The headers of a duty list, named in the reader's language."""

    def title(self, field: str) -> str:
        """The header that the template has."""
        return self.columns[field][_number()]

    def missing(self, header: Cells) -> list[str]:
        """The required columns that are not there, and the estate where no column says where."""
        says_where = any(self.has(place, header) for place in PLACES)
        return [*super().missing(header), *([] if says_where else [self.title(PLACES[0])])]


Header = headings.Header[DutyHeadings]

HEADINGS = DutyHeadings(
    required=("party", "role", "matter", "valid_from", "basis"),
    columns={field: given["names"] for field, given in COLUMNS.items()},
    ignored=("序号", "备注", "no.", "remarks"),
)


def find_header(table: Table) -> Header:
    """The header row within the first rows of a table. Raises ValidationError that names the missing columns."""
    top = headings.top_of(table)
    fitting = headings.headers_in(top, [HEADINGS])
    if fitting:
        return fitting[0]
    missing = HEADINGS.fewest_missing(top)
    complaint = _("None of the first %(rows)s rows is a header with all required columns.") % {"rows": HEADER_WITHIN}
    lacking = ngettext("The column %(missing)s is missing.", "The columns %(missing)s are missing.", len(missing))
    raise ValidationError(f"{complaint} {lacking % {'missing': _(', ').join(missing)}}", code="header")


def template_rows() -> list[Cells]:
    """A header row and an example in words, in the reader's language."""
    example = [given["example"][_number()] for given in COLUMNS.values()]
    return [[HEADINGS.title(field) for field in COLUMNS], example]


def is_example(header: Header, cells: Cells) -> bool:
    """Say whether a row is the one in words that came with the template."""
    place = header.places["party"]
    return place < len(cells) and text(cells[place]) in COLUMNS["party"]["example"]


def _number() -> int:
    """Of the names in the reader's language: Chinese stands first, English second."""
    return 1 if (get_language() or "").startswith("en") else 0
