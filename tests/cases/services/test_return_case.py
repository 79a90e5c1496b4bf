"""Returning a case."""

from datetime import datetime, timedelta

import pytest

from cases.models import Case
from cases.policies import NotNowError
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Membership
from tests.cases.services.conftest import pass_back_and_forth
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + 2 * HOUR


def test_return_case_leaves_nobody_and_says_so(handling: Case, handler: Membership) -> None:
    due = handling.resolve_due_at

    case = return_case(handling, ground="清运属环卫职责", legal_basis="合同第 12 条", by=handler, at=LATER)

    assert (case.stage, case.lead, case.responsibility, case.returns) == ("opened", None, "vacuum", 1)
    assert (case.resolve_due_at, case.sign_due_at, case.signed_at) == (due, None, None)
    [custody] = case.custodies.all()
    assert (custody.until, custody.ending) == (LATER, "returned")
    assert case.findings.open().get().evidence == {"returned_by": handler.party.code}
    said = case.stances.standing().get()
    assert (said.party, said.says, said.ground, said.legal_basis) == (
        *(handler.party, "not_ours", "清运属环卫职责", "合同第 12 条"),
    )
    told = case.events.get(kind="returned").details
    assert told == {"party": handler.party.code, "ground": "清运属环卫职责", "legal_basis": "合同第 12 条"}


def test_return_case_opens_a_dispute_the_second_time(
    dispatched: Case, handler: Membership, second: Membership, coordinator: Membership
) -> None:
    due = dispatched.resolve_due_at

    case = pass_back_and_forth(dispatched, handler, second, coordinator, at=LATER)

    assert (case.stage, case.lead, case.responsibility, case.returns) == ("dispatched", handler.party, "disputed", 2)
    assert case.resolve_due_at == due
    assert case.sign_due_at > LATER
    dispute = case.disputes.open().get()
    assert (dispute.opened_at, dispute.level.position) == (LATER, 1)
    assert dispute.level_due_at == datetime.fromisoformat("2026-11-18T17:30:00+08:00")  # two working days
    assert [each.kind for each in case.findings.open()] == ["disputed"]
    parties = {handler.party.code, second.party.code}
    assert set(case.findings.open().get().evidence["parties"]) == parties
    opened = case.events.get(kind="dispute_opened").details
    assert (opened["lead"], set(opened["parties"]), opened["level"]) == (
        handler.party.code,
        parties,
        dispute.level.name,
    )


def test_return_case_does_not_dispute_what_was_returned_in_an_earlier_round(
    handling: Case, handler: Membership, second: Membership, coordinator: Membership
) -> None:
    return_case(handling, ground="x", by=handler, at=LATER)
    reassign_case(handling, lead=second.party, reason="x", by=coordinator, at=LATER)
    sign_for_case(handling, by=second, at=LATER)
    resolve_case(handling, reason="x", by=second, at=LATER)
    close_case(handling, reason="x", by=coordinator, at=LATER)
    reopen_case(handling, reason="x", by=coordinator, at=LATER + HOUR)

    case = return_case(handling, ground="x", by=second, at=LATER + 2 * HOUR)

    assert (case.responsibility, case.returns) == ("vacuum", 2)
    assert not case.disputes.exists()


def test_return_case_passes_over_a_first_receiver_that_is_closed_down(
    dispatched: Case, handler: Membership, second: Membership, coordinator: Membership
) -> None:
    return_case(dispatched, ground="x", by=handler, at=LATER)
    reassign_case(dispatched, lead=second.party, reason="x", by=coordinator, at=LATER)
    handler.party.closed_at = LATER
    handler.party.save()

    case = return_case(dispatched, ground="x", by=second, at=LATER)

    assert (case.responsibility, case.lead) == ("disputed", second.party)


def test_return_case_is_not_possible_in_a_dispute_or_after_a_ruling(
    disputed: Case, handler: Membership, second: Membership, coordinator: Membership
) -> None:
    with pytest.raises(NotNowError):
        return_case(disputed, ground="x", by=handler, at=LATER)
    rule_on_case(disputed, lead=second.party, reason="x", by=coordinator, at=LATER)
    with pytest.raises(NotNowError):
        return_case(disputed, ground="x", by=second, at=LATER)


@pytest.mark.parametrize("claiming", [1, 2])
def test_return_case_goes_to_whoever_alone_says_that_it_is_theirs(
    claiming: int, handling: Case, handler: Membership
) -> None:
    others = [MembershipFactory() for _ in range(claiming)]
    for each in others:
        handling.custodies.create(party=each.party, role="support", since=MONDAY)
        claim_case(handling, by=each, at=MONDAY + HOUR)

    case = return_case(handling, ground="x", by=handler, at=LATER)

    if claiming == 1:
        assert (case.responsibility, case.lead, case.stage) == ("held", others[0].party, "dispatched")
        assert not case.findings.open().exists()
        assert case.events.get(kind="agreed").details == {"lead": others[0].party.code, "previous": None}
    else:
        assert (case.responsibility, case.lead) == ("multi_head", None)
        assert set(case.findings.open().get().evidence["parties"]) == {each.party.code for each in others}
