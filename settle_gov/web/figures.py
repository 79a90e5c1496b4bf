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

from cases.days import Days, month_of, month_so_far
from cases.measured import PARTS, Measured
from cases.measures import Figure, figures
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
        so_far = month_so_far()
        since: date = self.cleaned_data.get("since") or so_far.since
        until: date = self.cleaned_data.get("until") or so_far.until
        if not self.errors:
            for name, words in Days(since, until).complaints().items():
                self.add_error(name, words)
        return {"since": since, "until": until}


@dataclass(frozen=True)
class ShownFigure:
    """A figure with the addresses of the two lists behind it."""

    figure: Figure
    numerator_url: str
    denominator_url: str

    @property
    def value(self) -> str:
        """The rate or the mean in words; a dash where nothing could be counted, which is not 0."""
        value = self.figure.value
        if value is None:
            return "–"
        return _in_words(value) if self.figure.measure.taken else f"{100 * value:.1f}%"

    @property
    def numerator(self) -> str:
        """How many, or how long in all."""
        counted = self.figure.numerator
        return _in_words(counted) if self.figure.measure.taken else str(counted)


def _in_words(seconds: float) -> str:
    return span_words(timedelta(seconds=seconds))


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
        days = Days(since, until)
        context["figures"] = [_shown(each, days) for each in figures(seen, days.period)]
    return render(request, "figures.html", context, status=200 if is_valid else 422)


def _shown(figure: Figure, days: Days) -> ShownFigure:
    urls = [_list_url(Measured(figure.measure, part, days)) for part in PARTS]
    return ShownFigure(figure, *urls)


def _list_url(measured: Measured) -> str:
    return f"{reverse('cases:list')}?{urlencode({'measured': measured.key})}"


def _months() -> list[tuple[str, str]]:
    """This month and the one before, as links."""
    this = month_of(timezone.localdate())
    last = month_of(this.since - timedelta(days=1))
    return [
        (name, f"?{urlencode({'since': month.since.isoformat(), 'until': month.until.isoformat()})}")
        for name, month in ((_("Last month"), last), (_("This month"), this))
    ]
