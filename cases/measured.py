"""The list behind a figure as it stands in an address: measure, part and period."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.measures import MEASURES, Measure, Period
from cases.models.case import CaseQuerySet
from cases.wording import day_words
from cases.worktime import ZONE

PARTS = ("numerator", "denominator")
# Near the first and the last year a day cannot be turned into another zone.
EARLIEST, LATEST = date(1900, 1, 1), date(9998, 12, 31)


def period_of(since: date, until: date) -> Period:
    """From the first moment of one day of the office to the first of another."""
    return Period(*(datetime.combine(day, time(), ZONE) for day in (since, until)))


@dataclass(frozen=True)
class Measured:
    """One of the two lists behind a figure; days are whole days of the office, the last one not included."""

    measure: Measure
    part: str
    since: date
    until: date

    def __str__(self) -> str:
        """In words, for the chip of a filter."""
        part = _("counted") if self.part == "numerator" else _("counted among")
        return f"{self.measure.name} · {part} · {day_words(self.since)} – {day_words(self.until)}"

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.measure.key}:{self.part}:{self.since.isoformat()}:{self.until.isoformat()}"

    @property
    def period(self) -> Period:
        """From the first moment of the first day on."""
        return period_of(self.since, self.until)

    def among(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases of the list."""
        return getattr(self.measure, self.part)(cases, self.period)  # type: ignore[no-any-return]  # one of PARTS


class MeasuredField(forms.CharField):
    """A list behind a figure, such as `on_time:numerator:2026-11-01:2026-12-01`."""

    default_error_messages = {
        "measured": _(
            "Name a measure, numerator or denominator, and two days: on_time:numerator:2026-11-01:2026-12-01."
        ),
    }

    def clean(self, value: Any) -> Measured | None:
        """Read it; anything that is not known is an error."""
        text = super().clean(value)
        if not text:
            return None
        try:
            key, part, since, until = text.split(":")
            if part in PARTS:
                measured = Measured(MEASURES[key], part, date.fromisoformat(since), date.fromisoformat(until))
                if EARLIEST <= measured.since < measured.until <= LATEST:
                    return measured
        except (ValueError, KeyError):
            pass
        raise ValidationError(self.error_messages["measured"], code="measured")
