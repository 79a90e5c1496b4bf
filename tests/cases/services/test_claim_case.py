"""Saying that a case is ours."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case, Custody
from cases.policies import NotNowError
from cases.services.claim_case import claim_case
from cases.services.disclaim_case import disclaim_case
from cases.services.reassign_case import reassign_case
from cases.services.rule_on_case import rule_on_case
from stakeholders.models import Building, Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + 2 * HOUR


@pytest.fixture
def heads(building: Building) -> list[Membership]:
    """Handlers of two parties that lead for the same."""
    return [MembershipFactory(party=MandateFactory(item="4.1").party) for _ in range(2)]


@pytest.fixture
def contested(heads: list[Membership], building: Building) -> Case:
    """Two lead on paper: nobody has it, and both are asked."""
    case = logged_case(building=building, need_item=item("4.1"))
    assert case.responsibility == "multi_head"
    return case


def asked(case: Case) -> set[int]:
    return {each.party_id for each in case.custodies.filter(role=Custody.Role.CANDIDATE, until__isnull=True)}


def test_claim_case_waits_for_whoever_was_asked(contested: Case, heads: list[Membership]) -> None:
    found = contested.findings.open().get()

    case = claim_case(contested, by=heads[0], ground="合同第 8 条", at=LATER)

    assert (case.responsibility, case.lead) == ("multi_head", None)
    assert case.findings.open().get() == found
    assert asked(case) == {each.party_id for each in heads}
    told = case.events.last()
    assert (told.kind, told.by) == ("claimed", heads[0])
    assert told.details == {"party": heads[0].party.code, "ground": "合同第 8 条", "legal_basis": ""}


def test_claim_case_gets_it_once_all_others_leave_it(contested: Case, heads: list[Membership]) -> None:
    disclaim_case(contested, ground="不归我们", by=heads[1], at=MONDAY + HOUR)

    case = claim_case(contested, by=heads[0], at=LATER)

    assert (case.stage, case.responsibility, case.lead) == ("dispatched", "held", heads[0].party)
    assert asked(case) == set()
    assert {each.ending for each in case.custodies.filter(role="candidate")} == {"settled"}
    assert not case.findings.open().exists()
    assert [each.kind for each in case.events.order_by("seq")][-3:] == ["claimed", "agreed", "cleared"]


def test_claim_case_of_two_is_multi_head_since_it_began(contested: Case, heads: list[Membership]) -> None:
    began = contested.findings.open().get().since
    for each in heads:
        case = claim_case(contested, by=each, at=LATER)

    found = case.findings.open().get()
    assert (found.kind, found.since, found.evidence["claimed"]) == ("multi_head", began, True)
    steps = case.escalations.filter(fired_at__isnull=True, cancelled_at__isnull=True)
    assert {each.finding_id for each in steps} == {found.pk}
    assert min(each.due_at for each in steps) == began


def test_claim_case_against_a_holder_is_multi_head_while_the_holder_goes_on(
    handling: Case, handler: Membership, second: Membership
) -> None:
    handling.custodies.create(party=second.party, role="support", since=MONDAY)

    case = claim_case(handling, by=second, at=LATER)

    assert (case.stage, case.lead, case.responsibility) == ("handling", handler.party, "multi_head")
    assert case.findings.open().get().evidence["parties"] == [handler.party.code, second.party.code]
    case = disclaim_case(handling, ground="看错了", by=second, at=LATER + HOUR)
    assert case.responsibility == "held"
    assert not case.findings.open().exists()


def test_claim_case_takes_it_from_whoever_only_stands_behind(building: Building) -> None:
    behind = MandateFactory(item="5.1", role="backstop").party
    supporter = MembershipFactory(party=MandateFactory(item="5.1", role="support").party)
    case = logged_case(building=building, need_item=item("5.1"))
    assert (case.responsibility, case.lead) == ("backstop", behind)

    disclaim_case(case, ground="不归我们", by=supporter, at=LATER)
    kept = Case.objects.get(pk=case.pk)
    assert (kept.responsibility, kept.lead) == ("backstop", behind)

    case = claim_case(case, by=supporter, at=LATER + HOUR)
    assert (case.responsibility, case.lead) == ("held", supporter.party)
    assert case.events.get(kind="agreed").details["previous"] == behind.code


def test_claim_case_settles_a_dispute_where_the_others_leave_it(
    disputed: Case, handler: Membership, second: Membership
) -> None:
    case = claim_case(disputed, by=second, at=LATER)

    assert (case.responsibility, case.lead) == ("held", second.party)
    assert case.disputes.get().settled_at == LATER
    assert not case.findings.open().filter(kind="disputed").exists()


def test_claim_case_of_the_interim_handler_settles_a_dispute_without_handing_on(
    disputed: Case, handler: Membership
) -> None:
    before = disputed.handoffs

    case = claim_case(disputed, by=handler, at=LATER)

    assert (case.responsibility, case.lead, case.handoffs) == ("held", handler.party, before)
    assert case.custodies.filter(role="lead", until__isnull=True).count() == 1


def test_claim_case_is_not_for_the_holder_nor_after_a_ruling(
    handling: Case, handler: Membership, second: Membership, coordinator: Membership
) -> None:
    handling.custodies.create(party=second.party, role="support", since=MONDAY)
    with pytest.raises(PermissionDenied):
        claim_case(handling, by=handler, at=LATER)
    rule_on_case(handling, lead=handler.party, reason="x", by=coordinator, at=LATER)
    with pytest.raises(NotNowError):
        claim_case(handling, by=second, at=LATER)


def test_claim_case_refuses_a_party_that_is_closed_down(contested: Case, heads: list[Membership]) -> None:
    heads[0].party.closed_at = MONDAY
    heads[0].party.save()

    with pytest.raises(ValidationError) as refusal:
        claim_case(contested, by=heads[0], at=LATER)

    assert list(refusal.value.message_dict) == ["party"]


def test_claim_case_does_not_wait_for_a_party_that_is_closed_down(contested: Case, heads: list[Membership]) -> None:
    heads[1].party.closed_at = MONDAY
    heads[1].party.save()

    assert claim_case(contested, by=heads[0], at=LATER).lead == heads[0].party


def test_claim_case_of_who_lost_a_settled_case_does_not_come_back(
    contested: Case, heads: list[Membership], coordinator: Membership
) -> None:
    supporter = MembershipFactory()
    claim_case(contested, by=heads[0], at=MONDAY + HOUR)
    claim_case(contested, by=heads[1], at=LATER)
    case = reassign_case(
        contested, lead=heads[1].party, supports=[supporter.party], reason="协商一致", by=coordinator, at=LATER + HOUR
    )

    assert [each.party for each in case.stances.standing().filter(says="ours")] == [heads[1].party]
    assert disclaim_case(case, ground="不归我们", by=supporter, at=LATER + 2 * HOUR).responsibility == "held"
