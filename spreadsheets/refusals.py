"""Rows that are left out, and the file in which they come back to who sent them."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from spreadsheets.headings import Header
from spreadsheets.table import Cells, Table, text


class RefusedRowError(ValueError):
    """A row that cannot be used; `problems` are sentences that name the column."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(*self.problems)


@dataclass(frozen=True)
class Refusal:
    """A row that was left out, and why."""

    number: int
    cells: Cells
    problems: Sequence[str]


def unread_columns(header: Header[Any]) -> list[str]:
    """Columns of the file that play no part; the one that we add to refused rows is no news."""
    return [column for column in header.mapping.unread(header.cells) if column != _("What is wrong")]


def write_refused(target: BinaryIO, table: Table, header: Header[Any], refusals: Iterable[Refusal]) -> None:
    """Write refused rows the way the file is written, with a last column that says what is wrong."""
    width = len(header.cells)
    column = _("What is wrong")
    has_one = text(header.cells[-1]) == column  # such a file comes back with some rows still wrong
    width -= has_one

    def with_problems(refusal: Refusal) -> Cells:
        padded = [*refusal.cells[:width], *[None] * (width - len(refusal.cells))]
        surplus = refusal.cells[width + has_one :]
        return [*padded, " ".join(refusal.problems), *surplus]

    table.write(target, [*header.above, [*header.cells[:width], column], *map(with_problems, refusals)])


def save_refused(path: Path, table: Table, header: Header[Any], refusals: Iterable[Refusal]) -> None:
    """Write refused rows to a file, all of it or nothing."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as target:
            write_refused(target, table, header, refusals)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
