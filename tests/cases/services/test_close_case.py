"""Closing a case."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case, StatutoryRule
from cases.services.close_case import close_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from cases.services.verify_case import verify_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + 5 * HOUR


def test_close_case_ends_custody_and_keeps_who_led(
    resolved: Case, handler: Membership, coordinator: Membership
) -> None:
    verify_case(resolved, reason="看过", by=coordinator, at=MONDAY + 4 * HOUR)

    case = close_case(resolved, by=coordinator, at=LATER)

    assert (case.stage, case.closed_at, case.verified_at) == ("closed", LATER, MONDAY + 4 * HOUR)
    assert case.lead == handler.party
    [custody] = case.custodies.all()
    assert (custody.until, custody.ending) == (LATER, "closed")
    assert (case.events.last().kind, case.events.last().details) == ("closed", {})
    assert case.next_check_at is None


def test_close_case_takes_a_reason_for_the_check_that_is_missing(resolved: Case, worker: Membership) -> None:
    with pytest.raises(ValidationError) as refusal:
        close_case(resolved, by=worker, at=LATER)
    assert list(refusal.value.message_dict) == ["reason"]

    case = close_case(resolved, reason="现场看过", by=worker, at=LATER)

    assert case.verified_at == LATER
    kinds = [(each.kind, each.details) for each in case.events.order_by("-seq")[:2]]
    assert kinds == [("closed", {}), ("verified", {"reason": "现场看过"})]


def test_close_case_stops_the_time_limits_that_run(resolved: Case, coordinator: Membership) -> None:
    rule = StatutoryRule.objects.get(code="gas-query")
    start_statutory_timer(resolved, rule=rule, by=coordinator, at=MONDAY + 4 * HOUR)

    case = close_case(resolved, reason="看过", by=coordinator, at=LATER)

    assert (case.timer_due_at, case.timers.get().stopped_at) == (None, LATER)
    assert [each.kind for each in case.events.order_by("seq")][-3:] == ["verified", "timer_stopped", "closed"]
    assert sweep_clocks(at=LATER + timedelta(days=99)) == 0
