"""Giving a case to another party."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.services.claim_case import claim_case
from cases.services.disclaim_case import disclaim_case
from cases.services.extend_case import extend_case
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import AreaFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + 2 * HOUR


def test_reassign_case_hands_on_and_clears_the_vacuum(coordinator: Membership) -> None:
    case, lead = logged_case(), PartyFactory()
    due = case.resolve_due_at

    case = reassign_case(case, lead=lead, reason="首接负责", by=coordinator, at=LATER)

    assert (case.stage, case.lead, case.responsibility, case.handoffs) == ("dispatched", lead, "held", 0)
    assert case.resolve_due_at == due
    assert not case.findings.open().exists()
    assert not case.escalations.filter(fired_at__isnull=True, cancelled_at__isnull=True).exists()
    told = case.events.get(kind="reassigned")
    assert (told.by, told.details) == (coordinator, {"previous": None, "lead": lead.code, "reason": "首接负责"})


def test_reassign_case_counts_the_hand_off_and_keeps_who_held_it(handling: Case, coordinator: Membership) -> None:
    first, second = handling.lead, PartyFactory()

    case = reassign_case(handling, lead=second, reason="职责调整", by=coordinator, at=LATER)

    assert (case.handoffs, case.signed_at) == (1, None)
    assert case.sign_due_at > LATER
    held = [(each.party, each.until, each.ending) for each in case.custodies.filter(role="lead")]
    assert held == [(first, LATER, "reassigned"), (second, None, "")]


def test_reassign_case_takes_off_who_was_in_charge_and_what_was_asked_for(
    handling: Case, handler: Membership, coordinator: Membership
) -> None:
    put_in_charge(handling, person=handler, by=handler, at=LATER)
    extend_case(handling, reason="等料", amount=1, unit="working_day", by=handler, at=LATER)

    case = reassign_case(handling, lead=PartyFactory(), reason="调整", by=coordinator, at=LATER)

    assert (case.in_charge, case.asked) == (None, "")
    assert case.events.last().details["lapsed"] is True


def test_reassign_case_names_supports_beside_those_there_are(handling: Case, coordinator: Membership) -> None:
    lead, one, other = PartyFactory(), PartyFactory(), PartyFactory()
    handling.custodies.create(party=one, role="support", since=MONDAY)

    case = reassign_case(handling, lead=lead, supports=[one, other, lead], reason="x", by=coordinator, at=LATER)

    supports = case.custodies.filter(role="support", until__isnull=True)
    assert {(each.party, each.since) for each in supports} == {(one, MONDAY), (other, LATER)}


def test_reassign_case_lets_a_dispute_go_on(disputed: Case, second: Membership, coordinator: Membership) -> None:
    case = reassign_case(disputed, lead=second.party, reason="先由你办", by=coordinator, at=LATER)

    assert (case.responsibility, case.lead) == ("disputed", second.party)
    assert case.disputes.open().exists()


def test_reassign_case_ends_claims_for_good(handling: Case, second: Membership, coordinator: Membership) -> None:
    third = MembershipFactory()
    for each in (second, third):
        handling.custodies.create(party=each.party, role="support", since=MONDAY)
    claim_case(handling, by=second, at=LATER)
    lead = PartyFactory()
    reassign_case(handling, lead=lead, reason="x", by=coordinator, at=LATER)

    case = disclaim_case(handling, ground="不归我们", by=third, at=LATER + HOUR)

    assert (case.responsibility, case.lead) == ("held", lead)


def test_reassign_case_is_not_stalled_for_what_lay_elsewhere(coordinator: Membership) -> None:
    case = logged_case()
    late = MONDAY + timedelta(days=20)
    reassign_case(case, lead=PartyFactory(), reason="x", by=coordinator, at=late)

    sweep_clocks(at=late + timedelta(days=6))
    assert not case.findings.open().filter(kind="stalled").exists()
    sweep_clocks(at=late + timedelta(days=8))
    assert case.findings.open().filter(kind="stalled").exists()


def test_reassign_case_refuses_the_same_party_a_closed_one_and_one_of_another_area(
    handling: Case, coordinator: Membership
) -> None:
    closed, elsewhere = PartyFactory(closed_at=MONDAY), PartyFactory(area=AreaFactory(code="440106001000"))

    for lead, code in ((handling.lead, "unchanged"), (closed, "closed_down"), (elsewhere, "elsewhere")):
        with pytest.raises(ValidationError) as refusal:
            reassign_case(handling, lead=lead, reason="x", by=coordinator)
        assert [each.code for each in refusal.value.error_dict["lead"]] == [code]
    for support in (closed, elsewhere):
        with pytest.raises(ValidationError) as refusal:
            reassign_case(handling, lead=PartyFactory(), supports=[support], reason="x", by=coordinator)
        assert list(refusal.value.error_dict) == ["supports"]


@pytest.mark.usefixtures("known_rules")
@pytest.mark.parametrize("supports", [0, 3])
def test_reassign_case_asks_little(
    supports: int, handling: Case, coordinator: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead, named = PartyFactory(), [PartyFactory() for _ in range(supports)]

    with django_assert_num_queries(11 + bool(supports)):  # two of them are the savepoint
        reassign_case(handling, lead=lead, supports=named, reason="x", by=coordinator, at=LATER)
