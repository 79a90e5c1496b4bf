"""Who sees which case: one rule for list, detail, search, export and feed."""

import pytest

from cases.models import Case, Finding
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from stakeholders.models import Mandate, Membership
from tests.factories.cases import logged_case
from tests.factories.stakeholders import BuildingFactory, GridFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


def sees(membership: Membership) -> list[Case]:
    return list(Case.objects.visible_to(membership))


def test_grid_worker_sees_the_own_grid() -> None:
    grid = GridFactory()
    mine = logged_case(building=BuildingFactory(grid=grid, estate__grid=grid))
    logged_case()

    assert sees(MembershipFactory(grid_worker=True, grid=grid)) == [mine]


@pytest.mark.parametrize("role", ["coordinator", "auditor", "administrator", "api_client"])
def test_others_see_their_area(role: str) -> None:
    mine = logged_case()
    logged_case()

    assert sees(MembershipFactory(role=role, area=mine.area)) == [mine]


def test_handler_sees_what_the_party_leads_or_supports_once() -> None:
    lead = MandateFactory(item="3.1")
    MandateFactory(item="3.1", role=Mandate.Role.SUPPORT, party=lead.party)
    support = MandateFactory(item="3.1", role=Mandate.Role.SUPPORT)
    case = logged_case()

    assert sees(MembershipFactory(party=lead.party)) == [case]
    assert sees(MembershipFactory(party=support.party)) == [case]
    assert sees(MembershipFactory()) == []


def test_handler_still_sees_what_the_party_once_held() -> None:
    first = MandateFactory(item="3.1").party
    case = logged_case()
    reassign_case(case, lead=PartyFactory(), reason="不归他们", by=MembershipFactory(coordinator=True))

    assert sees(MembershipFactory(party=first)) == [case]


def test_findings_follow_the_cases() -> None:
    case = logged_case()

    assert list(Finding.objects.visible_to(MembershipFactory(auditor=True, area=case.area))) == [case.findings.get()]
    assert not Finding.objects.visible_to(MembershipFactory()).exists()


def test_case_returned_by_a_party_stays_visible_to_it() -> None:
    party = MandateFactory(item="3.1").party
    handler = MembershipFactory(party=party)
    case = return_case(logged_case(), ground="不在红线内", by=handler)

    assert sees(handler) == [case]
