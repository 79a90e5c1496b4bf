"""Deeds whose clock is behind that of the last one: read before waiting, of another machine, or set back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cases.models import Case, Custody, Finding
from cases.services.close_case import close_case
from cases.services.escalate import escalate
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.settle_scope import settle_scope
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.void_case import void_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db

BEFORE = MONDAY - timedelta(hours=1)
NEXT_YEAR = MONDAY + timedelta(days=365)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def case(coordinator: Membership) -> Case:
    """A case of a party below another one, logged on Monday; the sweeps ran with a clock that was a year ahead."""
    party = MandateFactory(item="3.1", party__supervisor=PartyFactory()).party
    MembershipFactory(party=party)
    case = logged_case(by=coordinator)
    sweep_clocks(at=NEXT_YEAR)
    escalate(at=NEXT_YEAR)
    assert case.findings.open().filter(kind=Finding.Kind.OVERDUE).exists()
    return case


def handler_of(case: Case) -> Membership:
    return Membership.objects.get(party=case.lead, role="handler")


def hand_back(case: Case, _by: Membership) -> None:
    return_case(case, ground="不归我们", by=handler_of(case), at=BEFORE)


def hand_on(case: Case, by: Membership) -> None:
    reassign_case(case, lead=PartyFactory(), reason="首接负责", by=by, at=BEFORE)


def declare_void(case: Case, by: Membership) -> None:
    void_case(case, reason="误报", by=by, at=BEFORE)


def finish(case: Case, by: Membership) -> None:
    handler = handler_of(case)
    sign_for_case(case, by=handler, at=BEFORE)
    resolve_case(case, reason="已清运", by=handler, at=BEFORE)
    close_case(case, reason="看过", by=by, at=BEFORE)


@pytest.mark.parametrize("deed", [hand_back, hand_on, declare_void, finish])
def test_no_stretch_ends_before_it_begins(
    case: Case, coordinator: Membership, deed: Callable[[Case, Membership], None]
) -> None:
    deed(case, coordinator)

    [first] = Custody.objects.filter(case=case, role="lead", until__isnull=False)
    assert first.until == first.since
    assert Case.objects.get().resolved_at in (None, MONDAY)


@pytest.mark.parametrize("deed", [declare_void, finish])
def test_finding_of_a_clock_ahead_is_cleared_when_it_was_opened(
    case: Case, coordinator: Membership, deed: Callable[[Case, Membership], None]
) -> None:
    deed(case, coordinator)

    assert set(Finding.objects.values_list("cleared_at", flat=True)) == {NEXT_YEAR}


def test_ruling_takes_over_from_a_backstop_that_begins_later(coordinator: Membership) -> None:
    MandateFactory(item="3.1", role="backstop")
    case = logged_case(by=coordinator)

    settle_scope(
        PartyFactory(), reason="按合同约定", by=coordinator, estate=case.estate, need_item=case.need_item, at=BEFORE
    )

    [first] = Custody.objects.filter(case=case, role="lead", until__isnull=False)
    assert first.until == first.since == MONDAY
    assert Finding.objects.get().cleared_at == MONDAY
