"""Declaring a case void."""

from datetime import timedelta

import pytest

from cases.models import Case, StatutoryRule
from cases.services.extend_case import extend_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from cases.services.void_case import void_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=3)


def test_void_case_clears_everything_that_was_wrong(coordinator: Membership) -> None:
    case = logged_case()
    sweep_clocks(at=LATER)
    assert case.findings.open().count() > 1

    case = void_case(case, reason="误报", by=coordinator, at=LATER)

    assert (case.stage, case.next_check_at) == ("void", None)
    assert not case.findings.open().exists()
    assert not case.escalations.filter(fired_at__isnull=True, cancelled_at__isnull=True).exists()
    assert case.events.get(kind="voided").details == {"reason": "误报"}
    assert sweep_clocks(at=LATER + timedelta(days=30)) == 0


def test_void_case_settles_the_dispute(disputed: Case, coordinator: Membership) -> None:
    case = void_case(disputed, reason="误报", by=coordinator, at=LATER)

    assert case.disputes.get().settled_at == LATER
    assert {each.ending for each in case.custodies.filter(until=LATER)} == {"voided"}
    assert not case.custodies.filter(until__isnull=True).exists()


def test_void_case_ends_time_limits_and_requests(handling: Case, handler: Membership, coordinator: Membership) -> None:
    at = MONDAY + timedelta(hours=2)
    rule = StatutoryRule.objects.get(code="gas-query")
    start_statutory_timer(handling, rule=rule, by=coordinator, at=at)
    extend_case(handling, reason="等料", amount=1, unit="working_day", by=handler, at=at)

    case = void_case(handling, reason="误报", by=coordinator, at=LATER)

    assert (case.asked, case.timer_due_at) == ("", None)
    assert not case.time_requests.pending().exists()
    assert not case.timers.running().exists()
