"""Logging from a form that may be sent twice."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from cases.models import Case, Submission
from cases.services import log_case_once as module
from cases.services.log_case_once import log_case_once
from stakeholders.models import Membership
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def report() -> dict[str, Any]:
    return {"token": uuid4(), "title": "路灯不亮", "estate": EstateFactory()}


def test_log_case_once_makes_one_case_of_one_token(by: Membership, report: dict[str, Any]) -> None:
    case, is_new = log_case_once(**report, by=by)

    assert (is_new, log_case_once(**report, by=by)) == (True, (case, False))
    assert list(Case.objects.all()) == [case]
    assert log_case_once(**(report | {"token": uuid4()}), by=by)[1]


def test_log_case_once_gives_the_loser_the_case_of_the_winner(
    by: Membership, report: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = log_case_once(**report, by=by)
    looks = iter([None, first])
    monkeypatch.setattr(module, "_made_before", lambda token, by: next(looks))

    assert log_case_once(**report, by=by) == (first, False)
    assert list(Case.objects.all()) == [first]


def test_log_case_once_keeps_the_token_of_another_to_himself(by: Membership, report: dict[str, Any]) -> None:
    case, _ = log_case_once(**report, by=by)

    other, is_new = log_case_once(**report, by=MembershipFactory(coordinator=True))

    assert (is_new, other == case) == (True, False)


def test_log_case_once_spends_no_token_on_what_is_refused(by: Membership, report: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        log_case_once(**report | {"title": "字" * 121}, by=by)

    assert not Submission.objects.exists()
    assert log_case_once(**report, by=by)[1]


def test_log_case_once_hides_no_other_refusal_of_the_database(
    by: Membership, report: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> Case:
        raise IntegrityError

    monkeypatch.setattr(module, "log_case", refuse)
    with pytest.raises(IntegrityError):
        log_case_once(**report, by=by)
