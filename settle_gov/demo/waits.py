"""Parts of the stories in which a case waits: for more time, or for money."""

from datetime import datetime
from random import Random

from cases.models import Case
from cases.more_time import EXTENSION_AT_MOST
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.resume_case import resume_case
from cases.worktime import WorkCalendar
from settle_gov.demo import words
from settle_gov.demo.pace import DAY, Pace, Scene
from settle_gov.demo.people import Cast


class Waits(Pace):
    """Tells how people ask for more time and whether they get it."""

    def __init__(self, cast: Cast, calendar: WorkCalendar, chance: Random) -> None:
        super().__init__(calendar, chance)
        self.cast = cast

    def need_more_time(self, case: Case, at: datetime) -> Scene:
        """Some ask for more time, and not all get it; some wait for money."""
        due_at = case.resolve_due_at
        if self.happens(0.05):
            at = yield from self.set_aside(case, at, days=self.chance.randint(3, 9))
            yield (at := self.in_office(at, 2 * DAY, 3 * DAY))
            resume_case(case, reason=words.GO_ON, by=self.cast.handler(case), at=at)
        elif self.happens(0.1) and due_at is not None and case.urgency in EXTENSION_AT_MOST and at < due_at:
            extend_case(
                case,
                reason=self.chance.choice(words.MORE_TIME),
                amount=2,
                unit="working_day",
                by=self.cast.handler(case),
                at=at,
            )
            yield (at := self.in_office(at, 20, 120))
            grant = self.happens(0.7)
            reason = words.GRANTED if grant else words.REFUSED
            decide_extension(case, grant=grant, reason=reason, by=self.cast.coordinator, at=at)
        case.refresh_from_db()
        return at

    def set_aside(self, case: Case, at: datetime, *, days: int) -> Scene:
        """The party asks to put the case on hold, and the coordinator agrees."""
        until = self.calendar.close_of_business(self.calendar.add_working_days(at.date(), days))
        hold_case(case, reason=words.ON_HOLD, until=until, by=self.cast.handler(case), at=at)
        yield (at := self.in_office(at, 30, 120))
        decide_hold(case, grant=True, reason=words.HOLD_GRANTED, by=self.cast.coordinator, at=at)
        return at
