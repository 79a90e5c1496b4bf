"""Chance and time in the demo: how likely something is, and how long people take for it."""

from collections.abc import Generator
from datetime import datetime, timedelta
from random import Random

from cases.models import Case
from cases.worktime import WorkCalendar
from stakeholders.models.need import Urgency

Scene = Generator[datetime, None, datetime]  # a part of a story: returns the moment at which it ended

AROUND_THE_CLOCK = (Urgency.EMERGENCY, Urgency.URGENT)
DAY = 420  # minutes of working time


class Pace:
    """What chance has and when people get round to things."""

    def __init__(self, calendar: WorkCalendar, chance: Random) -> None:
        self.calendar, self.chance = calendar, chance

    def happens(self, likelihood: float) -> bool:
        return self.chance.random() < likelihood

    def in_office(self, at: datetime, least: int, most: int) -> datetime:
        """Some minutes of working time later."""
        return self.calendar.add_work_time(at, timedelta(seconds=self.chance.randint(least * 60, most * 60)))

    def later(self, case: Case, at: datetime, least: int, most: int) -> datetime:
        """Some minutes of working time later; an urgent matter goes faster, and by the clock on the wall."""
        if case.urgency in AROUND_THE_CLOCK:
            return at + timedelta(seconds=self.chance.randint(least * 20, most * 20))
        return self.in_office(at, least, most)

    def when_decided(self, case: Case, at: datetime) -> datetime:
        if case.urgency in AROUND_THE_CLOCK:
            return self.later(case, at, 45, 360)
        if case.responsibility == Case.Responsibility.MULTI_HEAD:
            return self.in_office(at, 60, 4 * DAY)
        return self.in_office(at, 90, 4 * DAY) if self.happens(0.7) else self.in_office(at, 4 * DAY, 20 * DAY)

    def when_done(self, case: Case, at: datetime, *, is_late: bool) -> datetime:
        """Before the deadline, or some time after it; who gets a case late does it as soon as possible."""
        due_at = case.resolve_due_at or at
        if is_late or at >= due_at:
            delay = 2 * DAY if self.happens(0.6) else 7 * DAY
            return self.later(case, max(at, due_at), 40, delay)
        if case.urgency in AROUND_THE_CLOCK:
            return at + (due_at - at) * self.chance.uniform(0.1, 0.8)
        left = self.calendar.work_time_between(at, due_at) * self.chance.uniform(0.3, 0.97)
        return self.calendar.add_work_time(at, max(left, timedelta(minutes=1)))
