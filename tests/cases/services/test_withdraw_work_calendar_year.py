"""Taking back that a year of the work calendar is confirmed."""

import json
from datetime import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year
from cases.services.seed_work_calendar import seed_work_calendar
from cases.services.withdraw_work_calendar_year import withdraw_work_calendar_year
from cases.work_calendar import load_work_calendar
from cases.worktime import ZONE
from stakeholders.models import Membership
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 16, 9, tzinfo=ZONE)


@pytest.fixture
def keeper() -> Membership:
    return MembershipFactory(administrator=True, user__name="赵敏")


def test_withdraw_work_calendar_year_counts_at_once_and_is_on_record(keeper: Membership) -> None:
    year = confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2027), by=keeper, at=NOVEMBER)
    days, touched = set(WorkCalendarDay.objects.all()), year.updated_at

    withdraw_work_calendar_year(year, by=keeper, at=NOVEMBER)

    assert 2027 not in load_work_calendar().confirmed_years
    assert set(WorkCalendarDay.objects.all()) == days
    year.refresh_from_db()
    assert year.updated_at > touched  # so that open deadlines follow
    told = [json.loads(each.change_message)[0]["what"] for each in LogEntry.objects.order_by("pk")]
    assert told == ["confirmed", "withdrawn"]


def test_withdraw_work_calendar_year_outlives_a_seeding_and_can_be_confirmed_again(keeper: Membership) -> None:
    withdraw_work_calendar_year(WorkCalendarYear.objects.get(year=2026), by=keeper)

    assert seed_work_calendar() == []
    assert 2026 not in load_work_calendar().confirmed_years
    confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2026), by=keeper, at=NOVEMBER)
    assert 2026 in load_work_calendar().confirmed_years


@pytest.mark.parametrize("year", [2027, 1999])
def test_withdraw_work_calendar_year_refuses_one_that_is_not_confirmed(keeper: Membership, year: int) -> None:
    found = WorkCalendarYear.objects.filter(year=year).first() or WorkCalendarYear(year=year)

    with pytest.raises(ValidationError, match="not confirmed"):
        withdraw_work_calendar_year(found, by=keeper)
    assert not LogEntry.objects.exists()


def test_withdraw_work_calendar_year_is_for_administrators_of_the_whole_installation() -> None:
    year, estate = WorkCalendarYear.objects.get(year=2026), EstateFactory()
    EstateFactory()

    for by in (MembershipFactory(administrator=True, area=estate.area), MembershipFactory(coordinator=True)):
        with pytest.raises(PermissionDenied):
            withdraw_work_calendar_year(year, by=by)
    assert 2026 in load_work_calendar().confirmed_years
