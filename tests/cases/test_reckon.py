"""Extended and paused deadlines: dates worked out by hand over the Spring Festival.

In 2026 the offices work on Saturday 14 February, are closed from 15 to 23 February, and work on Saturday 28 February;
they are closed from 1 to 7 October and work on Saturday 10 October.
"""

import json
from datetime import UTC, datetime

import pytest

from cases.deadlines import reckon
from cases.terms import Extension, Pause, Term
from cases.worktime import Unit
from tests.cases.test_deadlines import CALENDAR, at, steps

HOUR, WORK_HOUR, WORKING_DAY, CALENDAR_DAY = Unit
GRANTED = "2026-02-10 09:00"


def term(start, amount, unit, *changes):
    return Term(at(start), amount, unit, changes)


def more(amount, unit):
    return Extension(at(GRANTED), amount, unit)


def until(moment):
    return Extension(at(GRANTED), until=at(moment))


def pause(since, till=None):
    return Pause(at(since), at(till) if till else None)


FIVE_DAYS = ("2026-02-09 10:00", 5, WORKING_DAY)  # till Saturday 14 February, which is worked
TEN_DAYS = ("2026-02-02 10:00", 10, CALENDAR_DAY)  # till Thursday 12 February
FOUR_HOURS = ("2026-02-13 15:30", 4, WORK_HOUR)  # Friday afternoon till Saturday 10:30
ONE_DAY = ("2026-02-13 17:40", 24, HOUR)


@pytest.mark.parametrize(
    ("given", "extension", "end"),
    [
        (FIVE_DAYS, more(2, WORKING_DAY), "2026-02-25 17:30"),
        (("2026-09-28 10:00", 3, WORKING_DAY), more(2, WORKING_DAY), "2026-10-10 17:30"),  # from Thursday 8 October
        (FIVE_DAYS, more(2, WORK_HOUR), "2026-02-24 10:30"),
        (FIVE_DAYS, more(2, HOUR), "2026-02-14 19:30"),
        (TEN_DAYS, more(3, CALENDAR_DAY), "2026-02-24 17:30"),  # a Sunday: it rolls over the holiday
        (TEN_DAYS, more(1, CALENDAR_DAY), "2026-02-13 17:30"),
        (ONE_DAY, more(6, HOUR), "2026-02-14 23:40"),
        (ONE_DAY, more(1, WORKING_DAY), "2026-02-24 17:30"),
        (FIVE_DAYS, until("2026-02-20 12:00"), "2026-02-20 12:00"),
        (FIVE_DAYS, until("2026-02-11 12:00"), "2026-02-14 17:30"),  # never earlier than it was
    ],
)
def test_extension_counts_on_from_the_deadline_reached_so_far(given, extension, end):
    assert reckon(term(*given, extension), CALENDAR).at == at(end)


@pytest.mark.parametrize(
    ("given", "held", "end"),
    [
        # 12, 13 and 14 February were left: they become 25, 26 and 27
        (FIVE_DAYS, pause("2026-02-11 15:00", "2026-02-24 09:00"), "2026-02-27 17:30"),
        (FIVE_DAYS, pause("2026-02-11 15:00", "2026-02-22 09:00"), "2026-02-26 17:30"),
        (FIVE_DAYS, pause("2026-02-11 09:00", "2026-02-11 17:00"), "2026-02-14 17:30"),
        # six days were left, so that it would fall due on the 17th, a day off
        (TEN_DAYS, pause("2026-02-06 09:00", "2026-02-11 09:00"), "2026-02-24 17:30"),
        (TEN_DAYS, pause("2026-02-06 09:00", "2026-02-07 09:00"), "2026-02-13 17:30"),
        # three working hours were left, eighteen natural ones
        (FOUR_HOURS, pause("2026-02-13 16:30", "2026-02-23 12:00"), "2026-02-24 11:30"),
        (FOUR_HOURS, pause("2026-02-13 18:00", "2026-02-13 20:00"), "2026-02-14 10:30"),
        (ONE_DAY, pause("2026-02-13 23:40", "2026-02-16 08:00"), "2026-02-17 02:00"),
    ],
)
def test_what_was_left_runs_on_after_a_pause(given, held, end):
    assert reckon(term(*given, held), CALENDAR).at == at(end)


@pytest.mark.parametrize(
    ("given", "held", "end"),
    [
        (FIVE_DAYS, pause("2026-02-14 10:00", "2026-02-14 11:00"), "2026-02-14 17:30"),
        (FIVE_DAYS, pause("2026-02-14 10:00", "2026-02-25 08:00"), "2026-02-25 17:30"),
        (FIVE_DAYS, pause("2026-02-14 10:00", "2026-02-22 10:00"), "2026-02-24 17:30"),
        (FIVE_DAYS, pause("2026-02-14 10:00", "2026-02-24 17:30"), "2026-02-25 17:30"),  # not over at once
        (TEN_DAYS, pause("2026-02-12 10:00", "2026-02-14 10:00"), "2026-02-14 17:30"),
        (TEN_DAYS, pause("2026-02-12 10:00", "2026-02-15 10:00"), "2026-02-24 17:30"),
    ],
)
def test_what_fell_due_on_the_day_of_the_pause_falls_due_at_the_close_of_business_after_it(given, held, end):
    assert reckon(term(*given, held), CALENDAR).at == at(end)


@pytest.mark.parametrize("since", ["2026-02-14 17:30", "2026-02-24 09:00"])
def test_a_pause_never_heals_lateness(since):
    assert reckon(term(*FIVE_DAYS, pause(since, "2026-03-02 09:00")), CALENDAR).at == at("2026-02-14 17:30")


def test_a_pause_begins_on_its_local_day_and_not_on_that_of_utc():
    monday_half_past_midnight = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    held = Pause(monday_half_past_midnight, at("2026-11-24 12:00"))

    # It fell due on that Monday, so no day was left; one would be if the pause had begun on Sunday.
    assert reckon(term("2026-11-16 09:14", 5, WORKING_DAY, held), CALENDAR).at == at("2026-11-24 17:30")


def test_a_pause_that_runs_changes_nothing_yet():
    assert reckon(term(*FIVE_DAYS, pause("2026-02-11 09:00")), CALENDAR) == reckon(term(*FIVE_DAYS), CALENDAR)


def test_changes_take_effect_in_their_order():
    held = pause("2026-02-13 09:00", "2026-02-26 09:00")

    # extended to the 25th first, so 14, 24 and 25 February are left: they become 27, 28 and 2 March
    assert reckon(term(*FIVE_DAYS, more(2, WORKING_DAY), held), CALENDAR).at == at("2026-03-02 17:30")
    # late when it was held on the 24th; granted after that, two days count on from the deadline that was missed
    late = pause("2026-02-24 09:00", "2026-02-26 09:00")
    assert reckon(term(*FIVE_DAYS, late, more(2, WORKING_DAY)), CALENDAR).at == at("2026-02-25 17:30")


def test_a_named_end_stays_on_its_day_off_unless_a_pause_takes_a_day():
    sunday = until("2026-02-15 12:00")

    for span in (TEN_DAYS, FIVE_DAYS):
        for held, end in (("2026-02-13 10:00", "2026-02-15 12:00"), ("2026-02-14 09:00", "2026-02-24 12:00")):
            assert reckon(term(*span, sunday, pause("2026-02-13 09:00", held)), CALENDAR).at == at(end)


@pytest.mark.parametrize(
    ("given", "changes", "soon"),
    [
        (FIVE_DAYS, (), "2026-02-14 08:30"),  # one working day at most
        (("2026-11-16 09:14", 1, WORKING_DAY), (), "2026-11-17 14:11"),  # a quarter of 13 h 16 min
        (TEN_DAYS, (), "2026-02-11 17:30"),  # one day at most
        (ONE_DAY, (), "2026-02-14 11:40"),  # a quarter of 24 h
        (FOUR_HOURS, (), "2026-02-14 09:30"),
        (("2026-02-13 08:30", 4, WORK_HOUR), (), "2026-02-13 11:30"),  # before noon, due at 14:30
        (("2026-02-13 11:00", 4, WORK_HOUR), (), "2026-02-13 16:00"),
        (("2026-02-13 17:00", 4, WORK_HOUR), (), "2026-02-14 11:00"),
        (ONE_DAY, (more(24, HOUR),), "2026-02-15 05:40"),  # a quarter of the whole: 12 h of 48
        (ONE_DAY, (pause("2026-02-13 23:40", "2026-02-23 23:40"),), "2026-02-23 17:40"),
        (FIVE_DAYS, (more(2, WORKING_DAY),), "2026-02-25 08:30"),
        (FOUR_HOURS, (more(8, WORK_HOUR),), "2026-02-24 08:30"),  # 3 h before 11:30
    ],
)
def test_the_last_quarter_is_soon_and_at_most_a_day(given, changes, soon):
    assert reckon(term(*given, *changes), CALENDAR).soon_at == at(soon)


@pytest.mark.parametrize(
    ("given", "change", "years"),
    [
        (("2026-12-21 09:00", 5, WORKING_DAY), more(3, WORKING_DAY), []),
        (("2026-12-21 09:00", 5, WORKING_DAY), more(4, WORKING_DAY), [2027]),
        (("2026-12-21 09:00", 5, WORKING_DAY), until("2027-03-01 09:00"), []),  # no calendar decides that
        (("2026-12-29 09:00", 24, HOUR), more(1, WORKING_DAY), []),
        (("2026-12-30 18:00", 24, HOUR), more(1, WORKING_DAY), [2027]),
        (("2026-12-30 09:00", 24, HOUR), pause("2026-12-30 10:00", "2027-02-01 09:00"), []),
        (("2026-12-21 09:00", 5, WORKING_DAY), pause("2026-12-22 09:00", "2027-02-01 09:00"), [2027]),
        (("2026-12-21 09:00", 5, WORK_HOUR), pause("2026-12-21 10:00", "2027-02-01 09:00"), [2027]),
        (("2026-12-21 09:00", 5, CALENDAR_DAY), pause("2026-12-22 09:00", "2027-02-01 09:00"), [2027]),
        (("2026-12-30 09:00", 1, WORKING_DAY), pause("2026-12-31 10:00", "2026-12-31 17:00"), []),
        (("2026-12-30 09:00", 1, WORKING_DAY), pause("2026-12-31 10:00", "2026-12-31 18:00"), [2027]),
        (("2026-12-21 09:00", 7, CALENDAR_DAY), pause("2026-12-28 09:00", "2027-01-02 09:00"), [2027]),
    ],
)
def test_a_change_into_a_year_not_announced_makes_a_deadline_provisional(given, change, years):
    found = reckon(term(*given, change), CALENDAR)

    assert [line["year"] for line in steps(found, "provisional")] == years
    assert found.is_provisional is bool(years)


def test_changes_are_lines_of_the_arithmetic():
    changes = more(2, WORKING_DAY), pause("2026-02-13 09:00", "2026-02-26 09:00"), until("2026-03-06 12:00")
    plain, changed = reckon(term(*FIVE_DAYS), CALENDAR), reckon(term(*FIVE_DAYS, *changes), CALENDAR)

    assert changed.steps[: len(plain.steps)] == plain.steps
    assert json.loads(json.dumps(changed.steps[len(plain.steps) :])) == [
        {
            "step": "extended",
            "at": "2026-02-10T09:00:00+08:00",
            "amount": 2,
            "unit": "working_day",
            "end": "2026-02-25T17:30:00+08:00",
        },
        {
            "step": "paused",
            "since": "2026-02-13T09:00:00+08:00",
            "until": "2026-02-26T09:00:00+08:00",
            "end": "2026-03-02T17:30:00+08:00",
        },
        {"step": "extended", "at": "2026-02-10T09:00:00+08:00", "end": "2026-03-06T12:00:00+08:00"},
    ]


def test_an_end_past_the_last_year_is_refused():
    with pytest.raises(ValueError, match="past the year 9999"):
        reckon(term(*FIVE_DAYS, more(10**9, WORKING_DAY)), CALENDAR)
