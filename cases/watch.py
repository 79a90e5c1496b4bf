"""Reading the clocks of cases: how much time is left, in the kind of time the deadline is counted in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.clocks import CLOCKS
from cases.models import Case, DeadlineRule
from cases.wording import span_words, work_words
from cases.work_calendar import load_work_calendar
from cases.worktime import Unit, WorkCalendar

# What stops a clock
STOPS = {
    DeadlineRule.Clock.SIGN: "signed_at",
    DeadlineRule.Clock.CONTACT: "contacted_at",
    DeadlineRule.Clock.RESOLVE: "resolved_at",
}
IN_WORKING_TIME = frozenset({Unit.WORK_HOUR, Unit.WORKING_DAY})

Tone = Literal["", "soon", "over", "late", "done", "pause"]


@dataclass(frozen=True)
class Reading:
    """How one clock of a case stands: what to show, and how urgently."""

    tone: Tone
    text: str
    due_at: datetime | None = None
    is_provisional: bool = False


@dataclass(frozen=True)
class Watch:
    """This moment and the working calendar: made once a page, it reads any number of clocks."""

    now: datetime
    calendar: WorkCalendar

    @classmethod
    def at_this_moment(cls) -> "Watch":
        """Look at the clock and load the calendar, in two queries."""
        return cls(timezone.now(), load_work_calendar())

    def read(self, case: Case, clock: DeadlineRule.Clock = DeadlineRule.Clock.RESOLVE) -> Reading | None:
        """How a clock stands; None when the case has no such deadline (any more)."""
        due_at: datetime | None = getattr(case, CLOCKS[clock])
        if case.stage == Case.Stage.ON_HOLD:
            return Reading("pause", _("On hold"), due_at)
        if due_at is None or case.stage == Case.Stage.VOID:
            return None
        stopped_at: datetime | None = getattr(case, STOPS[clock])
        told = self._running(case, clock, due_at) if stopped_at is None else self._stopped(case, clock, stopped_at)
        provisional = stopped_at is None and bool(case.deadlines.get(clock, {}).get("provisional"))
        return Reading(*told, due_at, provisional)

    def left_today(self) -> timedelta:
        """How much working time is left today."""
        today = self.calendar.localize(self.now).date()
        left = self.calendar.work_time_between(self.now, self.calendar.close_of_business(today))
        return max(left, timedelta())

    def worked(self, since: datetime, until: datetime | None) -> timedelta:
        """The working time of a period, which may still run."""
        return self.calendar.work_time_between(since, until or self.now)

    def _running(self, case: Case, clock: DeadlineRule.Clock, due_at: datetime) -> tuple[Tone, str]:
        if self.now > due_at:
            return "over", _("Overdue by %(span)s") % {"span": self._words(case, clock, due_at, self.now)}
        text = _("%(span)s left") % {"span": self._words(case, clock, self.now, due_at)}
        return ("soon" if self._is_soon(case, clock, due_at) else ""), text

    def _stopped(self, case: Case, clock: DeadlineRule.Clock, at: datetime) -> tuple[Tone, str]:
        due_at: datetime = getattr(case, CLOCKS[clock])
        if at > due_at:
            return "late", _("Late by %(span)s") % {"span": self._words(case, clock, due_at, at)}
        return "done", _("In time, %(span)s early") % {"span": self._words(case, clock, at, due_at)}

    def _is_soon(self, case: Case, clock: DeadlineRule.Clock, due_at: datetime) -> bool:
        """Less than a day is left: a working day where working time is counted."""
        if _unit(case, clock) in IN_WORKING_TIME:
            return self.calendar.work_time_between(self.now, due_at) <= self.calendar.working_day_length
        return due_at - self.now <= timedelta(days=1)

    def _words(self, case: Case, clock: DeadlineRule.Clock, start: datetime, end: datetime) -> str:
        if _unit(case, clock) in IN_WORKING_TIME:
            return work_words(self.calendar.work_time_between(start, end), self.calendar)
        return span_words(end - start)


def _unit(case: Case, clock: DeadlineRule.Clock) -> Unit:
    return Unit(case.deadlines.get(clock, {}).get("unit", Unit.HOUR))
