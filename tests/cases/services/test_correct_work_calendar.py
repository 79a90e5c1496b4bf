"""Correcting the work calendar by hand."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.correct_work_calendar import correct_work_calendar
from cases.services.seed_work_calendar import seed_work_calendar
from cases.work_calendar import load_work_calendar
from tests.factories.stakeholders import UserFactory

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 19)


def test_correct_work_calendar_counts_at_once_and_outlives_a_seeding() -> None:
    correct_work_calendar(WorkCalendarDay(date=THURSDAY, kind="off", name="停工"), by=UserFactory())

    assert not load_work_calendar().is_working_day(THURSDAY)
    assert seed_work_calendar() == []
    assert not load_work_calendar().is_working_day(THURSDAY)


def test_correct_work_calendar_removes_a_day_for_good() -> None:
    day = WorkCalendarDay.objects.get(date=date(2026, 10, 1))

    correct_work_calendar(day, by=UserFactory(name="赵敏"), remove=True)

    assert seed_work_calendar() == []
    assert load_work_calendar().is_working_day(date(2026, 10, 1))
    assert "赵敏" in WorkCalendarYear.objects.get(year=2026).source


def test_correct_work_calendar_refuses_a_day_off_on_a_sunday() -> None:
    with pytest.raises(ValidationError):
        correct_work_calendar(WorkCalendarDay(date=date(2026, 11, 22), kind="off", name="x"), by=UserFactory())


def test_correct_work_calendar_refuses_a_day_of_a_year_that_cannot_be() -> None:
    with pytest.raises(ValidationError, match="from 1900"):
        correct_work_calendar(WorkCalendarDay(date=date(1899, 12, 29), kind="off", name="x"), by=UserFactory())
