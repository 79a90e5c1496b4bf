"""Confirming a year of the work calendar."""

import pytest
from django.core.exceptions import ValidationError

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year
from cases.services.seed_work_calendar import seed_work_calendar
from cases.work_calendar import load_work_calendar
from tests.factories.stakeholders import UserFactory

pytestmark = pytest.mark.django_db


def test_confirm_work_calendar_year_counts_at_once_and_outlives_a_seeding() -> None:
    year = WorkCalendarYear.objects.filter(status="provisional").earliest("year")
    touched = year.updated_at

    confirm_work_calendar_year(year, by=UserFactory(name="赵敏"))
    WorkCalendarDay.objects.filter(date__year=year.year).first().delete()

    assert year.year in load_work_calendar().confirmed_years
    assert seed_work_calendar() == []
    year.refresh_from_db()
    assert "赵敏" in year.source
    assert year.updated_at > touched


def test_confirm_work_calendar_year_makes_one_that_nobody_expected() -> None:
    confirm_work_calendar_year(WorkCalendarYear(year=2040), by=UserFactory())

    assert 2040 in load_work_calendar().confirmed_years


def test_confirm_work_calendar_year_refuses_a_year_that_cannot_be() -> None:
    with pytest.raises(ValidationError):
        confirm_work_calendar_year(WorkCalendarYear(year=26), by=UserFactory())


def test_confirm_work_calendar_year_leaves_a_confirmed_year_with_its_source() -> None:
    year = WorkCalendarYear.objects.filter(status="confirmed").earliest("year")
    source = year.source

    with pytest.raises(ValidationError, match="confirmed already"):
        confirm_work_calendar_year(year, by=UserFactory())
    year.refresh_from_db()
    assert year.source == source
