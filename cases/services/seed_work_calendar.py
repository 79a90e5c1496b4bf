"""Fill the work calendar from packages: announced years as they are, the years after them as the law lets expect."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chinese_calendar import constants as announced
from django.db import transaction
from holidays import country_holidays

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.worktime import WEEKDAYS

YEARS_AHEAD = 3

Kind = WorkCalendarDay.Kind
Status = WorkCalendarYear.Status

SOURCES = {Status.CONFIRMED: "chinesecalendar", Status.PROVISIONAL: "holidays"}


@dataclass(frozen=True)
class PackagedYear:
    """A year as a package gives it: its exceptions to Monday to Friday, with kind and Chinese name."""

    year: int
    status: Status
    days: dict[date, tuple[Kind, str]]

    @property
    def source(self) -> str:
        return SOURCES[self.status]


@transaction.atomic
def seed_work_calendar() -> list[int]:
    """Bring the tables up to the packages and return the years that were written; a second run writes none.

    A year in which an administrator has a hand is left alone: one that is confirmed though no package did it, or that
    names another source for itself or for one of its days. Nor does a package that only expects a year take back its
    announcement.
    """
    years = {row.year: row for row in WorkCalendarYear.objects.all()}
    days: dict[int, list[WorkCalendarDay]] = {}
    for row in WorkCalendarDay.objects.all():
        days.setdefault(row.date.year, []).append(row)

    stale = [
        packaged
        for packaged in (*_announced_years(), *_expected_years())
        if _may_write(packaged, years.get(packaged.year), days.get(packaged.year, []))
    ]
    _write(stale)
    return [packaged.year for packaged in stale]


def _may_write(packaged: PackagedYear, year: WorkCalendarYear | None, days: list[WorkCalendarDay]) -> bool:
    if any(day.source not in SOURCES.values() for day in days):
        return False
    if year is None:
        return True
    if year.source != SOURCES[Status(year.status)] or (packaged.status, year.status) == (
        Status.PROVISIONAL,
        Status.CONFIRMED,
    ):
        return False
    return packaged.status != year.status or packaged.days != {day.date: (day.kind, day.name) for day in days}


def _write(years: list[PackagedYear]) -> None:
    # Each write may meet one of another process that seeds at the same time: both write the same.
    wanted = {day: (year.source, *exception) for year in years for day, exception in year.days.items()}
    WorkCalendarDay.objects.filter(date__year__in=[year.year for year in years]).exclude(date__in=wanted).delete()
    WorkCalendarDay.objects.bulk_create(
        [
            WorkCalendarDay(date=day, source=source, kind=kind, name=name)
            for day, (source, kind, name) in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["kind", "name", "source"],
    )
    WorkCalendarYear.objects.bulk_create(
        [WorkCalendarYear(year=year.year, status=year.status, source=year.source) for year in years],
        update_conflicts=True,
        unique_fields=["year"],
        update_fields=["status", "source", "updated_at"],
    )


def _announced_years() -> Iterator[PackagedYear]:
    """The years for which the State Council has published its notice."""
    days = {day: (Kind.OFF, name) for day, name in announced.holidays.items() if day.isoweekday() <= WEEKDAYS}
    days |= {day: (Kind.WORK, name) for day, name in announced.workdays.items() if day.isoweekday() > WEEKDAYS}
    for year in sorted({day.year for day in announced.holidays}):
        of_year = {
            day: (kind, announced.Holiday(name).chinese) for day, (kind, name) in days.items() if day.year == year
        }
        yield PackagedYear(year, Status.CONFIRMED, of_year)


def _expected_years() -> Iterator[PackagedYear]:
    """The next years: statutory holidays, and the days off in lieu of those that fall on a weekend."""
    last = max(announced.holidays).year
    for year in range(last + 1, last + 1 + YEARS_AHEAD):
        statutory = country_holidays("CN", years=year, language="zh_CN")
        of_year = {day: (Kind.OFF, name) for day, name in statutory.items() if day.isoweekday() <= WEEKDAYS}
        yield PackagedYear(year, Status.PROVISIONAL, of_year)
