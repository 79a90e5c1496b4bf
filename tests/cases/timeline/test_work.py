"""Telling of reopened, joined and attached."""

from datetime import timedelta

import pytest

from cases.models import CaseEvent, DeadlineRule
from cases.services.correct_case import correct_case
from cases.services.link_duplicate import link_duplicate
from cases.services.reopen_case import reopen_case
from stakeholders.models import Membership
from tests.cases.timeline.conftest import sentences, told
from tests.factories.cases import MONDAY, item, logged_case
from tests.photos import photo

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind


def test_story_tells_of_duplicates_on_either_side(lead: Membership, coordinator: Membership) -> None:
    main, other = logged_case(by=coordinator), logged_case(by=coordinator)
    link_duplicate(other, main_case=main, by=coordinator, at=MONDAY)

    joined = f"<b>Zhou Min</b> joined it to <b>{main.number}</b>, which is about the same matter."
    assert joined in sentences(other)
    assert sentences(main)[0] == (
        f"<b>Zhou Min</b> joined <b>{other.number}</b> to it: the same matter, reported again."
    )


def test_story_tells_who_reopened_it(lead: Membership, coordinator: Membership) -> None:
    main, other = logged_case(by=coordinator), logged_case(by=coordinator)
    link_duplicate(other, main_case=main, by=coordinator, at=MONDAY)
    reopen_case(other, by=coordinator, reason="不是一件事", at=MONDAY + timedelta(days=1))

    assert "<b>Zhou Min</b> reopened it; to be resolved by 17 Nov 17:30." in sentences(other)
    assert f"<b>Zhou Min</b> took <b>{other.number}</b> out again: it is a case of its own." in sentences(main)
    assert told(Kind.REOPENED, rated=True, due_at=None) == "The reporter answered “not solved”: reopened."
    assert told(Kind.REOPENED, due_at=None) == "The system reopened it."


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("before", "A photo came with the report."),
        ("after", "The system attached a photo from after the work."),
        ("document", "The system attached a document."),
    ],
)
def test_attaching_says_what_it_shows(kind: str, sentence: str) -> None:
    assert told(Kind.ATTACHED, attachment=1, kind=kind, name="a.jpg") == sentence


@pytest.mark.usefixtures("uploads")
def test_photo_of_a_member_says_whose_it_is(coordinator: Membership) -> None:
    case = logged_case(by=coordinator, photos=[photo()])

    assert "<b>Zhou Min</b> attached a photo from before the work." in sentences(case)


def test_story_tells_what_was_corrected(lead: Membership, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    correct_case(case, title="水管爆裂", reporter_name="刘桂兰", by=coordinator, at=MONDAY)
    assert sentences(case)[0] == "<b>Zhou Min</b> corrected <b>title, reporter</b>."

    DeadlineRule.objects.create(clock="resolve", need_item=item(), urgency="E", amount=2, unit="hour")
    correct_case(case, urgency="E", by=coordinator, at=MONDAY)
    assert sentences(case)[0] == (
        "<b>Zhou Min</b> corrected <b>urgency from general to emergency</b>; to be resolved by 16 Nov 11:14."
    )
