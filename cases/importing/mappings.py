"""Which column of a ledger is which field of a case: named mappings, kept as data in `mappings.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spreadsheets import headings
from spreadsheets.headings import HEADER_WITHIN, Headings, NumberedRow
from spreadsheets.table import Table

FILE = Path(__file__).with_name("mappings.toml")


@dataclass(frozen=True, kw_only=True)
class HeaderMapping(Headings):
    """What the headers of one kind of ledger mean."""

    name: str
    channel: str
    values: Mapping[str, Mapping[str, str]] | None = None


Header = headings.Header[HeaderMapping]


@cache
def mappings() -> dict[str, HeaderMapping]:
    """The named mappings."""
    with FILE.open("rb") as file:
        return {name: HeaderMapping(name=name, **given) for name, given in tomllib.load(file).items()}


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
    top = headings.top_of(table)
    fitting = headings.headers_in(top, candidates)
    if len({header.mapping.name for header in fitting}) != 1:
        raise ValidationError(_complaint(candidates, top, fitting), code="header")
    return fitting[0]


def _complaint(candidates: Sequence[HeaderMapping], top: Sequence[NumberedRow], fitting: Sequence[Header]) -> str:
    if fitting:
        return _("Several mappings fit: %(names)s. Name one of them.") % {
            "names": ", ".join(header.mapping.name for header in fitting)
        }
    lines = [_("None of the first %(rows)s rows is a header with all required columns.") % {"rows": HEADER_WITHIN}]
    for mapping in candidates:
        missing = mapping.fewest_missing(top)
        lines.append(
            ngettext(
                "Mapping %(name)s: the column %(missing)s is missing.",
                "Mapping %(name)s: the columns %(missing)s are missing.",
                len(missing),
            )
            % {"name": mapping.name, "missing": ", ".join(missing)}
        )
    return "\n".join(lines)
