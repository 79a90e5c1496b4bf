"""Reporting a case as done."""

from datetime import timedelta

import pytest

from cases.models import Case, Finding
from cases.services.claim_case import claim_case
from cases.services.extend_case import extend_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=3)


def test_resolve_case_stops_the_clock_and_clears_what_was_late(handling: Case, handler: Membership) -> None:
    sweep_clocks(at=LATER)

    case = resolve_case(handling, reason="已清运", by=handler, at=LATER + HOUR)

    assert (case.stage, case.resolved_at) == ("resolved", LATER + HOUR)
    assert case.findings.get(kind=Finding.Kind.OVERDUE).cleared_at == LATER + HOUR
    assert not case.findings.open().exists()
    assert (case.overdue_at(LATER + 9 * HOUR), case.was_late) == (False, True)
    assert case.custodies.get(role="lead").until is None
    assert sweep_clocks(at=LATER + timedelta(days=60)) == 0


def test_resolve_case_settles_the_dispute_for_whoever_did_the_work(disputed: Case, handler: Membership) -> None:
    sign_for_case(disputed, by=handler, at=MONDAY + 2 * HOUR)

    case = resolve_case(disputed, reason="已清运", by=handler, at=LATER)

    assert (case.responsibility, case.lead) == ("held", handler.party)
    assert case.disputes.get().settled_at == LATER
    assert not case.findings.open().exists()


def test_resolve_case_ends_the_claims_of_others(handling: Case, handler: Membership, second: Membership) -> None:
    handling.custodies.create(party=second.party, role="support", since=MONDAY)
    claim_case(handling, by=second, at=MONDAY + 2 * HOUR)

    case = resolve_case(handling, reason="已清运", by=handler, at=MONDAY + 3 * HOUR)

    assert case.responsibility == "held"
    assert not case.stances.standing().exists()


def test_resolve_case_lets_lapse_what_was_asked_for(handling: Case, handler: Membership) -> None:
    extend_case(handling, reason="等料", amount=1, unit="working_day", by=handler, at=MONDAY + 2 * HOUR)

    case = resolve_case(handling, reason="已清运", by=handler, at=MONDAY + 3 * HOUR)

    request = case.time_requests.get()
    assert (case.asked, request.is_granted, request.decided_by) == ("", False, None)
    assert [event.kind for event in case.events.order_by("-seq")[:2]] == ["refused", "resolved"]
    assert case.events.last().details["lapsed"] is True
