"""The work calendar of the office, read from its tables."""

from datetime import date
from functools import lru_cache

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.worktime import WorkCalendar


def load_work_calendar() -> WorkCalendar:
    """Read the calendar as it stands now, in two queries; use cases take it from their `Rulebook`.

    The same content gives the same object, so that what was reckoned with it stays cached.
    """
    confirmed = WorkCalendarYear.objects.filter(status=WorkCalendarYear.Status.CONFIRMED)
    return _calendar(
        frozenset(WorkCalendarDay.objects.order_by().values_list("date", "kind")),
        frozenset(confirmed.order_by().values_list("year", flat=True)),
    )


@lru_cache(maxsize=4)
def _calendar(exceptions: frozenset[tuple[date, str]], confirmed_years: frozenset[int]) -> WorkCalendar:
    return WorkCalendar(
        days_off=frozenset(day for day, kind in exceptions if kind == WorkCalendarDay.Kind.OFF),
        make_up_days=frozenset(day for day, kind in exceptions if kind == WorkCalendarDay.Kind.WORK),
        confirmed_years=confirmed_years,
    )
