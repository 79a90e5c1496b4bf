"""Signing for several cases at once."""

import pytest

from cases.models import Case
from cases.services.reassign_case import reassign_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sign_for_cases import sign_for_cases
from stakeholders.models import Membership
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1").party)


def test_each_is_signed_for(handler: Membership) -> None:
    cases = [logged_case() for _each in range(3)]

    signed, passed = sign_for_cases(cases, by=handler)

    assert (signed, passed) == (cases, [])
    assert set(Case.objects.values_list("stage", flat=True)) == {"handling"}


def test_what_is_gone_meanwhile_holds_up_none_of_the_others(handler: Membership) -> None:
    taken, twice, left = (logged_case() for _each in range(3))
    sign_for_case(twice, by=handler)
    reassign_case(taken, lead=PartyFactory(), reason="x", by=MembershipFactory(coordinator=True))

    signed, passed = sign_for_cases([taken, twice, left], by=handler)

    assert (signed, passed) == ([left], [taken, twice])
