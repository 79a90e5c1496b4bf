"""Putting a case on hold and taking it off again: what both ways to it share."""

from copy import copy, deepcopy
from datetime import datetime

from cases import bookkeeping, clocks, more_time
from cases.models import Case, CaseEvent, TimeRequest
from cases.worktime import WorkCalendar

FIELDS = ("stage", "hold_until", "asked", *clocks.FIELDS)


def begin_hold(case: Case, request: TimeRequest, *, at: datetime) -> None:
    """Stop the clocks until the moment that was granted, and write the history."""
    clocks.pause(case, at=at)
    case.stage, case.hold_until = Case.Stage.ON_HOLD, request.until
    bookkeeping.enter(case, more_time.decided_line(request, CaseEvent.Kind.HELD), at=at, changed=FIELDS)


def deadline_after(case: Case, calendar: WorkCalendar, *, since: datetime, until: datetime) -> datetime | None:
    """The deadline to resolve as it would be after a hold; the case stays as it is."""
    trial = copy(case)
    trial.deadlines = deepcopy(case.deadlines)
    clocks.pause(trial, at=since)
    clocks.resume(trial, calendar, at=until)
    return trial.resolve_due_at
