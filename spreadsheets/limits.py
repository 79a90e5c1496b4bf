"""How much of a file is read. What somebody sends may be small and swell: one megabyte holds millions of empty rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spreadsheets.table import Cells


@dataclass(frozen=True)
class Limits:
    """What may be read of one file: bytes once it is unpacked, and rows, empty ones counted; None is without end."""

    unpacked: int = 1 << 30
    rows: int | None = None

    def numbered(self, rows: Iterable[Cells]) -> Iterator[tuple[int, Cells]]:
        """Count rows while they are read. Raises ValidationError at the first that is too many."""
        for number, cells in enumerate(rows, start=1):
            if self.rows is not None and number > self.rows:
                raise ValidationError(
                    _("The file has more than %(rows)s rows, empty ones counted. Split it, or delete the empty rows."),
                    code="too_many",
                    params={"rows": f"{self.rows:,}"},
                )
            yield number, cells


FILES_OF_OURS = Limits()  # which somebody who may run commands has put beside them
