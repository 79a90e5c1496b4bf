"""Correcting the work calendar by hand."""

import json
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.correct_work_calendar import correct_work_calendar
from cases.services.seed_work_calendar import seed_work_calendar
from cases.work_calendar import load_work_calendar
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 19)


def test_correct_work_calendar_counts_at_once_and_outlives_a_seeding() -> None:
    correct_work_calendar(
        WorkCalendarDay(date=THURSDAY, kind="off", name="停工"), by=MembershipFactory(administrator=True)
    )

    assert not load_work_calendar().is_working_day(THURSDAY)
    assert seed_work_calendar() == []
    assert not load_work_calendar().is_working_day(THURSDAY)


def test_correct_work_calendar_removes_a_day_for_good() -> None:
    day = WorkCalendarDay.objects.get(date=date(2026, 10, 1))

    correct_work_calendar(day, by=MembershipFactory(administrator=True, user__name="赵敏"), remove=True)

    assert seed_work_calendar() == []
    assert load_work_calendar().is_working_day(date(2026, 10, 1))
    assert "赵敏" in WorkCalendarYear.objects.get(year=2026).source


def test_correct_work_calendar_refuses_a_day_off_on_a_sunday() -> None:
    with pytest.raises(ValidationError):
        correct_work_calendar(
            WorkCalendarDay(date=date(2026, 11, 22), kind="off", name="x"), by=MembershipFactory(administrator=True)
        )


def test_correct_work_calendar_refuses_a_day_of_a_year_that_cannot_be() -> None:
    by = MembershipFactory(administrator=True)

    for day in (date(1899, 12, 29), date(2201, 1, 1), date(9999, 12, 31)):
        with pytest.raises(ValidationError, match="from 1900 to 2200"):
            correct_work_calendar(WorkCalendarDay(date=day, kind="off", name="x"), by=by)


def test_correct_work_calendar_is_on_record_with_what_the_day_is() -> None:
    by = MembershipFactory(administrator=True)
    day = WorkCalendarDay(date=THURSDAY, kind="off", name="停工")

    correct_work_calendar(day, by=by)
    day.name = "停电"
    correct_work_calendar(day, by=by)
    correct_work_calendar(day, by=by)
    correct_work_calendar(day, by=by, remove=True)

    entries = LogEntry.objects.order_by("pk")
    assert [(json.loads(each.change_message)[0]["what"], each.user) for each in entries] == [
        ("added", by.user),
        ("changed", by.user),
        ("removed", by.user),
    ]
    assert {json.loads(each.change_message)[0]["kind"] for each in entries} == {"off"}


def test_correct_work_calendar_is_for_administrators_of_the_whole_installation() -> None:
    day, estate = WorkCalendarDay.objects.get(date=date(2026, 10, 1)), EstateFactory()
    EstateFactory()

    for by in (MembershipFactory(administrator=True, area=estate.area), MembershipFactory(coordinator=True)):
        with pytest.raises(PermissionDenied):
            correct_work_calendar(day, by=by, remove=True)
    assert not load_work_calendar().is_working_day(date(2026, 10, 1))
