"""When a period ends, and why then. Pure.

The day of the event is not counted (Civil Code §201); a last day that is a day off rolls forward to the next working
day (§203); make-up working days count; what is counted in days ends at the close of business of its last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from cases.terms import Change, Extension, Term
from cases.worktime import IN_WORKING_TIME, Unit, WorkCalendar

SOON = 4  # the last of so many parts of the whole span counts as "due soon"


class Step(StrEnum):
    """One line of the arithmetic, with the keys it carries beside `step`."""

    START = "start"  # at
    AMOUNT = "amount"  # amount, unit
    COUNT_FROM = "count_from"  # date: the first day that counts · at: the opening from which work hours run
    PASSED_OVER = "passed_over"  # days_off: how many were not counted · make_up_days: dates of weekends that were
    LAST_DAY = "last_day"  # date
    ROLLED_FORWARD = "rolled_forward"  # date: the working day that stands in for a last day off
    END = "end"  # at: the instant itself, or the close of business of the last day
    EXTENDED = "extended"  # at: when it was granted · amount, unit: absent where an end was named · end: the new one
    PAUSED = "paused"  # since, until · end: the new one
    PROVISIONAL = "provisional"  # year: the first one on the way whose days off are not announced


Line = dict[str, str | int | list[str]]


@dataclass(frozen=True)
class Due:
    """A deadline that explains itself.

    It is provisional when it depends on a year whose days off are not announced: for working days and work hours that
    is the year of any day looked at on the way, for calendar days that of the last day and of those it rolls over.
    Hours never ask the calendar.

    It counts as due soon in the last quarter of the whole span from start to end, at most one day: measured in working
    time, and by the working day, for working days and work hours.
    """

    at: datetime
    is_provisional: bool
    steps: tuple[Line, ...]
    soon_at: datetime


def due(start: datetime, amount: int, unit: Unit, calendar: WorkCalendar) -> Due:
    """The end of a period that an event at `start` sets running. Raises what `reckon` does."""
    return reckon(Term(start, amount, unit), calendar)


def reckon(term: Term, calendar: WorkCalendar) -> Due:
    """The end of a term, after all its changes in their order.

    An extension moves the deadline reached so far: its amount is counted on from there, as from an event at that
    moment; a named end replaces it, but never makes it earlier. A finished pause lets what was left when it began run
    on from its end; a deadline that had passed by then stays as it is, for a hold never heals lateness. A pause that
    still runs changes nothing yet.

    Raises ValueError for an amount below one, a moment without offset, and an end past the year 9999.
    """
    try:
        start = calendar.localize(term.start)
        end, asked, arithmetic = _RECKONERS[term.unit](start, term.amount, calendar)
        years = set(asked)
        for change in term.changes:
            end, asked, lines = _changed(end, change, term.unit, calendar)
            years.update(asked)
            arithmetic += lines
        soon_at = _soon_at(start, end, term.unit, calendar)
    except OverflowError as error:
        raise ValueError("The period ends past the year 9999.") from error
    unannounced = min(years - calendar.confirmed_years, default=None)
    if unannounced is not None:
        arithmetic.append({"step": Step.PROVISIONAL, "year": unannounced})
    given: list[Line] = [_at(Step.START, start), {"step": Step.AMOUNT, "amount": term.amount, "unit": term.unit}]
    return Due(end, unannounced is not None, (*given, *arithmetic), soon_at)


def _soon_at(start: datetime, end: datetime, unit: Unit, calendar: WorkCalendar) -> datetime:
    if unit in IN_WORKING_TIME:
        ahead = min(calendar.work_time_between(start, end) / SOON, calendar.working_day_length)
        return calendar.subtract_work_time(end, ahead)
    return _later(end, -min(_span(start, end) / SOON, timedelta(days=1)), calendar)


# How each unit is reckoned: the end, the years whose days off it depends on, and the arithmetic
_Reckoning = tuple[datetime, Iterable[int], list[Line]]


def _hours(start: datetime, amount: int, calendar: WorkCalendar) -> _Reckoning:
    end = _later(start, timedelta(hours=amount), calendar)
    return end, (), [_at(Step.END, end)]


def _work_hours(start: datetime, amount: int, calendar: WorkCalendar) -> _Reckoning:
    opening = calendar.opening(start)
    end = calendar.add_work_time(start, timedelta(hours=amount))
    lines = [] if opening == start else [_at(Step.COUNT_FROM, opening)]
    lines += _passed_over(opening.date(), end.date(), calendar)
    return end, _years(start, end), [*lines, _at(Step.END, end)]


def _working_days(start: datetime, amount: int, calendar: WorkCalendar) -> _Reckoning:
    today = start.date()
    first, last = calendar.add_working_days(today, 1), calendar.add_working_days(today, amount)
    lines = [_on(Step.COUNT_FROM, first), *_passed_over(today, last, calendar)]
    if last != first:
        lines.append(_on(Step.LAST_DAY, last))
    end = calendar.close_of_business(last)
    return end, _years(today + timedelta(days=1), last), [*lines, _at(Step.END, end)]


def _calendar_days(start: datetime, amount: int, calendar: WorkCalendar) -> _Reckoning:
    first, last = start.date() + timedelta(days=1), start.date() + timedelta(days=amount)
    stand_in = calendar.roll_forward(last)
    lines = [_on(Step.COUNT_FROM, first)]
    if last != first:
        lines.append(_on(Step.LAST_DAY, last))
    if stand_in != last:
        lines.append(_on(Step.ROLLED_FORWARD, stand_in))
    end = calendar.close_of_business(stand_in)
    return end, _years(last, stand_in), [*lines, _at(Step.END, end)]


_RECKONERS = {
    Unit.HOUR: _hours,
    Unit.WORK_HOUR: _work_hours,
    Unit.WORKING_DAY: _working_days,
    Unit.CALENDAR_DAY: _calendar_days,
}


# What changes the deadline reached so far


def _changed(end: datetime, change: Change, unit: Unit, calendar: WorkCalendar) -> _Reckoning:
    if isinstance(change, Extension):
        return _extended(end, change, calendar)
    if change.until is None:
        return end, (), []
    return _resumed(end, calendar.localize(change.since), calendar.localize(change.until), unit, calendar)


def _extended(end: datetime, granted: Extension, calendar: WorkCalendar) -> _Reckoning:
    line: Line = {"step": Step.EXTENDED, "at": calendar.localize(granted.at).isoformat()}
    asked: Iterable[int] = ()
    if granted.until is not None:
        end = max(end, calendar.localize(granted.until))
    if granted.amount is not None and granted.unit is not None:
        end, asked, _ = _RECKONERS[granted.unit](end, granted.amount, calendar)
        line |= {"amount": granted.amount, "unit": granted.unit}
    return end, asked, [line | {"end": end.isoformat()}]


def _resumed(end: datetime, since: datetime, until: datetime, unit: Unit, calendar: WorkCalendar) -> _Reckoning:
    asked: Iterable[int] = ()
    if since < end:
        # As much later as the pause took, in the unit of the term, leaves as much after it as there was before it.
        end, asked = _SHIFTS[unit](end, since, until, calendar)
        if end <= until:  # less than a day was left, and in days that is none: it is not lost, nor was it a full one
            end = _next_close(until, calendar)
            asked = (*asked, *_years(until, end))
    line: Line = {"step": Step.PAUSED, "since": since.isoformat(), "until": until.isoformat(), "end": end.isoformat()}
    return end, asked, [line]


# How much later an end is after a pause, and the years whose days off that depends on
_Shift = tuple[datetime, Iterable[int]]


def _shift_hours(end: datetime, since: datetime, until: datetime, calendar: WorkCalendar) -> _Shift:
    return _later(end, _span(since, until), calendar), ()


def _shift_work_hours(end: datetime, since: datetime, until: datetime, calendar: WorkCalendar) -> _Shift:
    if paused := calendar.work_time_between(since, until):
        end = calendar.add_work_time(end, paused)
    return end, _years(since, end)


def _shift_working_days(end: datetime, since: datetime, until: datetime, calendar: WorkCalendar) -> _Shift:
    last = end.date()
    if paused := calendar.working_days_between(since.date(), until.date()):
        last = calendar.add_working_days(last, paused)
    return _same_time(end, last), _years(since, last)


def _shift_calendar_days(end: datetime, since: datetime, until: datetime, calendar: WorkCalendar) -> _Shift:
    paused = until.date() - since.date()
    last = end.date() + paused
    stand_in = calendar.roll_forward(last) if paused else last
    return _same_time(end, stand_in), _years(last, stand_in)


_SHIFTS = {
    Unit.HOUR: _shift_hours,
    Unit.WORK_HOUR: _shift_work_hours,
    Unit.WORKING_DAY: _shift_working_days,
    Unit.CALENDAR_DAY: _shift_calendar_days,
}


def _next_close(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The first close of business after a moment."""
    close = calendar.close_of_business(calendar.roll_forward(moment.date()))
    return close if close > moment else calendar.close_of_business(calendar.add_working_days(moment.date(), 1))


def _same_time(moment: datetime, day: date) -> datetime:
    return datetime.combine(day, moment.time(), moment.tzinfo)


def _later(moment: datetime, span: timedelta, calendar: WorkCalendar) -> datetime:
    # Through UTC: adding to a local time moves the hands of the clock, which is not the same when they are put back.
    return (moment.astimezone(UTC) + span).astimezone(calendar.zone)


def _span(start: datetime, end: datetime) -> timedelta:
    return end.astimezone(UTC) - start.astimezone(UTC)


def _passed_over(start: date, end: date, calendar: WorkCalendar) -> list[Line]:
    """The days off after `start`, up to and including `end`, and the weekend days that were worked among them."""
    days_off = (end - start).days - calendar.working_days_between(start, end)
    if not days_off:
        return []
    worked = [day.isoformat() for day in calendar.weekend_days_worked(start, end)]
    return [{"step": Step.PASSED_OVER, "days_off": days_off, "make_up_days": worked}]


def _years(first: date, last: date) -> range:
    return range(first.year, last.year + 1)


def _at(step: Step, moment: datetime) -> Line:
    return {"step": step, "at": moment.isoformat()}


def _on(step: Step, day: date) -> Line:
    return {"step": step, "date": day.isoformat()}
