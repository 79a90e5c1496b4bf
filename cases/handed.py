"""The cases behind a number of hand-offs as they stand in an address: giver, receiver and period."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.days import Days
from cases.handoffs import handoffs
from cases.models import Case
from cases.models.case import CaseQuerySet
from stakeholders.filters import UNKNOWN
from stakeholders.models import Party


@dataclass(frozen=True)
class Handed:
    """The cases that one party handed to another in some days."""

    giver: Party
    receiver: Party
    days: Days

    def __str__(self) -> str:
        """In words, for the chip of a filter."""
        return f"{self.giver} → {self.receiver} · {self.days}"

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.giver.code}:{self.receiver.code}:{self.days.key}"

    def among(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases of the list."""
        handed = handoffs(Case.objects.all(), self.days.period).filter(giver=self.giver.pk, party=self.receiver)
        return cases.filter(pk__in=handed.values("case"))


class HandedField(forms.CharField):
    """The cases behind some hand-offs, such as `wy-jinxiu:sq-donghu:2026-11-01:2026-12-01`."""

    default_error_messages = {
        "handed": _("Name two parties by their codes, and two days: wy-jinxiu:sq-donghu:2026-11-01:2026-12-01."),
        "invalid_choice": UNKNOWN,
    }

    def __init__(self, *, queryset: QuerySet[Party], lookup_expr: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.queryset = queryset

    def clean(self, value: Any) -> Handed | None:
        """Read it; anything that is not known is an error."""
        text = super().clean(value)
        if not text:
            return None
        try:
            giver, receiver, since, until = text.split(":")
            days = Days.read(since, until)
        except ValueError:
            raise ValidationError(self.error_messages["handed"], code="handed") from None
        parties = {each.code: each for each in self.queryset.filter(code__in=[giver, receiver])}
        for code in (giver, receiver):
            if code not in parties:
                raise ValidationError(self.error_messages["invalid_choice"], code="unknown", params={"value": code})
        return Handed(parties[giver], parties[receiver], days)
