"""What may be asked of the parties."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from settle_gov.web.duties.forms import DayForm
from stakeholders.models import Party

PERIODS = (90, 180, 365)  # days
USUAL_PERIOD = 180


class PartyForm(DayForm):
    """The day to read the ledger for, when that was known, and how many days back to count cases."""

    period = forms.TypedChoiceField(
        label=_("Period"),
        required=False,
        coerce=int,
        choices=[(days, days) for days in PERIODS],
        error_messages={"invalid_choice": _("Ask for 90, 180 or 365 days. You see 180.")},
    )

    @property
    def shown_period(self) -> int:
        """How many days back to count."""
        return int(self.cleaned_data.get("period") or USUAL_PERIOD)

    @property
    def kept(self) -> QueryDict:
        """What links of the page keep of what was asked, as far as it made sense."""
        kept = self.days
        if self.shown_period != USUAL_PERIOD:
            kept["period"] = str(self.shown_period)
        return kept


class FindForm(forms.Form):
    """Words of the name, the kind, and behind which party the page begins."""

    q = forms.CharField(label=_("Name"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("any")), *Party.Kind.choices],
        error_messages={"invalid_choice": _("There is no such kind. You see all.")},
    )
    after = forms.SlugField(required=False, error_messages={"invalid": _("This is no page of the list.")})
