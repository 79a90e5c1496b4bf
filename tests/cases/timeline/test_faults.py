"""Telling what is wrong, what no longer is, and what the ladder does."""

import pytest

from cases.models import CaseEvent, Finding
from tests.cases.timeline.conftest import told
from tests.factories.stakeholders import PartyFactory

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind
Fault = Finding.Kind


@pytest.fixture
def works() -> str:
    return PartyFactory(name_en="Works", code="works").code


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"finding": Fault.UNSIGNED, "party": "works"}, "<b>Works</b> has not signed for it in time."),
        ({"finding": Fault.UNSIGNED}, "<b>Not signed for in time.</b>"),
        ({"finding": Fault.UNCONTACTED}, "The reporter has not been contacted in time."),
        ({"finding": Fault.DUE_SOON}, "The deadline is near."),
        ({"finding": Fault.STALLED, "party": "works"}, "<b>Works</b> has not worked on it for 7 days."),
        ({"finding": Fault.STALLED}, "Nobody has worked on it for 7 days."),
        ({"finding": Fault.UNATTENDED, "party": "works"}, "Nobody at <b>Works</b> is in charge of it any more."),
        ({"finding": Fault.STATUTORY}, "<b>A statutory time limit has passed.</b>"),
        (
            {"finding": Fault.PING_PONG, "returns": 2, "handoffs": 3},
            "It is <b>passed back and forth</b>: returned 2×, handed on 3×.",
        ),
        (
            {"finding": Fault.MULTI_HEAD, "parties": ["works", "x"], "claimed": True},
            "<b>2 parties</b> say that it is theirs.",
        ),
        (
            {"finding": Fault.VACUUM, "disclaimed_by": ["works"]},
            "All who were asked say that it is not theirs: <b>nobody</b> answers for it; the coordinator "
            "has been told.",
        ),
    ],
)
def test_every_fault_is_told_with_its_evidence(works: str, details: dict[str, object], sentence: str) -> None:
    assert told(Kind.FOUND, **details) == sentence


@pytest.mark.parametrize("kind", Finding.Kind)
def test_what_is_no_longer_wrong_is_a_sentence_of_its_own(kind: Finding.Kind) -> None:
    sentence = told(Kind.CLEARED, finding=kind)

    assert sentence.startswith("No ")
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (
            {"action": "hand_over", "party": "works", "previous": "x"},
            "Handed over from <b>x</b> to <b>Works</b>, which is above: stalled.",
        ),
        (
            {"action": "hand_over", "party": "works", "previous": None},
            "Handed over to <b>Works</b>, which is above: stalled.",
        ),
        ({"action": "list", "party": "works"}, "Listed for supervision by <b>Works</b>: stalled."),
        ({"action": "list"}, "Listed for supervision: stalled."),
        ({"action": "tell_coordinator"}, "The coordinator was told: stalled."),
    ],
)
def test_the_ladder_says_whom_it_moves_a_case_to(works: str, details: dict[str, str], sentence: str) -> None:
    assert told(Kind.ESCALATED, rule=1, trigger="stalled", **details) == sentence
