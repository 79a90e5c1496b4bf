"""Reading the clocks of cases: how much time is left, in the kind of time the deadline is counted in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.clocks import CLOCKS, STOPS
from cases.models import Case, DeadlineRule
from cases.rulebook import Rulebook
from cases.wording import span_words, work_words
from cases.worktime import IN_WORKING_TIME, WorkCalendar

Tone = Literal["", "soon", "over", "late", "done", "pause"]


@dataclass(frozen=True)
class Reading:
    """How one clock of a case stands: in how few words, how urgent, and by how much where there is room to say it."""

    tone: Tone
    text: str
    long_text: str
    due_at: datetime | None
    is_provisional: bool = False


@dataclass(frozen=True)
class Watch:
    """This moment and the working calendar: made once a page, it reads any number of clocks."""

    now: datetime
    calendar: WorkCalendar

    @classmethod
    def at_this_moment(cls) -> "Watch":
        """Look at the clock and take the calendar, in one query."""
        return cls(timezone.now(), Rulebook().calendar)

    def read(self, case: Case, clock: DeadlineRule.Clock = DeadlineRule.Clock.RESOLVE) -> Reading | None:
        """How a clock stands; None when the case has no such deadline (any more)."""
        due_at: datetime | None = getattr(case, CLOCKS[clock])
        stopped_at: datetime | None = getattr(case, STOPS[clock])
        if case.stage == Case.Stage.ON_HOLD and stopped_at is None:
            return Reading("pause", _("On hold"), _("On hold"), due_at)
        if due_at is None or case.stage == Case.Stage.VOID:
            return None
        written = case.deadlines.get(clock, {})
        measure = _Measure(self.calendar if written.get("unit") in IN_WORKING_TIME else None)
        if stopped_at is not None:
            return _stopped(measure, due_at, stopped_at)
        soon_at = _soon_at(case, clock, written)
        is_soon = self.now >= soon_at if soon_at else measure.span(self.now, due_at) <= measure.day
        return _running(measure, due_at, self.now, is_soon=is_soon, is_provisional=bool(written.get("provisional")))

    def left_today(self) -> timedelta:
        """How much working time is left today."""
        today = self.calendar.localize(self.now).date()
        left = self.calendar.work_time_between(self.now, self.calendar.close_of_business(today))
        return max(left, timedelta())

    def worked(self, since: datetime, until: datetime | None) -> timedelta:
        """The working time of a period, which may still run."""
        return self.calendar.work_time_between(since, until or self.now)


@dataclass(frozen=True)
class _Measure:
    """The kind of time a deadline is counted in: working time by a calendar, or all time."""

    calendar: WorkCalendar | None

    @property
    def day(self) -> timedelta:
        return self.calendar.working_day_length if self.calendar else timedelta(days=1)

    def span(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.work_time_between(start, end) if self.calendar else end - start

    def words(self, span: timedelta) -> str:
        return work_words(span, self.calendar) if self.calendar else span_words(span)


def _soon_at(case: Case, clock: DeadlineRule.Clock, written: dict[str, Any]) -> datetime | None:
    """From when a clock counts as due soon, as it was written; None for what was written before that was."""
    if clock == DeadlineRule.Clock.RESOLVE:
        return case.due_soon_at
    return datetime.fromisoformat(written["soon_at"]) if "soon_at" in written else None


def _running(measure: _Measure, due_at: datetime, now: datetime, *, is_soon: bool, is_provisional: bool) -> Reading:
    tone: Tone
    if now > due_at:
        over = measure.span(due_at, now)
        # At night and on days off no working time passes: then it is over, but by nothing one could count.
        tone, text = "over", _("Overdue by %(span)s") % {"span": measure.words(over)} if over else _("Overdue")
    else:
        tone = "soon" if is_soon else ""
        text = _("%(span)s left") % {"span": measure.words(measure.span(now, due_at))}
    return Reading(tone, text, text, due_at, is_provisional)


def _stopped(measure: _Measure, due_at: datetime, at: datetime) -> Reading:
    if at > due_at:
        text = _("Late by %(span)s") % {"span": measure.words(measure.span(due_at, at))}
        return Reading("late", text, text, due_at)
    early = measure.words(measure.span(at, due_at))
    return Reading("done", _("In time"), _("In time, %(span)s early") % {"span": early}, due_at)
