"""What a deadline follows from: what makes sense, and how it is written down."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from cases.terms import Extension, Pause, Term, facts_of, term_of
from cases.worktime import Unit
from tests.cases.test_reckon_any_term import terms

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@given(terms())
def test_facts_are_read_back_as_they_were_written(term):
    assert term_of(json.loads(json.dumps(facts_of(term)))) == term


def test_a_pause_that_runs_is_read_back():
    term = Term(NOON, 1, Unit.HOUR, (Pause(NOON),))

    assert term_of(json.loads(json.dumps(facts_of(term)))) == term


def test_facts_are_plain():
    term = Term(NOON, 5, Unit.HOUR, (Extension(NOON, 2, Unit.HOUR), Pause(NOON, NOON), Extension(NOON, until=NOON)))
    noon = "2026-11-20T12:00:00+00:00"

    assert json.loads(json.dumps(facts_of(term))) == {
        "start": noon,
        "amount": 5,
        "unit": "hour",
        "changes": [
            {"kind": "extension", "at": noon, "amount": 2, "unit": "hour"},
            {"kind": "pause", "since": noon, "until": noon},
            {"kind": "extension", "at": noon, "until": noon},
        ],
    }


def test_what_was_written_without_a_start_has_it_in_its_arithmetic():
    steps = [{"step": "start", "at": "2026-11-16T09:14:00+08:00"}, {"step": "amount", "amount": 2, "unit": "hour"}]
    written = {"rule": 7, "amount": 2, "unit": "hour", "provisional": False, "steps": steps}

    assert term_of(written) == Term(datetime.fromisoformat("2026-11-16T09:14:00+08:00"), 2, Unit.HOUR)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"amount": 2},
        {"unit": Unit.HOUR},
        {"unit": Unit.HOUR, "until": NOON},
        {"amount": 2, "unit": Unit.HOUR, "until": NOON},
    ],
)
def test_an_extension_is_an_amount_or_an_end(given):
    with pytest.raises(ValueError, match="either an amount"):
        Extension(NOON, **given)


def test_what_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        Extension(NOON, 0, Unit.HOUR)
    with pytest.raises(ValueError, match="must be positive"):
        Term(NOON, 0, Unit.HOUR)
