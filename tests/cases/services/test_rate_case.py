"""What the reporter says."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case
from cases.policies import NotNowError
from cases.services.close_case import close_case
from cases.services.rate_case import rate_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=3)


def test_rate_case_notes_the_answers_and_whose_work_it_was(
    closed: Case, handler: Membership, worker: Membership
) -> None:
    case = rate_case(closed, contacted=True, solved=True, satisfied=None, reason="挺快", by=worker, at=LATER)

    rating = case.ratings.get()
    assert (rating.contacted, rating.solved, rating.satisfied) == (True, True, None)
    assert (rating.lead, rating.cycle, rating.by, rating.at) == (handler.party, 1, worker, LATER)
    assert (case.stage, case.rated_at) == ("closed", LATER)
    expected = {"contacted": True, "solved": True, "satisfied": None, "reason": "挺快"}
    assert (case.events.last().kind, case.events.last().details) == ("rated", expected)


def test_rate_case_reopens_what_is_not_solved(closed: Case, handler: Membership, worker: Membership) -> None:
    case = rate_case(closed, solved=False, by=worker, at=LATER)

    assert (case.stage, case.cycle, case.lead, case.rated_at) == ("dispatched", 2, handler.party, None)
    assert [each.kind for each in case.events.order_by("seq")][-3:] == ["rated", "reopened", "assigned"]
    assert case.events.get(kind="reopened").by is None
    assert case.ratings.get().cycle == 1


def test_rate_case_happens_once_a_round(
    closed: Case, handler: Membership, worker: Membership, coordinator: Membership
) -> None:
    rate_case(closed, solved=False, by=worker, at=LATER)
    sign_for_case(closed, by=handler, at=LATER)
    resolve_case(closed, reason="清了", by=handler, at=LATER)
    close_case(closed, reason="看过", by=worker, at=LATER)

    rate_case(closed, solved=True, by=worker, at=LATER)

    assert sorted(closed.ratings.values_list("cycle", "solved")) == [(1, False), (2, True)]
    with pytest.raises(NotNowError):
        rate_case(closed, solved=True, by=coordinator, at=LATER)


def test_rate_case_wants_an_answer(closed: Case, worker: Membership) -> None:
    with pytest.raises(ValidationError) as refusal:
        rate_case(closed, by=worker, reason="没接电话")

    assert list(refusal.value.message_dict) == ["solved"]
    assert not closed.ratings.exists()
