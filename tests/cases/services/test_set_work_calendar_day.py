"""Saying what a day is: an exception, or a plain day of the week again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import WorkCalendarDay
from cases.services.set_work_calendar_day import set_work_calendar_day
from stakeholders.models import Membership
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
THURSDAY, SUNDAY = date(2026, 11, 19), date(2026, 11, 22)


@pytest.fixture
def keeper() -> Membership:
    return MembershipFactory(administrator=True)


def kept(on: date) -> list[tuple[str, str]]:
    return list(WorkCalendarDay.objects.filter(date=on).values_list("kind", "name"))


def test_set_work_calendar_day_keeps_an_exception_with_its_reason(keeper: Membership) -> None:
    set_work_calendar_day(THURSDAY, kind="off", reason="停工", by=keeper)
    set_work_calendar_day(SUNDAY, kind="work", by=keeper)

    assert kept(THURSDAY) == [("off", "停工")]
    assert kept(SUNDAY) == [("work", "")]  # no words of a language: they are drawn when it is shown
    assert WorkCalendarDay.objects.get(date=SUNDAY).reason == "make-up working day"


def test_set_work_calendar_day_is_for_administrators_of_the_whole_installation() -> None:
    estate = EstateFactory()
    EstateFactory()

    for by in (MembershipFactory(administrator=True, area=estate.area), MembershipFactory(coordinator=True)):
        with pytest.raises(PermissionDenied):
            set_work_calendar_day(THURSDAY, kind="off", by=by)
    assert kept(THURSDAY) == []


def test_set_work_calendar_day_forgets_what_is_as_the_weekday_says(keeper: Membership) -> None:
    set_work_calendar_day(THURSDAY, kind="off", reason="停工", by=keeper)

    with pytest.raises(ValidationError) as refusal:
        set_work_calendar_day(THURSDAY, kind="work", reason="开工", by=keeper)
    day = set_work_calendar_day(THURSDAY, kind="work", by=keeper)

    assert list(refusal.value.error_dict) == ["reason"]
    assert (day.kind, day.name, kept(THURSDAY)) == ("work", "", [])


def test_set_work_calendar_day_refuses_to_keep_what_is_plain(keeper: Membership) -> None:
    with pytest.raises(ValidationError):
        set_work_calendar_day(SUNDAY, kind="off", by=keeper)

    assert kept(SUNDAY) == []
