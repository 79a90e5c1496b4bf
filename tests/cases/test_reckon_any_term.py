"""What holds for any deadline, whatever has extended and paused it before."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.deadlines import reckon
from cases.terms import Extension, Pause, Term
from cases.worktime import Unit
from tests.cases.test_deadlines import CALENDAR, moments

spans = st.timedeltas(timedelta(), timedelta(days=40))
units = st.sampled_from(Unit)


@st.composite
def terms(draw, unit=units):
    """A term with up to three changes, in the order of time."""
    start = now = draw(moments)
    changes = []
    for _ in range(draw(st.integers(0, 3))):
        now += draw(spans)
        match draw(st.sampled_from(["more", "until", "pause"])):
            case "more":
                changes.append(Extension(now, draw(st.integers(1, 20)), draw(units)))
            case "until":
                changes.append(Extension(now, until=now + draw(spans)))
            case "pause":
                changes.append(Pause(now, now := now + draw(spans)))
    return Term(start, draw(st.integers(1, 30)), draw(unit), tuple(changes))


def changed(before, *changes):
    return Term(before.start, before.amount, before.unit, (*before.changes, *changes))


def last_moment(before):
    change = before.changes[-1] if before.changes else None
    match change:
        case Pause():
            return change.until
        case Extension():
            return change.at
    return before.start


@given(terms(), st.integers(1, 20), units)
def test_an_amount_makes_a_deadline_later(before, amount, unit):
    extended = changed(before, Extension(last_moment(before), amount, unit))

    assert reckon(extended, CALENDAR).at > reckon(before, CALENDAR).at


@given(terms(), spans, spans)
def test_a_named_end_never_makes_a_deadline_earlier(before, later, length):
    granted = last_moment(before) + later
    extended = changed(before, Extension(granted, until=granted + length))

    assert reckon(extended, CALENDAR).at == max(reckon(before, CALENDAR).at, granted + length)


@given(terms(), spans, spans)
def test_a_pause_never_makes_a_deadline_earlier_nor_ends_behind_it(before, later, length):
    since = last_moment(before) + later
    so_far, after = (reckon(each, CALENDAR).at for each in (before, changed(before, Pause(since, since + length))))

    assert after >= so_far
    assert (after > since + length) if so_far > since else (after == so_far)


@given(terms(), spans)
def test_a_pause_without_length_changes_nothing(before, later):
    since = last_moment(before) + later
    so_far, after = reckon(before, CALENDAR), reckon(changed(before, Pause(since, since)), CALENDAR)

    assert (after.at, after.soon_at, after.is_provisional) == (so_far.at, so_far.soon_at, so_far.is_provisional)


@given(terms(st.just(Unit.HOUR)), spans, spans)
def test_a_pause_adds_just_its_length_to_hours_that_were_left(before, later, length):
    since = last_moment(before) + later
    so_far = reckon(before, CALENDAR).at

    assert reckon(changed(before, Pause(since, since + length)), CALENDAR).at == (
        so_far + length if so_far > since else so_far
    )


@given(terms(st.just(Unit.WORK_HOUR)), spans, spans)
def test_a_pause_leaves_the_working_time_that_was_left(before, later, length):
    since = last_moment(before) + later
    so_far, after = (reckon(each, CALENDAR).at for each in (before, changed(before, Pause(since, since + length))))

    left = CALENDAR.work_time_between(since, so_far)
    if left > timedelta():
        assert CALENDAR.work_time_between(since + length, after) == left


@given(moments, st.integers(1, 30), spans, spans)
def test_a_pause_leaves_the_working_days_that_were_left(start, amount, later, length):
    since = start + later
    so_far = reckon(Term(start, amount, Unit.WORKING_DAY), CALENDAR).at
    after = reckon(Term(start, amount, Unit.WORKING_DAY, (Pause(since, since + length),)), CALENDAR).at

    left = CALENDAR.working_days_between(CALENDAR.localize(since).date(), so_far.date())
    if left > 0:
        assert CALENDAR.working_days_between(CALENDAR.localize(since + length).date(), after.date()) == left


@given(terms(), st.integers(1, 20), st.integers(1, 20))
def test_working_days_granted_one_after_the_other_add_up(before, first, second):
    granted = last_moment(before)
    twice = changed(before, Extension(granted, first, Unit.WORKING_DAY), Extension(granted, second, Unit.WORKING_DAY))
    once = changed(before, Extension(granted, first + second, Unit.WORKING_DAY))

    assert reckon(twice, CALENDAR).at == reckon(once, CALENDAR).at


@given(terms())
def test_the_same_facts_give_the_same_deadline(facts):
    assert reckon(facts, CALENDAR) == reckon(facts, CALENDAR)


@given(terms())
def test_soon_begins_after_the_start_and_before_the_end(facts):
    found = reckon(facts, CALENDAR)

    assert facts.start < found.soon_at < found.at
