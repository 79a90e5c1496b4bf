"""What may be asked of the parties."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from settle_gov.web.duties.forms import DayForm
from stakeholders.models import Party

PERIODS = (90, 180, 365)  # days
USUAL_PERIOD = 180


class PartyForm(DayForm):
    """The day to read the ledger for, the day on which it was known so, and how far back to count cases."""

    known = forms.DateField(
        label=_("As known on"),
        required=False,
        input_formats=["%Y-%m-%d", "%Y%m%d"],
        error_messages={"invalid": _("Give a day as 2026-11-20. You see what is known today.")},
    )
    period = forms.TypedChoiceField(
        label=_("Period"),
        required=False,
        coerce=int,
        choices=[(days, days) for days in PERIODS],
        error_messages={"invalid_choice": _("Ask for 90, 180 or 365 days. You see 180.")},
    )

    @property
    def known_day(self) -> date | None:
        """The day of knowing asked for; None for today and for what is no day."""
        day: date | None = self.cleaned_data.get("known")
        return None if day == timezone.localdate() else day

    @property
    def days(self) -> int:
        """How many days back to count."""
        return int(self.cleaned_data.get("period") or USUAL_PERIOD)


class FindForm(forms.Form):
    """Words of the name, the kind, and behind which party the page begins."""

    q = forms.CharField(label=_("Name"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("any")), *Party.Kind.choices],
        error_messages={"invalid_choice": _("There is no such kind. You see all.")},
    )
    after = forms.SlugField(required=False, error_messages={"invalid": _("This is no page of the list.")})
