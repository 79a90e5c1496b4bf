"""Checking that the work was done."""

from datetime import timedelta

import pytest

from cases.models import Case
from cases.policies import NotNowError
from cases.services.close_case import close_case
from cases.services.verify_case import verify_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_verify_case_notes_the_check_and_leaves_the_stage(resolved: Case, worker: Membership) -> None:
    case = verify_case(resolved, reason="现场看过", by=worker, at=MONDAY + 4 * HOUR)

    assert (case.stage, case.verified_at) == ("resolved", MONDAY + 4 * HOUR)
    assert (case.events.last().kind, case.events.last().details) == ("verified", {"reason": "现场看过"})


def test_verify_case_happens_once(resolved: Case, worker: Membership, coordinator: Membership) -> None:
    verify_case(resolved, reason="现场看过", by=worker)

    with pytest.raises(NotNowError):
        verify_case(resolved, reason="又看了", by=coordinator)


def test_verify_case_lets_another_one_close_without_a_reason(
    resolved: Case, worker: Membership, coordinator: Membership
) -> None:
    verify_case(resolved, reason="现场看过", by=worker)

    assert close_case(resolved, by=coordinator).stage == "closed"
