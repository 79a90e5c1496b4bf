"""The figures by which handling is judged, for a period, each with the lists behind both of its numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.measured import EARLIEST, LATEST, PARTS, Measured, period_of
from cases.measures import Figure, figures, mean_handling_time
from cases.models import Case
from cases.policies import can_see_figures
from cases.wording import span_words
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required


class PeriodForm(forms.Form):
    """From which day to which; without days it is this month so far."""

    since = forms.DateField(label=gettext_lazy("From"), required=False)
    until = forms.DateField(label=gettext_lazy("Until, not included"), required=False)

    def clean(self) -> dict[str, Any]:
        """A period ends after it begins."""
        today = timezone.localdate()
        since: date = self.cleaned_data.get("since") or today.replace(day=1)
        until: date = self.cleaned_data.get("until") or today + timedelta(days=1)
        for name, day in (("since", since), ("until", until)):
            if not EARLIEST <= day <= LATEST:
                self.add_error(name, _("Check the year."))
        if not self.errors and until <= since:
            self.add_error("until", _("The end must be later than the beginning."))
        return {"since": since, "until": until}


@dataclass(frozen=True)
class ShownFigure:
    """A figure with the addresses of the two lists behind it."""

    figure: Figure
    numerator_url: str
    denominator_url: str

    @property
    def percent(self) -> str:
        """The rate in words; a dash where nothing could be counted, which is not 0."""
        value = self.figure.value
        return "–" if value is None else f"{100 * value:.1f}%"


@require_safe
@member_required
def show_figures(request: MemberRequest) -> HttpResponse:
    """Show all measures for a period, among the cases that the reader sees."""
    by = request.membership
    require(can_see_figures(by))
    form = PeriodForm(request.GET)
    is_valid = form.is_valid()
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    context: dict[str, Any] = {"form": form, "since": since, "until": until, "months": _months()}
    if is_valid:
        seen = Case.objects.visible_to(by)
        period = period_of(since, until)
        mean = mean_handling_time(seen, period)
        context["figures"] = [_shown(each, since, until) for each in figures(seen, period)]
        context["mean"] = span_words(mean) if mean is not None else ""
    return render(request, "figures.html", context, status=200 if is_valid else 422)


def _shown(figure: Figure, since: date, until: date) -> ShownFigure:
    urls = [_list_url(Measured(figure.measure, part, since, until)) for part in PARTS]
    return ShownFigure(figure, *urls)


def _list_url(measured: Measured) -> str:
    return f"{reverse('cases:list')}?{urlencode({'measured': measured.key})}"


def _months() -> list[tuple[str, str]]:
    """This month and the one before, as links."""
    first = timezone.localdate().replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return [
        (_("Last month"), f"?{urlencode({'since': before.isoformat(), 'until': first.isoformat()})}"),
        (_("This month"), f"?{urlencode({'since': first.isoformat(), 'until': after.isoformat()})}"),
    ]
