"""What cases somebody means: by words, or by the end of the reporter's phone number."""

from itertools import product

import pytest

from cases.models import Case
from cases.policies import can_reveal
from cases.services.return_case import return_case
from stakeholders.models import Membership
from stakeholders.roles import Role
from tests.factories.cases import logged_case
from tests.factories.stakeholders import GridFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db

REPORTER = {"reporter_name": "刘桂兰", "reporter_phone": "13800002607"}


def meant(said: str, by: Membership) -> list[Case]:
    return list(Case.objects.visible_to(by).meant_by(said, by))


@pytest.mark.parametrize(("role", "leads"), list(product(Role, [True, False, None])))
def test_reporter_is_known_to_exactly_those_who_may_look_up(role: Role, leads: bool | None) -> None:
    grid = GridFactory() if role == Role.GRID_WORKER else None
    by = MembershipFactory(role=role, grid=grid)
    if leads is not None:
        MandateFactory(party=by.party) if leads else MandateFactory()
    case = logged_case()

    assert (case.lead_id == by.party_id, case.lead is None) == (leads is True, leads is None)
    assert Case.objects.reporter_known_to(by).exists() == can_reveal(by, case)


def test_case_is_found_by_the_end_of_the_number() -> None:
    coordinator = MembershipFactory(coordinator=True)
    case = logged_case(**REPORTER)
    logged_case(reporter_name="王五", reporter_phone="13800001122")

    assert meant("2607", coordinator) == [case]
    assert [meant(said, coordinator) for said in ("607", "0000", "13800002607", "刘桂兰")] == [[], [], [], []]


def test_case_is_found_by_digits_that_stand_in_it_as_well() -> None:
    coordinator = MembershipFactory(coordinator=True)
    reported = logged_case(**REPORTER)
    named = logged_case(title="门牌 2607 脱落")

    assert set(meant("2607", coordinator)) == {reported, named}


def test_number_leads_only_who_may_look_the_reporter_up_to_the_case() -> None:
    party = MandateFactory(item="3.1").party
    handler = MembershipFactory(party=party)
    case = logged_case(**REPORTER)
    assert meant("2607", handler) == [case]

    return_case(case, ground="不在红线内", by=handler)

    assert meant(case.number, handler) == [case]
    assert meant("2607", handler) == []
    assert meant("2607", MembershipFactory(auditor=True)) == []


def test_number_does_not_lead_past_what_a_member_sees() -> None:
    logged_case(**REPORTER)

    assert meant("2607", MembershipFactory(grid_worker=True)) == []


def test_number_of_somebody_without_a_name_is_no_way_to_the_case() -> None:
    case = logged_case(**REPORTER)
    Case.objects.filter(pk=case.pk).update(reporter_is_anonymous=True)

    assert meant("2607", MembershipFactory(coordinator=True)) == []
