"""When a period ends, and why then. Pure.

The day of the event is not counted (Civil Code §201); a last day that is a day off rolls forward to the next working
day (§203); make-up working days count; what is counted in days ends at the close of business of its last day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from cases.worktime import Unit, WorkCalendar


class Step(StrEnum):
    """One line of the arithmetic, with the keys it carries beside `step`."""

    START = "start"  # at
    AMOUNT = "amount"  # amount, unit
    COUNT_FROM = "count_from"  # date: the first day that counts · at: the opening from which work hours run
    PASSED_OVER = "passed_over"  # days_off: how many were not counted · make_up_days: dates of weekends that were
    LAST_DAY = "last_day"  # date
    ROLLED_FORWARD = "rolled_forward"  # date: the working day that stands in for a last day off
    END = "end"  # at: the instant itself, or the close of business of the last day
    PROVISIONAL = "provisional"  # year: the first one on the way whose days off are not announced


Line = dict[str, str | int | list[str]]


@dataclass(frozen=True)
class Due:
    """A deadline that explains itself.

    It is provisional when it depends on a year whose days off are not announced: for working days and work hours that
    is the year of any day looked at on the way, for calendar days that of the last day and of those it rolls over.
    Hours never ask the calendar.
    """

    at: datetime
    is_provisional: bool
    steps: tuple[Line, ...]


def due(start: datetime, amount: int, unit: Unit, calendar: WorkCalendar) -> Due:
    """The end of a period that an event at `start` sets running.

    Raises ValueError for an amount below one, a start without offset, and an end past the year 9999.
    """
    if amount < 1:
        raise ValueError("A period must be positive.")
    try:
        local = calendar.localize(start)
        at, asked, arithmetic = _RECKONERS[unit](local, amount, calendar)
    except OverflowError as error:
        raise ValueError("The period ends past the year 9999.") from error
    unannounced = next((year for year in asked if year not in calendar.confirmed_years), None)
    if unannounced is not None:
        arithmetic.append({"step": Step.PROVISIONAL, "year": unannounced})
    given: list[Line] = [_at(Step.START, local), {"step": Step.AMOUNT, "amount": amount, "unit": unit}]
    return Due(at, unannounced is not None, (*given, *arithmetic))


# How each unit is reckoned: the end, the years whose days off it depends on, and the arithmetic
_Reckoning = tuple[datetime, range, list[Line]]


def _hours(start: datetime, amount: int, calendar: WorkCalendar) -> _Reckoning:
    # Through UTC: adding to a local time moves the hands of the clock, which is not the same when they are put back.
    end = (start.astimezone(UTC) + timedelta(hours=amount)).astimezone(calendar.zone)
    return end, range(0), [_at(Step.END, end)]


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
