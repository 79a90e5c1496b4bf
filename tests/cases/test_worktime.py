"""Working time against calendars of the State Council, against a walk minute by minute, and at its edges."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.worktime import ZONE, WorkCalendar

# Mid-autumn and National Day of 2026 with their make-up days
AUTUMN = WorkCalendar(
    days_off=frozenset({date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}),
    make_up_days=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    confirmed_years=frozenset({2026}),
)
PLAIN = WorkCalendar()

days = st.dates(date(2026, 9, 1), date(2026, 10, 31))
minutes = st.integers(0, 30 * 24 * 60).map(lambda count: at(15, "00:00", month=9) + timedelta(minutes=count))


@st.composite
def calendars(draw):
    exceptions = draw(st.dictionaries(days, st.booleans(), max_size=25))
    return WorkCalendar(
        days_off=frozenset(day for day, is_worked in exceptions.items() if not is_worked),
        make_up_days=frozenset(day for day, is_worked in exceptions.items() if is_worked),
    )


def at(day, clock, month=11):
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), ZONE)


def is_worked_minute(calendar, moment):
    return calendar.is_working_day(moment.date()) and any(
        opens <= moment.time() < closes for opens, closes in calendar.hours
    )


def walk(start, end):
    while start < end:
        yield start
        start += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 9, 20), True),  # a Sunday worked for the bridge day
        (date(2026, 9, 21), True),
        (date(2026, 9, 25), False),  # a Friday off
        (date(2026, 9, 26), False),
        (date(2026, 10, 10), True),  # a Saturday worked
        (date(2026, 10, 11), False),
    ],
)
def test_is_working_day_knows_both_kinds_of_exception(day, is_worked):
    assert AUTUMN.is_working_day(day) is is_worked


@given(calendars(), days, st.integers(1, 60))
def test_add_working_days_agrees_with_a_walk_day_by_day(calendar, start, count):
    day = start
    for _ in range(count):
        day += timedelta(days=1)
        while not calendar.is_working_day(day):
            day += timedelta(days=1)

    assert calendar.add_working_days(start, count) == day
    assert calendar.working_days_between(start, day) == count


@given(calendars(), days, days)
def test_working_days_between_counts_the_days_one_by_one(calendar, start, end):
    start, end = min(start, end), max(start, end)
    following = [start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)]

    assert calendar.working_days_between(start, end) == sum(map(calendar.is_working_day, following))
    assert calendar.weekend_days_worked(start, end) == [
        day for day in following if day.isoweekday() > 5 and calendar.is_working_day(day)
    ]


@given(calendars(), days)
def test_roll_forward_stays_on_a_working_day_and_leaves_a_day_off(calendar, day):
    rolled = calendar.roll_forward(day)

    assert calendar.is_working_day(rolled)
    assert rolled >= day
    assert not any(calendar.is_working_day(day + timedelta(days=skipped)) for skipped in range((rolled - day).days))


@given(minutes, st.integers(0, 5 * 24 * 60))
def test_work_time_between_agrees_with_a_walk_minute_by_minute(start, length):
    end = start + timedelta(minutes=length)
    worked = sum(is_worked_minute(AUTUMN, minute) for minute in walk(start, end))

    assert AUTUMN.work_time_between(start, end) == timedelta(minutes=worked)
    assert AUTUMN.work_time_between(end, start) == -timedelta(minutes=worked)


@given(minutes, st.integers(1, 30 * 60))
def test_add_work_time_is_the_first_moment_with_that_much_work_behind_it(start, length):
    end = AUTUMN.add_work_time(start, timedelta(minutes=length))

    assert AUTUMN.work_time_between(start, end) == timedelta(minutes=length)
    assert is_worked_minute(AUTUMN, end - timedelta(minutes=1))


@given(minutes, st.integers(1, 30 * 60))
def test_subtract_work_time_is_the_last_moment_with_that_much_work_before_it(end, length):
    start = AUTUMN.subtract_work_time(end, timedelta(minutes=length))

    assert AUTUMN.work_time_between(start, end) == timedelta(minutes=length)
    assert is_worked_minute(AUTUMN, start)


@pytest.mark.parametrize(
    ("end", "hours", "start"),
    [
        (at(20, "17:30"), 3.5, at(20, "14:00")),  # a whole afternoon begins after lunch, not at noon
        (at(20, "17:30"), 7, at(20, "08:30")),  # and a whole day at its opening
        (at(20, "17:30"), 4, at(20, "11:30")),
        (at(20, "13:00"), 1, at(20, "11:00")),
        (at(23, "08:30"), 1, at(20, "16:30")),
        (at(21, "10:00"), 8, at(19, "16:30")),  # Saturday
    ],
)
def test_subtract_work_time_runs_only_inside_business_hours(end, hours, start):
    assert PLAIN.subtract_work_time(end, timedelta(hours=hours)) == start


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        (at(16, "09:14"), at(16, "10:05"), timedelta(minutes=51)),
        (at(16, "10:05"), at(17, "09:30"), timedelta(hours=6, minutes=25)),
        (at(17, "11:10"), at(18, "16:20"), timedelta(hours=10, minutes=10)),
        (at(18, "16:20"), at(20, "15:20"), timedelta(hours=13)),
        (at(17, "17:30"), at(20, "15:20"), 2 * timedelta(hours=7) + timedelta(hours=4, minutes=50)),
        (at(20, "17:30"), at(23, "08:30"), timedelta()),  # a weekend
        (at(20, "12:00"), at(20, "14:00"), timedelta()),  # a lunch
    ],
)
def test_work_time_between_charges_each_holder_only_business_hours(start, end, worked):
    assert PLAIN.work_time_between(start, end) == worked


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(20, "08:30"), 3.5, at(20, "12:00")),  # a used-up morning ends at noon, not after lunch
        (at(20, "08:30"), 7, at(20, "17:30")),  # and a used-up day at its close
        (at(20, "17:30"), 1, at(23, "09:30")),
        (at(20, "12:30"), 4, at(23, "09:00")),
        (at(21, "10:00"), 2, at(23, "10:30")),  # Saturday
    ],
)
def test_add_work_time_runs_only_inside_business_hours(start, hours, end):
    assert PLAIN.add_work_time(start, timedelta(hours=hours)) == end


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at(20, "09:14"), at(20, "09:14")),
        (at(20, "12:00"), at(20, "14:00")),
        (at(20, "17:30"), at(23, "08:30")),
        (at(20, "03:00"), at(20, "08:30")),
    ],
)
def test_opening_waits_for_business_hours(moment, opening):
    assert PLAIN.opening(moment) == opening


def test_days_are_local_even_when_the_moment_comes_in_utc():
    sunday_in_utc = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # Monday 00:30 in Shanghai

    assert PLAIN.localize(sunday_in_utc).date() == date(2026, 11, 23)
    assert PLAIN.add_work_time(sunday_in_utc, timedelta(hours=1)) == at(23, "09:30")
    assert PLAIN.work_time_between(sunday_in_utc, sunday_in_utc + timedelta(hours=9)) == timedelta(hours=1)


def test_the_zone_and_the_hours_can_be_others():
    night_shift = WorkCalendar(hours=((time(20), time(22)),), zone=ZoneInfo("Asia/Urumqi"))

    end = night_shift.add_work_time(at(20, "09:00"), timedelta(hours=3))

    assert end == datetime(2026, 11, 23, 21, tzinfo=ZoneInfo("Asia/Urumqi"))
    assert night_shift.close_of_business(date(2026, 11, 20)).hour == 22


def test_an_exception_that_repeats_the_plain_week_changes_nothing():
    repeating = WorkCalendar(days_off=frozenset({date(2026, 11, 22)}), make_up_days=frozenset({date(2026, 11, 23)}))

    assert repeating.add_working_days(date(2026, 11, 20), 5) == PLAIN.add_working_days(date(2026, 11, 20), 5)


@pytest.mark.parametrize(
    "hours",
    [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(17)))],
)
def test_business_hours_out_of_order_are_refused(hours):
    with pytest.raises(ValueError, match="Business hours"):
        WorkCalendar(hours=hours)


def test_a_date_cannot_be_off_and_worked():
    both = frozenset({date(2026, 10, 10)})

    with pytest.raises(ValueError, match="not both"):
        WorkCalendar(days_off=both, make_up_days=both)


def test_counts_that_are_not_positive_are_refused():
    with pytest.raises(ValueError, match="positive"):
        PLAIN.add_working_days(date(2026, 11, 20), 0)
    with pytest.raises(ValueError, match="positive"):
        PLAIN.add_work_time(at(20, "09:00"), timedelta())
    with pytest.raises(ValueError, match="must be positive"):
        PLAIN.subtract_work_time(at(20, "09:00"), timedelta())


def test_no_work_lies_before_the_first_year():
    with pytest.raises(OverflowError, match="before the year 1"):
        PLAIN.subtract_work_time(datetime(1, 1, 1, 10, tzinfo=ZONE), timedelta(hours=2))


def test_a_moment_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        PLAIN.localize(datetime.fromisoformat("2026-11-20 09:00"))


def test_the_first_and_the_last_day_of_all_are_days_like_others():
    assert PLAIN.add_working_days(date.min, 1) == date(1, 1, 2)  # 1 January of the year 1 was a Monday
    assert PLAIN.add_working_days(date(9999, 12, 30), 1) == date(9999, 12, 31)  # a Friday
    with pytest.raises(OverflowError):
        PLAIN.add_working_days(date.max, 1)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(16, "08:30"), True),
        (at(16, "08:29"), False),
        (at(16, "12:00"), False),
        (at(16, "14:00"), True),
        (at(16, "17:30"), False),
        (at(21, "10:00"), False),
        (at(10, "10:00", month=10), True),
        (at(1, "10:00", month=10), False),
    ],
)
def test_business_hours_are_open_until_they_close(moment, is_open):
    assert AUTUMN.is_open(moment) is is_open


@given(minutes, calendars())
def test_next_morning_is_the_first_opening_of_a_day_that_is_still_to_come(moment, calendar):
    days_from_it = (moment.date() + timedelta(days=count) for count in range(60))
    mornings = (datetime.combine(day, time(8, 30), ZONE) for day in days_from_it if calendar.is_working_day(day))

    assert calendar.next_morning(moment) == next(each for each in mornings if each >= moment)
