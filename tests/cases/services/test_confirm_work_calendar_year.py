"""Confirming a year of the work calendar."""

import json
from datetime import date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year
from cases.services.correct_work_calendar import correct_work_calendar
from cases.services.seed_work_calendar import seed_work_calendar
from cases.work_calendar import load_work_calendar
from cases.worktime import ZONE
from stakeholders.models import Membership
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 16, 9, tzinfo=ZONE)


@pytest.fixture
def keeper() -> Membership:
    return MembershipFactory(administrator=True, user__name="赵敏")


def test_confirm_work_calendar_year_counts_at_once_and_outlives_a_seeding(keeper: Membership) -> None:
    year = WorkCalendarYear.objects.get(year=2027)
    touched = year.updated_at

    confirm_work_calendar_year(year, by=keeper, at=NOVEMBER)
    WorkCalendarDay.objects.filter(date__year=2027).first().delete()

    assert 2027 in load_work_calendar().confirmed_years
    assert seed_work_calendar() == []
    year.refresh_from_db()
    assert "赵敏" in year.source
    assert year.updated_at > touched


def test_confirm_work_calendar_year_is_on_record(keeper: Membership) -> None:
    confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2027), by=keeper, at=NOVEMBER)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_time, entry.object_repr) == (keeper.user, NOVEMBER, "2027")
    assert json.loads(entry.change_message)[0]["what"] == "confirmed"


def test_confirm_work_calendar_year_takes_one_that_nobody_expected(keeper: Membership) -> None:
    WorkCalendarYear.objects.filter(year=2028).delete()
    WorkCalendarDay.objects.filter(date__year=2028).delete()
    year = WorkCalendarYear(year=2028)

    with pytest.raises(ValidationError, match="No day off of 2028 is entered"):
        confirm_work_calendar_year(year, by=keeper, at=NOVEMBER)
    correct_work_calendar(WorkCalendarDay(date=date(2028, 10, 2), kind="off", name="国庆节"), by=keeper)
    confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2028), by=keeper, at=NOVEMBER)

    assert 2028 in load_work_calendar().confirmed_years


def test_confirm_work_calendar_year_does_not_take_days_that_are_worked_for_days_off(keeper: Membership) -> None:
    WorkCalendarDay.objects.filter(date__year=2028).delete()
    correct_work_calendar(WorkCalendarDay(date=date(2028, 10, 8), kind="work", name="国庆节"), by=keeper)

    with pytest.raises(ValidationError, match="No day off of 2028 is entered"):
        confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2028), by=keeper, at=NOVEMBER)


@pytest.mark.parametrize("year", [2029, 2040, 9999, 10000])
def test_confirm_work_calendar_year_refuses_one_that_is_not_announced_yet(keeper: Membership, year: int) -> None:
    found = WorkCalendarYear.objects.filter(year=year).first() or WorkCalendarYear(year=year)

    with pytest.raises(ValidationError, match="not announced yet; 2028 is the last year that may be"):
        confirm_work_calendar_year(found, by=keeper, at=NOVEMBER)
    assert year not in load_work_calendar().confirmed_years


def test_confirm_work_calendar_year_refuses_a_year_that_cannot_be(keeper: Membership) -> None:
    with pytest.raises(ValidationError):
        confirm_work_calendar_year(WorkCalendarYear(year=26), by=keeper, at=NOVEMBER)


def test_confirm_work_calendar_year_leaves_a_confirmed_year_with_its_source(keeper: Membership) -> None:
    year = WorkCalendarYear.objects.filter(status="confirmed").earliest("year")
    source = year.source

    with pytest.raises(ValidationError, match="confirmed already"):
        confirm_work_calendar_year(year, by=keeper)
    year.refresh_from_db()
    assert year.source == source


def test_confirm_work_calendar_year_is_for_administrators_of_the_whole_installation() -> None:
    year, estate = WorkCalendarYear.objects.get(year=2027), EstateFactory()
    EstateFactory()

    for by in (MembershipFactory(administrator=True, area=estate.area), MembershipFactory(coordinator=True)):
        with pytest.raises(PermissionDenied):
            confirm_work_calendar_year(year, by=by, at=NOVEMBER)
    assert 2027 not in load_work_calendar().confirmed_years
