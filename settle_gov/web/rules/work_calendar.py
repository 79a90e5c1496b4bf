"""The work calendar: which days of a year are not as the weekday says, and whether all of them are announced."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.policies import can_keep_for_all, can_see_rules
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year, no_day_off, too_early
from cases.services.withdraw_work_calendar_year import withdraw_work_calendar_year
from stakeholders.policies import require
from stakeholders.service_form import ServiceForm
from stakeholders.views.member import MemberRequest, member_required

Kind = WorkCalendarDay.Kind


@dataclass(frozen=True)
class ShownYear:
    """A year with its days, first of January first, as it is looked at now."""

    year: WorkCalendarYear
    days: list[WorkCalendarDay]
    now: datetime

    @property
    def why_not(self) -> str:
        """Why it cannot be confirmed; empty where it can."""
        return too_early(self.year.year, at=self.now) or ("" if self.off else no_day_off(self.year.year))

    @property
    def is_provisional(self) -> bool:
        """Whether deadlines that rest on it are provisional."""
        return not self.year.is_confirmed

    @property
    def off(self) -> int:
        """How many weekdays are off."""
        return sum(day.kind == Kind.OFF for day in self.days)

    @property
    def worked(self) -> int:
        """How many days of weekends are worked."""
        return sum(day.kind == Kind.WORK for day in self.days)


class NothingToSay(ServiceForm):
    """Asks for nothing: the button says it all."""


@require_safe
@member_required
def work_calendar(request: MemberRequest) -> HttpResponse:
    """Show the years from the last one on."""
    return _page(request)


@require_POST
@member_required
def confirm(request: MemberRequest, year: int) -> HttpResponse:
    """Say that the days off of a year are announced and stand as they were."""
    done = _("%(year)d is confirmed; deadlines in it are reckoned again and are provisional no longer.")
    return _do(request, confirm_work_calendar_year, year, done)


@require_POST
@member_required
def withdraw(request: MemberRequest, year: int) -> HttpResponse:
    """Say that this was a mistake."""
    done = _("%(year)d is no longer confirmed; deadlines in it are reckoned again and are provisional.")
    return _do(request, withdraw_work_calendar_year, year, done)


def _do(request: MemberRequest, service: Callable[..., WorkCalendarYear], year: int, done: str) -> HttpResponse:
    found = get_object_or_404(WorkCalendarYear, year=year)
    form = NothingToSay({})
    if form.submit(service, found, by=request.membership):
        messages.success(request, done % {"year": year})
        return redirect("rules:work-calendar")
    return _page(request, form)


def _page(request: MemberRequest, form: ServiceForm | None = None) -> HttpResponse:
    by = request.membership
    require(can_see_rules(by))
    context = {"years": _years(timezone.now()), "may_change": can_keep_for_all(by), "form": form}
    return render(request, "rules/work_calendar.html", context, status=422 if form else 200)


def _years(now: datetime) -> list[ShownYear]:
    """The years from the last one on, whose deadlines may still run."""
    since = timezone.localdate(now).year - 1
    days = WorkCalendarDay.objects.filter(date__year__gte=since).order_by("date")
    of_year = {year: list(found) for year, found in groupby(days, key=lambda day: day.date.year)}
    years = WorkCalendarYear.objects.filter(year__gte=since).order_by("year")
    return [ShownYear(each, of_year.get(each.year, []), now) for each in years]
