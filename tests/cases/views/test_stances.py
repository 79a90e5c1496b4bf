"""Side by side what each party says about whose a case is."""

from datetime import timedelta

import pytest

from cases.services.claim_case import claim_case
from cases.services.disclaim_case import disclaim_case
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from stakeholders.models import Membership
from tests.cases.views.conftest import BrowserOf, page_of, section
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db

HEADING = "Who says what"


@pytest.fixture
def other() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1", party__name_en="Committee").party)


def said(page: str) -> list[tuple[str, str]]:
    """Each party with what it says."""
    found = section(page, HEADING).split('<div class="stance stack-s">')[1:]
    return [
        (each.split("<h3>")[1].split("</h3>")[0].strip(), each.split('class="say ')[1].split("</p>")[0])
        for each in found
    ]


def test_parties_that_were_asked_stand_beside_those_that_answered(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, other: Membership
) -> None:
    case = logged_case(by=coordinator)
    disclaim_case(
        case, by=lead, ground="合同只含楼内收集。", legal_basis="合同第 12 条", at=MONDAY + timedelta(hours=1)
    )

    page = page_of(browser_of(coordinator), case)

    assert said(page) == [("Anju", 'say--not">Not ours'), ("Committee", 'say--none">Has not said yet')]
    assert "2 parties, 1 of them says that it is not theirs" in page
    assert "合同只含楼内收集。" in section(page, HEADING)
    assert "合同第 12 条 · 16 Nov 10:14" in section(page, HEADING)
    assert "asked 16 Nov 09:14" in section(page, HEADING)


def test_two_that_claim_it_both_say_ours(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, other: Membership
) -> None:
    case = logged_case(by=coordinator)
    claim_case(case, by=lead)
    claim_case(case, by=other)

    assert said(page_of(browser_of(coordinator), case)) == [
        ("Anju", 'say--ours">Ours'),
        ("Committee", 'say--ours">Ours'),
    ]


def test_who_has_it_while_it_is_disputed_is_marked(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    works = MembershipFactory(party__name_en="Works")
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="x", at=MONDAY)
    reassign_case(case, by=coordinator, lead=works.party, reason="y", at=MONDAY)
    return_case(case, by=works, ground="z", at=MONDAY)

    page = page_of(browser_of(coordinator), case)

    assert said(page) == [
        ('Anju <span class="quiet small">has it now</span>', 'say--not">Not ours'),
        ("Works", 'say--not">Not ours'),
    ]
    assert "goes on with it while it is disputed" in page


def test_what_was_said_stays_when_it_is_settled_and_silence_goes(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, other: Membership
) -> None:
    case = logged_case(by=coordinator)
    disclaim_case(case, by=lead, ground="x", at=MONDAY)
    reassign_case(case, by=coordinator, lead=PartyFactory(), reason="y", at=MONDAY)

    assert said(page_of(browser_of(coordinator), case)) == [("Anju", 'say--not">Not ours')]


def test_candidates_hold_nothing(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, other: Membership
) -> None:
    page = page_of(browser_of(coordinator), logged_case(by=coordinator))

    holders = page.split('class="holders"')[1].split("</ol>")[0]
    assert "Anju" not in holders
    assert "asked whether it is theirs" not in page.lower()


def test_nothing_is_said_where_nobody_was_asked(browser_of: BrowserOf, lead: Membership) -> None:
    assert HEADING not in page_of(browser_of(lead), logged_case())
