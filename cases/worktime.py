"""Working time: which days are worked, and how much business time lies between two moments. Pure.

A calendar is the plain week (Monday to Friday) with exceptions. Counting the worked days of plain weeks is arithmetic
and counting exceptions is a binary search, so a stretch of ten years costs no more than one of ten days.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
BUSINESS_HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))

WEEKDAYS = 5  # Monday to Friday
_ORDINALS = range(date.max.toordinal() + 1)  # 0 stands for the day before the first: nothing is worked yet
_NOTHING = timedelta()


class Unit(StrEnum):
    """What a period is counted in: the law uses all four, and no two are synonyms."""

    HOUR = "hour"
    WORK_HOUR = "work_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


IN_WORKING_TIME = frozenset({Unit.WORK_HOUR, Unit.WORKING_DAY})  # spans of these are measured in working time


@dataclass(frozen=True, eq=False)  # equal by identity, so that results can be cached per calendar
class WorkCalendar:
    """The days off and the business hours of the offices.

    Moments are aware, and days are days of `zone`, never of UTC. An exception that repeats the plain week (a Sunday
    off) changes nothing. Years outside `confirmed_years` are reckoned like any other; who relies on one must say so.
    """

    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    confirmed_years: frozenset[int] = frozenset()
    hours: tuple[tuple[time, time], ...] = BUSINESS_HOURS
    zone: ZoneInfo = ZONE

    def __post_init__(self) -> None:
        if self.days_off & self.make_up_days:
            raise ValueError("A date is either a day off or a make-up day, not both.")
        edges = [edge for window in self.hours for edge in window]
        if not edges or any(earlier >= later for earlier, later in pairwise(edges)):
            raise ValueError("Business hours must follow one another without overlap.")

    # Days

    def is_working_day(self, day: date) -> bool:
        return day in self.make_up_days or (day.isoweekday() <= WEEKDAYS and day not in self.days_off)

    def roll_forward(self, day: date) -> date:
        """The day itself if it is worked, else the next working day."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted.

        Raises ValueError for a count below one, OverflowError past the year 9999.
        """
        if count < 1:
            raise ValueError("The count of working days must be positive.")
        return _nth_working_day(self, self._worked_through(day.toordinal()) + count)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days follow `start`, up to and including `end`."""
        return self._worked_through(end.toordinal()) - self._worked_through(start.toordinal())

    def weekend_days_worked(self, start: date, end: date) -> list[date]:
        """The make-up days that follow `start`, up to and including `end`."""
        worked = self._weekend_days_worked
        between = slice(bisect_right(worked, start.toordinal()), bisect_right(worked, end.toordinal()))
        return [date.fromordinal(ordinal) for ordinal in worked[between]]

    def close_of_business(self, day: date) -> datetime:
        return datetime.combine(day, self.hours[-1][1], self.zone)

    # Moments

    def localize(self, moment: datetime) -> datetime:
        """The moment in the zone of the offices. Raises ValueError if it has no offset."""
        if moment.utcoffset() is None:
            raise ValueError("A moment needs an offset from UTC.")
        return moment.astimezone(self.zone)

    def work_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from `start` to `end`; negative when `end` is the earlier one."""
        return self._work_time_until(end) - self._work_time_until(start)

    def add_work_time(self, start: datetime, duration: timedelta) -> datetime:
        """The moment when `duration` of business time has passed since `start`.

        What uses up a morning or a day ends at its close, not at the next opening. Raises ValueError for a duration
        that is not positive, OverflowError past the year 9999.
        """
        if duration <= _NOTHING:
            raise ValueError("The work time must be positive.")
        days, rest = divmod(self._work_time_until(start) + duration, self.working_day_length)
        if not rest:
            days, rest = days - 1, self.working_day_length
        clock = self._windows[0][0] + rest
        for (_, closes), (opens, _) in pairwise(self._windows):
            if clock > closes:
                clock += opens - closes
        return datetime.combine(_nth_working_day(self, days + 1), time(), self.zone) + clock

    def subtract_work_time(self, end: datetime, duration: timedelta) -> datetime:
        """The last moment from which `duration` of business time is still to pass until `end`.

        What takes up a morning or a day begins at its opening, not at the close before. Raises ValueError for a
        duration that is not positive, OverflowError before the year 1.
        """
        if duration <= _NOTHING:
            raise ValueError("The work time must be positive.")
        left = self._work_time_until(end) - duration
        if left < _NOTHING:
            raise OverflowError("That moment lies before the year 1.")
        days, rest = divmod(left, self.working_day_length)
        clock = self._windows[0][0] + rest
        for (_, closes), (opens, _) in pairwise(self._windows):
            if clock >= closes:
                clock += opens - closes
        return datetime.combine(_nth_working_day(self, days + 1), time(), self.zone) + clock

    def opening(self, moment: datetime) -> datetime:
        """The moment itself inside business hours, else the next opening."""
        return self.add_work_time(moment, timedelta.resolution) - timedelta.resolution

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies inside business hours, their close excluded."""
        return self.opening(moment) == moment

    def next_morning(self, moment: datetime) -> datetime:
        """The moment when the next working day opens: the same day's if that is still to come."""
        today = self.localize(moment).date()
        opens = self.opening(datetime.combine(today, time(), self.zone))
        return opens if moment <= opens else self.opening(self.close_of_business(today))

    @cached_property
    def working_day_length(self) -> timedelta:
        return sum((closes - opens for opens, closes in self._windows), _NOTHING)

    # Counting from the beginning of time

    def _worked_through(self, ordinal: int) -> int:
        """The number of working days up to and including a day."""
        weeks, rest = divmod(ordinal, 7)  # ordinal 1 is a Monday
        plain = weeks * WEEKDAYS + min(rest, WEEKDAYS)
        return plain - bisect_right(self._weekdays_off, ordinal) + bisect_right(self._weekend_days_worked, ordinal)

    def _work_time_until(self, moment: datetime) -> timedelta:
        local = self.localize(moment)
        total = self._worked_through(local.toordinal() - 1) * self.working_day_length
        if self.is_working_day(local.date()):
            clock = _since_midnight(local.time())
            for opens, closes in self._windows:
                total += max(min(clock, closes) - opens, _NOTHING)
        return total

    @cached_property
    def _weekdays_off(self) -> list[int]:
        return sorted(day.toordinal() for day in self.days_off if day.isoweekday() <= WEEKDAYS)

    @cached_property
    def _weekend_days_worked(self) -> list[int]:
        return sorted(day.toordinal() for day in self.make_up_days if day.isoweekday() > WEEKDAYS)

    @cached_property
    def _windows(self) -> list[tuple[timedelta, timedelta]]:
        return [(_since_midnight(opens), _since_midnight(closes)) for opens, closes in self.hours]


@lru_cache(maxsize=8192)  # deadlines of many cases fall on few days; a day of work for 30 years fits
def _nth_working_day(calendar: WorkCalendar, number: int) -> date:
    """The n-th working day of all time."""
    if number > calendar._worked_through(_ORDINALS[-1]):
        raise OverflowError("That working day lies past the year 9999.")
    # As if all make-up days came before it, and as if all days off did: it lies between the two.
    earliest = max(_nth_weekday(number - len(calendar._weekend_days_worked)), 0)
    latest = min(_nth_weekday(number + len(calendar._weekdays_off)), _ORDINALS[-1])
    return date.fromordinal(bisect_left(_ORDINALS, number, earliest, latest, key=calendar._worked_through))


def _nth_weekday(number: int) -> int:
    """The ordinal of the n-th day from Monday to Friday."""
    weeks, rest = divmod(number - 1, WEEKDAYS)
    return weeks * 7 + rest + 1


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
