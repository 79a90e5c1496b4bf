"""Contacting the reporter."""

from datetime import timedelta

import pytest

from cases.models import Case, CaseEvent
from cases.services.contact_reporter import contact_reporter
from cases.services.hold_case import hold_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_contact_reporter_keeps_the_first_contact(handling: Case, handler: Membership) -> None:
    contact_reporter(handling, by=handler, at=MONDAY + 2 * HOUR)
    case = contact_reporter(handling, by=handler, reason="约好周三", at=MONDAY + 3 * HOUR)

    assert case.contacted_at == MONDAY + 2 * HOUR
    assert case.events.filter(kind=CaseEvent.Kind.CONTACTED).count() == 2
    assert case.events.last().details == {"reason": "约好周三"}


def test_contact_reporter_clears_that_nobody_had_called(handling: Case, handler: Membership) -> None:
    late = handling.contact_due_at + HOUR
    sweep_clocks(at=late)
    assert handling.findings.open().filter(kind="uncontacted").exists()

    case = contact_reporter(handling, by=handler, at=late)

    assert not case.findings.open().filter(kind="uncontacted").exists()


def test_contact_reporter_is_possible_while_on_hold(
    handling: Case, handler: Membership, coordinator: Membership
) -> None:
    hold_case(handling, reason="等料", until=MONDAY + 9 * HOUR, by=coordinator, at=MONDAY + 2 * HOUR)

    assert contact_reporter(handling, by=handler, at=MONDAY + 3 * HOUR).contacted_at == MONDAY + 3 * HOUR
