"""What came of an import."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cases.importing.mappings import Header
from spreadsheets.refusals import Refusal, save_refused, unread_columns, write_refused
from spreadsheets.table import Table


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
        return unread_columns(self.header)

    def write_errors(self, target: BinaryIO) -> None:
        """Write the refused rows the way the file is written, with a last column that says what is wrong."""
        write_refused(target, self.table, self.header, self.refusals)

    def save_errors(self, path: Path) -> None:
        """Write the refused rows to a file, all of it or nothing."""
        save_refused(path, self.table, self.header, self.refusals)
