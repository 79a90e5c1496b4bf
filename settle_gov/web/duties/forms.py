"""What may be asked of the matrix and of a cell."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from settle_gov.web.duties.marks import Mark


class DayForm(forms.Form):
    """The day to look at, past or to come; none is today."""

    at = forms.DateField(
        label=_("As it stood on"),
        required=False,
        input_formats=["%Y-%m-%d", "%Y%m%d"],  # the number pad of some phones has no hyphen
        error_messages={"invalid": _("Give a day as 2026-11-20. You see today.")},
    )

    @property
    def day(self) -> date | None:
        """The day asked for; None for today and for what is no day."""
        day: date | None = self.cleaned_data.get("at")
        return None if day == timezone.localdate() else day


class MatrixForm(DayForm):
    """The day, the one mark to look for, and the classes that are folded."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=Mark.choices,
        error_messages={"invalid_choice": _("There is no such state. You see all.")},
    )
    fold = forms.RegexField(
        r"^\d{1,3}(,\d{1,3})*$",
        label=_("Folded classes"),
        required=False,
        error_messages={"invalid": _("Give the numbers of classes with commas. You see all unfolded.")},
    )

    @property
    def mark(self) -> Mark | None:
        """The mark to look for."""
        state = self.cleaned_data.get("state")
        return Mark(state) if state else None

    @property
    def folded(self) -> frozenset[str]:
        """The codes of the folded classes."""
        fold = self.cleaned_data.get("fold")
        return frozenset(fold.split(",")) if fold else frozenset()
