"""The work calendar: what the packages put into the tables, what they leave alone, and how it is read back."""

from datetime import date, datetime, timedelta

import pytest
from chinese_calendar import constants, is_workday
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from cases.deadlines import due
from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.seed_work_calendar import seed_work_calendar
from cases.work_calendar import load_work_calendar
from cases.worktime import ZONE, Unit

pytestmark = pytest.mark.django_db

FIRST, LAST = min(constants.holidays).year, max(constants.holidays).year


@pytest.fixture
def empty_calendar():
    WorkCalendarYear.objects.all().delete()
    WorkCalendarDay.objects.all().delete()


@pytest.fixture
def seeded(empty_calendar):
    seed_work_calendar()


@pytest.fixture
def announced_until(monkeypatch):
    """An older package: it knows no year after the given one."""

    def cut(last):
        for table in ("holidays", "workdays"):
            known = {day: name for day, name in getattr(constants, table).items() if day.year <= last}
            monkeypatch.setattr(constants, table, known)

    return cut


def rows(model, *fields, **which):
    return sorted(model.objects.filter(**which).values_list(*fields))


def test_seed_writes_announced_years_and_the_three_after_them(empty_calendar):
    written = seed_work_calendar()

    assert written == list(range(FIRST, LAST + 4))
    assert rows(WorkCalendarYear, "year", "status", "source") == [
        *((year, "confirmed", "chinesecalendar") for year in range(FIRST, LAST + 1)),
        *((year, "provisional", "holidays") for year in range(LAST + 1, LAST + 4)),
    ]


def test_seed_agrees_with_the_package_on_every_day(seeded):
    calendar = load_work_calendar()
    length = (date(LAST, 12, 31) - date(FIRST, 1, 1)).days
    days = [date(FIRST, 1, 1) + timedelta(days=offset) for offset in range(length + 1)]

    assert [day for day in days if calendar.is_working_day(day) != is_workday(day)] == []


def test_seed_lists_only_exceptions_to_monday_to_friday(seeded):
    for day in WorkCalendarDay.objects.all():
        day.full_clean(validate_unique=False)


def test_seed_names_the_days_of_2026(seeded):
    assert rows(WorkCalendarDay, "date", "kind", "name", date__range=("2026-02-14", "2026-02-17")) == [
        (date(2026, 2, 14), "work", "春节"),
        (date(2026, 2, 16), "off", "春节"),
        (date(2026, 2, 17), "off", "春节"),
    ]


def test_seed_expects_statutory_days_and_days_in_lieu_after_the_last_announced_year(empty_calendar, announced_until):
    announced_until(2026)

    seed_work_calendar()

    assert rows(WorkCalendarDay, "date", "kind", "name", date__range=("2027-01-01", "2027-02-28")) == [
        (date(2027, 1, 1), "off", "元旦"),
        (date(2027, 2, 5), "off", "农历除夕"),
        (date(2027, 2, 8), "off", "春节"),
        (date(2027, 2, 9), "off", "春节（补假）"),
        (date(2027, 2, 10), "off", "春节（补假）"),
    ]
    found = due(datetime(2026, 12, 11, 9, tzinfo=ZONE), 15, Unit.WORKING_DAY, load_work_calendar())
    assert (found.at, found.is_provisional) == (datetime(2027, 1, 4, 17, 30, tzinfo=ZONE), True)


def test_seed_twice_writes_nothing(seeded):
    before = rows(WorkCalendarYear, "pk", "year", "updated_at"), rows(WorkCalendarDay, "pk", "date")

    assert seed_work_calendar() == []
    assert (rows(WorkCalendarYear, "pk", "year", "updated_at"), rows(WorkCalendarDay, "pk", "date")) == before


def test_seed_confirms_a_year_that_it_only_expected(empty_calendar, announced_until, monkeypatch):
    announced_until(LAST - 1)
    seed_work_calendar()
    expected = rows(WorkCalendarDay, "date", "kind", "name", date__year=LAST)
    assert WorkCalendarYear.objects.get(year=LAST).status == "provisional"

    monkeypatch.undo()

    assert seed_work_calendar() == [LAST, LAST + 3]
    assert WorkCalendarYear.objects.get(year=LAST).status == "confirmed"
    assert rows(WorkCalendarDay, "date", "kind", "name", date__year=LAST) != expected
    calendar = load_work_calendar()
    assert all(
        calendar.is_working_day(day) is is_workday(day)
        for day in (date(LAST, 1, 1) + timedelta(days=offset) for offset in range(365))
    )


def test_seed_does_not_take_back_an_announcement(seeded, announced_until):
    announced_until(LAST - 1)
    before = rows(WorkCalendarDay, "date", "kind", "name", "source")

    assert seed_work_calendar() == []
    assert WorkCalendarYear.objects.get(year=LAST).status == "confirmed"
    assert rows(WorkCalendarDay, "date", "kind", "name", "source") == before


@pytest.mark.parametrize("change", [{"status": "confirmed"}, {"source": "Notice 7"}])
def test_seed_leaves_a_year_that_an_administrator_has_changed(seeded, change):
    WorkCalendarYear.objects.filter(year=LAST + 1).update(**change)
    WorkCalendarDay.objects.filter(date__year=LAST + 1).delete()

    assert seed_work_calendar() == []
    assert not WorkCalendarDay.objects.filter(date__year=LAST + 1).exists()


def test_seed_leaves_a_year_with_a_day_that_an_administrator_has_added(seeded):
    WorkCalendarDay.objects.filter(date__year=LAST).first().delete()
    WorkCalendarDay.objects.create(date=date(LAST, 8, 6), kind="off", name="Flood", source="Town notice 3")

    assert seed_work_calendar() == []
    assert WorkCalendarDay.objects.filter(date=date(LAST, 8, 6)).exists()


def test_seed_leaves_a_day_that_was_entered_before_its_year(empty_calendar):
    WorkCalendarDay.objects.create(date=date(LAST + 1, 8, 6), kind="off", name="Flood", source="Town notice 3")

    assert LAST + 1 not in seed_work_calendar()


def test_seed_mends_a_year_of_its_own(seeded):
    WorkCalendarDay.objects.filter(date__year=LAST).first().delete()

    assert seed_work_calendar() == [LAST]


def test_load_takes_two_queries_and_keeps_the_object_while_nothing_changes(seeded, django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar = load_work_calendar()

    assert load_work_calendar() is calendar
    assert calendar.confirmed_years == frozenset(range(FIRST, LAST + 1))


def test_load_sees_a_correction_at_once(seeded):
    friday = date(2026, 11, 20)
    assert load_work_calendar().is_working_day(friday)

    WorkCalendarDay.objects.create(date=friday, kind="off", name="Flood", source="Town notice 3")

    assert not load_work_calendar().is_working_day(friday)


def test_a_year_without_rows_is_not_confirmed_and_still_gives_a_deadline(empty_calendar):
    found = due(datetime(2026, 11, 20, 9, tzinfo=ZONE), 1, Unit.WORKING_DAY, load_work_calendar())

    assert (found.at, found.is_provisional) == (datetime(2026, 11, 23, 17, 30, tzinfo=ZONE), True)


@pytest.mark.parametrize(("day", "kind"), [(date(2026, 11, 21), "off"), (date(2026, 11, 20), "work")])
def test_a_day_that_repeats_the_plain_week_is_refused_in_forms(day, kind):
    with pytest.raises(ValidationError, match="plain day"):
        WorkCalendarDay(date=day, kind=kind, name="Flood", source="Town notice 3").full_clean()


@pytest.mark.parametrize(
    "row",
    [
        WorkCalendarDay(date=date(2040, 1, 2), kind="half", name="Flood", source="Town notice 3"),
        WorkCalendarYear(year=26, source="Town notice 3"),
        WorkCalendarYear(year=2040, status="guess", source="Town notice 3"),
    ],
)
def test_the_database_refuses_nonsense(row):
    with pytest.raises(IntegrityError):
        row.save()


def test_a_day_whose_date_could_not_be_read_is_refused_for_that_alone():
    with pytest.raises(ValidationError) as refused:
        WorkCalendarDay(date=None, kind="off", name="Flood", source="Town notice 3").full_clean()

    assert list(refused.value.error_dict) == ["date"]


def test_rows_show_themselves_by_date():
    assert str(WorkCalendarYear(year=2026)) == "2026"
    assert str(WorkCalendarDay(date=date(2026, 2, 17), name="春节")) == "2026-02-17 春节"
