"""What came of reading a duty list."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

from spreadsheets.refusals import Refusal, save_refused, unread_columns, write_refused
from spreadsheets.table import Table
from stakeholders.duty_list.columns import Header
from stakeholders.ledger import SCOPE
from stakeholders.models import Mandate
from stakeholders.what_if import Change, Effect

PLACE_AND_MATTER = SCOPE[1:]
KEY = ("party_id", "role", *PLACE_AND_MATTER, "valid_from", "valid_until", "basis")  # two duties alike in all are one
key_of = attrgetter(*KEY)


@dataclass
class DutyListReport:
    """What the rows of a list say, and what the ledger would come to with the good ones.

    Every row is good, known or refused; `good` has the mandates, by the number of their row. `changes` are the cells
    that stand otherwise `at` the moment when the last of the good rows has begun, or now.
    """

    table: Table
    header: Header
    at: datetime
    good: dict[int, Mandate] = field(default_factory=dict)
    known: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows below the header."""
        return len(self.good) + self.known + len(self.refusals)

    @property
    def unread(self) -> list[str]:
        """Columns of the file that play no part."""
        return unread_columns(self.header)

    @property
    def effects(self) -> Counter[Effect]:
        """How many cells change in which way."""
        return Counter(change.effect for change in self.changes)

    @property
    def outcome(self) -> str:
        """A digest of what would be recorded and what would change, by which two readings can be compared."""
        mandates = [(number, key_of(mandate), mandate.evidence) for number, mandate in self.good.items()]
        said = (mandates, self.known, [refusal.number for refusal in self.refusals], self.changes)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def write_refused(self, target: BinaryIO) -> None:
        """Write the refused rows the way the file is written, with a last column that says what is wrong."""
        write_refused(target, self.table, self.header, self.refusals)

    def save_refused(self, path: Path) -> None:
        """Write the refused rows to a file, all of it or nothing."""
        save_refused(path, self.table, self.header, self.refusals)
