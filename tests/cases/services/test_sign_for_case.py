"""Signing for a case."""

from datetime import timedelta

import pytest

from cases.models import Case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_sign_for_case_starts_the_handling(dispatched: Case, handler: Membership) -> None:
    due = dispatched.sign_due_at

    case = sign_for_case(dispatched, by=handler, reason="马上到", at=MONDAY + HOUR)

    assert (case.stage, case.signed_at, case.sign_due_at) == ("handling", MONDAY + HOUR, due)
    assert (case.events.last().kind, case.events.last().details) == ("signed", {"reason": "马上到"})


def test_sign_for_case_clears_that_nobody_had_signed(dispatched: Case, handler: Membership) -> None:
    late = dispatched.sign_due_at + HOUR
    sweep_clocks(at=late)
    assert dispatched.findings.open().get(kind="unsigned").evidence == {"party": handler.party.code}

    case = sign_for_case(dispatched, by=handler, at=late)

    assert not case.findings.open().filter(kind="unsigned").exists()
    assert case.escalations.get(rule__action="tell_coordinator", rule__trigger="unsigned").cancelled_at == late
