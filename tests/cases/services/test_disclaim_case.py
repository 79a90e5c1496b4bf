"""Saying that a case is not ours."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import Case
from cases.services.claim_case import claim_case
from cases.services.disclaim_case import disclaim_case
from cases.services.reassign_case import reassign_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


def test_disclaim_case_leaves_nobody_once_all_who_were_asked_say_so() -> None:
    heads = [MembershipFactory(party=MandateFactory(item="4.1").party) for _ in range(2)]
    case = logged_case(need_item=item("4.1"))

    case = disclaim_case(case, ground="属交警", by=heads[0], at=LATER)
    assert case.responsibility == "multi_head"
    case = disclaim_case(case, ground="属城管", legal_basis="三定方案", by=heads[1], at=LATER)

    assert (case.responsibility, case.lead) == ("vacuum", None)
    found = case.findings.open().get()
    assert set(found.evidence["disclaimed_by"]) == {each.party.code for each in heads}
    told = case.events.get(kind="disclaimed", by=heads[1]).details
    assert told == {"party": heads[1].party.code, "ground": "属城管", "legal_basis": "三定方案"}
    # Whoever thinks better of it may still say so.
    assert claim_case(case, by=heads[0], at=LATER + timedelta(hours=1)).lead == heads[0].party


def test_disclaim_case_takes_the_place_of_what_the_party_said_before(handling: Case, second: Membership) -> None:
    handling.custodies.create(party=second.party, role="support", since=MONDAY)
    claim_case(handling, by=second, at=MONDAY + timedelta(hours=1))

    disclaim_case(handling, ground="看错了", by=second, at=LATER)

    said = [(each.says, each.until) for each in handling.stances.all()]
    assert said == [("ours", LATER), ("not_ours", None)]


def test_disclaim_case_is_not_for_whoever_has_it(handling: Case, handler: Membership) -> None:
    with pytest.raises(PermissionDenied):
        disclaim_case(handling, ground="x", by=handler)


def test_disclaim_case_does_not_settle_a_dispute_for_an_interim_handler_who_said_nothing(
    disputed: Case, handler: Membership, second: Membership, coordinator: Membership
) -> None:
    interim = PartyFactory()
    reassign_case(disputed, lead=interim, reason="先由你办", by=coordinator, at=LATER)

    case = disclaim_case(disputed, ground="还是不归我们", by=second, at=LATER)

    assert (case.responsibility, case.lead) == ("disputed", interim)
    assert case.disputes.open().exists()


def test_disclaim_case_leaves_a_dispute_open_that_nobody_has(
    disputed: Case, handler: Membership, second: Membership
) -> None:
    case = disclaim_case(disputed, ground="x", by=handler, at=LATER)

    assert (case.responsibility, case.lead) == ("disputed", handler.party)
    assert case.disputes.open().exists()
