"""A span of time as it is typed: `5 working_day`. Pure but for the wording of its error."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.worktime import Unit

LONGEST = 3_650  # of any unit; what is longer is a slip


@dataclass(frozen=True)
class Span:
    """So many of a unit."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @classmethod
    def parse(cls, given: str) -> "Span":
        """Read `5 working_day`; raises ValidationError for anything that is no amount and unit."""
        amount, _blank, unit = given.strip().partition(" ")
        try:
            span = cls(int(amount), Unit(unit.strip()))
        except ValueError:
            span = None
        if span is None or not 1 <= span.amount <= LONGEST:
            raise ValidationError(
                _("Give an amount from 1 to %(longest)s and a unit (%(units)s), such as “5 working_day”."),
                code="span",
                params={"longest": LONGEST, "units": ", ".join(Unit)},
            )
        return span
