"""Deadlines: known dates, a naive oracle, the edges of years, zones and time, and the arithmetic that is shown."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from chinese_calendar import constants, is_workday
from hypothesis import given
from hypothesis import strategies as st

from cases.deadlines import due
from cases.worktime import ZONE, Unit, WorkCalendar

CALENDAR = WorkCalendar(
    days_off=frozenset(constants.holidays),
    make_up_days=frozenset(constants.workdays),
    confirmed_years=frozenset(range(2004, 2027)),
)
EMPTY = WorkCalendar()

FROM, UNTIL = datetime.fromisoformat("2004-01-02"), datetime.fromisoformat("2026-06-30")
moments = st.datetimes(FROM, UNTIL, timezones=st.just(UTC))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def close(text):
    return datetime.combine(date.fromisoformat(text), time(17, 30), ZONE)


def steps(found, *kinds):
    return [line for line in found.steps if line["step"] in kinds]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-02-13 17:40", 5, Unit.WORKING_DAY, "2026-02-27 17:30"),  # Friday evening; 14 February is worked
        ("2026-02-13 09:00", 5, Unit.WORKING_DAY, "2026-02-27 17:30"),  # the hour makes no difference
        ("2026-02-13 17:40", 1, Unit.WORKING_DAY, "2026-02-14 17:30"),
        ("2026-12-10 09:00", 15, Unit.WORKING_DAY, "2026-12-31 17:30"),
        ("2026-11-16 09:14", 1, Unit.WORKING_DAY, "2026-11-17 17:30"),
        ("2026-02-14 09:00", 1, Unit.CALENDAR_DAY, "2026-02-24 17:30"),  # over the whole Spring Festival
        ("2026-10-09 09:00", 1, Unit.CALENDAR_DAY, "2026-10-10 17:30"),  # a Saturday that is worked
        ("2026-11-16 09:14", 15, Unit.CALENDAR_DAY, "2026-12-01 17:30"),
        ("2026-02-13 17:40", 2, Unit.HOUR, "2026-02-13 19:40"),
        ("2026-02-13 17:40", 24, Unit.HOUR, "2026-02-14 17:40"),
        ("2026-02-13 17:40", 2, Unit.WORK_HOUR, "2026-02-14 10:30"),
        ("2026-02-14 17:00", 1, Unit.WORK_HOUR, "2026-02-24 09:00"),
        ("2026-11-20 11:30", 4, Unit.WORK_HOUR, "2026-11-20 17:30"),
    ],
)
def test_due_gives_the_known_date(start, amount, unit, end):
    found = due(at(start), amount, unit, CALENDAR)

    assert (found.at, found.is_provisional) == (at(end), False)


@given(moments, st.integers(1, 90))
def test_due_in_working_days_agrees_with_a_walk_over_the_package(start, amount):
    day = start.astimezone(ZONE).date()
    left = amount
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)

    assert due(start, amount, Unit.WORKING_DAY, CALENDAR).at == close(day.isoformat())


@given(moments, st.integers(1, 90))
def test_due_in_calendar_days_agrees_with_a_walk_over_the_package(start, amount):
    day = start.astimezone(ZONE).date() + timedelta(days=amount)
    while not is_workday(day):
        day += timedelta(days=1)

    assert due(start, amount, Unit.CALENDAR_DAY, CALENDAR).at == close(day.isoformat())


@given(moments, st.integers(1, 500))
def test_due_in_hours_is_the_exact_instant(start, amount):
    assert due(start, amount, Unit.HOUR, CALENDAR).at - start == timedelta(hours=amount)


@given(moments, st.integers(1, 80))
def test_due_in_work_hours_leaves_just_that_much_business_time(start, amount):
    end = due(start, amount, Unit.WORK_HOUR, CALENDAR).at

    assert CALENDAR.work_time_between(start, end) == timedelta(hours=amount)
    assert CALENDAR.work_time_between(start, end - timedelta(microseconds=1)) < timedelta(hours=amount)


@given(moments, st.integers(1, 60), st.sampled_from(Unit), st.sets(st.dates(date(2004, 1, 1), date(2026, 9, 30))))
def test_a_further_day_off_never_makes_a_deadline_earlier(start, amount, unit, further):
    fewer_days = WorkCalendar(CALENDAR.days_off | further, CALENDAR.make_up_days - further)

    assert due(start, amount, unit, fewer_days).at >= due(start, amount, unit, CALENDAR).at


@given(moments, st.integers(1, 60), st.sampled_from(Unit), st.timedeltas(timedelta(), timedelta(days=9)))
def test_a_later_start_never_makes_a_deadline_earlier(start, amount, unit, later):
    assert due(start + later, amount, unit, CALENDAR).at >= due(start, amount, unit, CALENDAR).at


@pytest.mark.parametrize("unit", [Unit.WORKING_DAY, Unit.CALENDAR_DAY])
def test_a_start_counts_for_its_local_day_and_not_for_that_of_utc(unit):
    monday_half_past_midnight = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)

    assert due(monday_half_past_midnight, 1, unit, CALENDAR).at == close("2026-11-24")


def test_hours_are_real_hours_where_clocks_were_put_back():
    before = datetime(1990, 9, 15, 12, tzinfo=ZONE)  # summer time ended the next morning

    assert due(before, 24, Unit.HOUR, EMPTY).at == datetime(1990, 9, 16, 11, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "is_provisional"),
    [
        ("2026-12-10 09:00", 15, Unit.WORKING_DAY, False),
        ("2026-12-11 09:00", 15, Unit.WORKING_DAY, True),
        ("2026-12-31 09:00", 1, Unit.CALENDAR_DAY, True),
        ("2026-12-31 17:00", 1, Unit.WORK_HOUR, True),
        ("2026-12-31 17:00", 240, Unit.HOUR, False),  # hours never ask the calendar
        ("2003-12-31 09:00", 5, Unit.WORKING_DAY, False),  # the day of the event is not counted
        ("2003-12-20 09:00", 30, Unit.CALENDAR_DAY, False),  # only where it ends can a day off move it
        ("2003-12-20 09:00", 30, Unit.WORKING_DAY, True),
        ("1990-05-01 09:00", 5, Unit.WORKING_DAY, True),
        ("2099-05-01 09:00", 5, Unit.WORKING_DAY, True),
    ],
)
def test_due_is_provisional_when_it_rests_on_a_year_not_announced(start, amount, unit, is_provisional):
    found = due(at(start), amount, unit, CALENDAR)

    assert found.is_provisional is is_provisional
    assert bool(steps(found, "provisional")) is is_provisional


def test_a_provisional_deadline_names_the_first_year_that_is_missing():
    found = due(at("2026-12-11 09:00"), 600, Unit.WORKING_DAY, CALENDAR)

    assert steps(found, "provisional") == [{"step": "provisional", "year": 2027}]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "arithmetic"),
    [
        (
            "2026-11-16 09:14",
            1,
            Unit.WORKING_DAY,
            [{"step": "count_from", "date": "2026-11-17"}, {"step": "end", "at": "2026-11-17T17:30:00+08:00"}],
        ),
        (
            "2026-02-13 17:40",
            5,
            Unit.WORKING_DAY,
            [
                {"step": "count_from", "date": "2026-02-14"},
                {"step": "passed_over", "days_off": 9, "make_up_days": ["2026-02-14"]},
                {"step": "last_day", "date": "2026-02-27"},
                {"step": "end", "at": "2026-02-27T17:30:00+08:00"},
            ],
        ),
        (
            "2026-02-01 09:00",
            15,
            Unit.CALENDAR_DAY,
            [
                {"step": "count_from", "date": "2026-02-02"},
                {"step": "last_day", "date": "2026-02-16"},
                {"step": "rolled_forward", "date": "2026-02-24"},
                {"step": "end", "at": "2026-02-24T17:30:00+08:00"},
            ],
        ),
        (
            "2026-02-01 09:00",
            1,
            Unit.CALENDAR_DAY,
            [{"step": "count_from", "date": "2026-02-02"}, {"step": "end", "at": "2026-02-02T17:30:00+08:00"}],
        ),
        ("2026-11-20 22:00", 2, Unit.HOUR, [{"step": "end", "at": "2026-11-21T00:00:00+08:00"}]),
        ("2026-11-20 09:00", 2, Unit.WORK_HOUR, [{"step": "end", "at": "2026-11-20T11:00:00+08:00"}]),
        (
            "2026-11-20 18:00",
            8,
            Unit.WORK_HOUR,
            [
                {"step": "count_from", "at": "2026-11-23T08:30:00+08:00"},
                {"step": "end", "at": "2026-11-24T09:30:00+08:00"},
            ],
        ),
        (
            "2026-11-20 17:00",
            1,
            Unit.WORK_HOUR,
            [
                {"step": "passed_over", "days_off": 2, "make_up_days": []},
                {"step": "end", "at": "2026-11-23T09:00:00+08:00"},
            ],
        ),
    ],
)
def test_due_shows_its_arithmetic(start, amount, unit, arithmetic):
    found = due(at(start), amount, unit, CALENDAR)

    assert json.loads(json.dumps(found.steps)) == [
        {"step": "start", "at": at(start).isoformat()},
        {"step": "amount", "amount": amount, "unit": str(unit)},
        *arithmetic,
    ]


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_is_not_positive_is_refused(unit, amount):
    with pytest.raises(ValueError, match="must be positive"):
        due(at("2026-11-20 09:00"), amount, unit, CALENDAR)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("start", [at("9999-12-31 17:29"), datetime.max.replace(tzinfo=UTC)])
def test_an_end_past_the_last_year_is_refused(unit, start):
    with pytest.raises(ValueError, match="past the year 9999"):
        due(start, 24, unit, CALENDAR)


@pytest.mark.parametrize("unit", Unit)
def test_an_absurd_amount_is_refused(unit):
    with pytest.raises(ValueError, match="past the year 9999"):
        due(at("2026-11-20 09:00"), 10**30, unit, CALENDAR)


def test_a_start_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        due(datetime.fromisoformat("2026-11-20 09:00"), 1, Unit.HOUR, CALENDAR)
