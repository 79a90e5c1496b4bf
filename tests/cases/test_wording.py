"""Times in words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from cases import wording
from cases.worktime import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 11, 20, 15, 20, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def english_on_a_friday() -> Iterator[None]:
    with translation.override("en"), time_machine.travel(FRIDAY, tick=False):
        yield


def test_days_bear_their_year_only_when_it_is_not_this_one() -> None:
    assert wording.day_words(date(2026, 11, 20)) == "20 Nov"
    assert wording.day_words(date(2027, 1, 4)) == "4 Jan 2027"
    assert wording.weekday_words(date(2026, 11, 20)) == "Fri 20 Nov"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than 0.1 s"),
        (0.1, "0.1 s"),
        (2.345, "2.3 s"),
        (30, "30 s"),
        (60, "1 min"),
        (125.4, "2 min 5 s"),
        (3600, "1 h"),
        (4801, "1 h 20 min"),
    ],
)
def test_seconds_of_a_machine(seconds: float, words: str) -> None:
    assert wording.seconds_words(seconds) == words


def test_moments_are_told_in_the_time_of_people_here() -> None:
    assert wording.moment_words(datetime(2026, 11, 20, 16, 5, tzinfo=ZoneInfo("UTC"))) == "21 Nov 00:05"
    assert wording.clock_words(datetime(2026, 11, 20, 1, 5, tzinfo=ZoneInfo("UTC"))) == "09:05"


def test_periods_say_a_day_once() -> None:
    assert wording.period_words(FRIDAY, FRIDAY + timedelta(hours=2)) == "20 Nov 15:20 – 17:20"
    assert wording.period_words(FRIDAY, FRIDAY + timedelta(days=1)) == "20 Nov 15:20 – 21 Nov 15:20"
    assert wording.period_words(FRIDAY, None) == "20 Nov 15:20 – now"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "less than 1 min"),
        (timedelta(seconds=59), "less than 1 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=1, minutes=25), "1 h 25 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, minutes=25), "1 day"),
        (timedelta(days=2, hours=4, minutes=50), "2 days 4 h"),
        (timedelta(days=9, hours=4), "9 days 4 h"),
        (timedelta(days=10, hours=4), "10 days"),
    ],
)
def test_spans_take_their_two_largest_units(span: timedelta, words: str) -> None:
    assert wording.span_words(span) == words


def test_spans_of_working_time_have_days_of_seven_hours() -> None:
    calendar = WorkCalendar()

    assert wording.work_words(timedelta(hours=18, minutes=50), calendar) == "2 working days 4 h"
    assert wording.work_words(timedelta(hours=7), calendar) == "1 working day"
    assert wording.hour_words(timedelta(hours=32, minutes=6)) == "32 h 6 min"
