"""What came of an import."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from cases.importing.mappings import Header
from cases.importing.table import Cells, Table, text


@dataclass(frozen=True)
class Refusal:
    """A row that was left out, and why."""

    number: int
    cells: Cells
    problems: Sequence[str]


@dataclass
class ImportReport:
    """What an import did, or in a dry run would do.

    Every row is added, known or refused. The other figures are about the rows that make sense, whether they were
    added now or known before; a row that a file repeats counts once.
    """

    table: Table
    header: Header
    added: int = 0
    known: int = 0
    closed: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows below the header."""
        return self.added + self.known + len(self.refusals)

    @property
    def unread(self) -> list[str]:
        """Columns of the file that play no part."""
        return [column for column in self.header.mapping.unread(self.header.cells) if column != _("What is wrong")]

    def write_errors(self, target: BinaryIO) -> None:
        """Write the refused rows the way the file is written, with a last column that says what is wrong."""
        width = len(self.header.cells)
        column = _("What is wrong")
        has_one = text(self.header.cells[-1]) == column  # such a file comes back with some rows still wrong
        width -= has_one

        def with_problems(refusal: Refusal) -> Cells:
            padded = [*refusal.cells[:width], *[None] * (width - len(refusal.cells))]
            surplus = refusal.cells[width + has_one :]
            return [*padded, " ".join(refusal.problems), *surplus]

        rows = [*self.header.above, [*self.header.cells[:width], column], *map(with_problems, self.refusals)]
        self.table.write(target, rows)

    def save_errors(self, path: Path) -> None:
        """Write the refused rows to a file, all of it or nothing."""
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("wb") as target:
                self.write_errors(target)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
