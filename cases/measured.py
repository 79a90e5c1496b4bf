"""The list behind a figure as it stands in an address: measure, part and period."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.days import Days
from cases.measures import MEASURES, Measure
from cases.models.case import CaseQuerySet

PARTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Measured:
    """One of the two lists behind a figure."""

    measure: Measure
    part: str
    days: Days

    def __str__(self) -> str:
        """In words, for the chip of a filter."""
        part = _("counted") if self.part == "numerator" else _("counted among")
        return f"{self.measure.name} · {part} · {self.days}"

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.measure.key}:{self.part}:{self.days.key}"

    def among(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases of the list."""
        return getattr(self.measure, self.part)(cases, self.days.period)  # type: ignore[no-any-return]  # one of PARTS


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
                return Measured(MEASURES[key], part, Days.read(since, until))
        except (ValueError, KeyError):
            pass
        raise ValidationError(self.error_messages["measured"], code="measured")
