"""The arithmetic of deadlines in words."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from cases.arithmetic import _WORDS, Sum, amount_words, arithmetic
from cases.clocks import extend, pause, resume, set_clock
from cases.deadlines import Step
from cases.models import Case, DeadlineRule
from cases.work_calendar import load_work_calendar
from cases.worktime import Unit
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import MandateFactory

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
Clock = DeadlineRule.Clock


@pytest.fixture(autouse=True)
def english_in_2026() -> Iterator[None]:
    with translation.override("en"), time_machine.travel(datetime(2026, 6, 1, tzinfo=ZONE), tick=False):
        yield


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def reckoned(start: str, amount: int, unit: Unit) -> Sum:
    """The arithmetic of a period that begins at `start`."""
    case = Case(need_item=item(), urgency="G")
    set_clock(case, Clock.RESOLVE, amount, unit, load_work_calendar(), at=moment(start))
    return arithmetic(case, Clock.RESOLVE)


def test_working_days_over_a_holiday_with_a_make_up_day() -> None:
    told = reckoned("2026-09-18T10:00", 3, Unit.WORKING_DAY)

    assert told.lines == [
        ("Opened", "Fri 18 Sep 10:00"),
        ("Waste sorting and collection · general", "3 working days"),
        ("The day itself does not count; first day", "Sun 20 Sep"),
        ("Days off on the way; 20 Sep made up for", "1 day"),
        ("Last day", "Tue 22 Sep"),
    ]
    assert told.total == ("Close of business of that day", "22 Sep 17:30")


def test_calendar_days_that_roll_forward() -> None:
    told = reckoned("2026-05-08T10:00", 15, Unit.CALENDAR_DAY)

    assert told.lines[2:] == [
        ("The day itself does not count; first day", "Sat 9 May"),
        ("Last day", "Sat 23 May"),
        ("That is a day off; next working day", "Mon 25 May"),
    ]
    assert told.total == ("Close of business of that day", "25 May 17:30")


def test_work_hours_from_outside_working_hours() -> None:
    told = reckoned("2026-11-20T18:00", 2, Unit.WORK_HOUR)

    assert told.lines[2:] == [("Outside working hours; counted from", "23 Nov 08:30")]
    assert told.total == ("So it ends", "23 Nov 10:30")


def test_hours_need_no_explanation() -> None:
    told = reckoned("2026-11-20T18:00", 24, Unit.HOUR)

    assert [label for label, _ in told.lines] == ["Opened", "Waste sorting and collection · general"]
    assert told.total == ("So it ends", "21 Nov 18:00")


def test_extensions_and_holds_are_told_in_their_order() -> None:
    case = Case(need_item=item(), urgency="G")
    calendar = load_work_calendar()
    set_clock(case, Clock.RESOLVE, 5, Unit.WORKING_DAY, calendar, at=moment("2026-02-09T10:00"))
    extend(case, calendar, at=moment("2026-02-10T09:00"), amount=2, unit=Unit.WORKING_DAY)
    pause(case, at=moment("2026-02-13T09:00"))
    resume(case, calendar, at=moment("2026-02-26T09:00"))
    extend(case, calendar, at=moment("2026-02-27T09:00"), until=moment("2026-03-06T12:00"))

    told = arithmetic(case, Clock.RESOLVE)

    assert told.lines[-4:] == [
        ("Last day", "Sat 14 Feb"),
        ("Close of business of that day", "14 Feb 17:30"),
        ("Extended by 2 working days, granted 10 Feb", "25 Feb 17:30"),
        ("On hold 13 Feb 09:00 – 26 Feb 09:00", "2 Mar 17:30"),
    ]
    assert told.total == ("Extended, granted 27 Feb", "6 Mar 12:00")


def test_a_year_that_is_not_announced_is_remarked() -> None:
    told = reckoned("2031-03-03T10:00", 1, Unit.WORKING_DAY)

    assert told.remarks == [
        "Provisional: the days off of 2031 are not announced yet.",
        "Set by hand.",
    ]


def test_the_rule_is_named() -> None:
    MandateFactory(item="3.1")
    case = logged_case()
    rules = {clock: case.deadlines[clock]["rule"] for clock in Clock}

    assert arithmetic(case, Clock.RESOLVE).remarks == [
        f"Rule DL-{rules[Clock.RESOLVE]:03}; returning or reassigning does not reset it."
    ]
    signed = arithmetic(case, Clock.SIGN)
    assert signed.remarks == [f"Rule DL-{rules[Clock.SIGN]:03}."]
    assert signed.lines[:2] == [("Handed to the party", "Mon 16 Nov 09:14"), ("general", "2 working hours")]


def test_there_is_nothing_to_say_without_a_deadline() -> None:
    assert arithmetic(logged_case(), Clock.SIGN) is None


@pytest.mark.parametrize(
    ("unit", "one", "five"),
    [
        (Unit.HOUR, "1 hour", "5 hours"),
        (Unit.WORK_HOUR, "1 working hour", "5 working hours"),
        (Unit.WORKING_DAY, "1 working day", "5 working days"),
        (Unit.CALENDAR_DAY, "1 calendar day", "5 calendar days"),
    ],
)
def test_amounts_bear_their_unit(unit: Unit, one: str, five: str) -> None:
    assert (amount_words(1, unit), amount_words(5, unit)) == (one, five)


def test_every_step_is_told() -> None:
    assert set(_WORDS) | {Step.PROVISIONAL} == set(Step)
