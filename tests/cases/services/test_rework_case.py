"""Sending a case back."""

from datetime import timedelta

import pytest

from cases.models import Case
from cases.services.resolve_case import resolve_case
from cases.services.rework_case import rework_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.verify_case import verify_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=3)


def test_rework_case_runs_on_with_the_first_deadline(resolved: Case, worker: Membership) -> None:
    due = resolved.resolve_due_at

    case = rework_case(resolved, reason="仍满溢", by=worker, at=LATER)

    assert (case.stage, case.resolved_at, case.reworks, case.resolve_due_at) == ("handling", None, 1, due)
    assert (case.events.last().kind, case.events.last().details) == ("reworked", {"reason": "仍满溢"})
    sweep_clocks(at=LATER)
    assert {each.kind for each in case.findings.open()} == {"overdue", "uncontacted"}


def test_rework_case_takes_back_an_earlier_check(resolved: Case, worker: Membership, coordinator: Membership) -> None:
    verify_case(resolved, reason="看过", by=worker, at=MONDAY + 4 * HOUR)

    assert rework_case(resolved, reason="仍满溢", by=coordinator, at=MONDAY + 5 * HOUR).verified_at is None


def test_rework_case_is_overdue_again_although_it_was_before(
    handling: Case, handler: Membership, worker: Membership
) -> None:
    sweep_clocks(at=LATER)
    resolve_case(handling, reason="已清运", by=handler, at=LATER + HOUR)
    rework_case(handling, reason="仍满溢", by=worker, at=LATER + 2 * HOUR)

    sweep_clocks(at=LATER + 3 * HOUR)

    assert handling.findings.filter(kind="overdue").count() == 2
