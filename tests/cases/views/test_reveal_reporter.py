"""Looking up who reported a case, on pages."""

import pytest

from cases.models import Case
from cases.services.reassign_case import reassign_case
from stakeholders.models import Mandate, Membership
from tests.cases.views.conftest import BrowserOf
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1").party, user__name="陈立军")


@pytest.fixture
def case(lead: Membership) -> Case:
    return logged_case(reporter_name="刘桂兰", reporter_phone="13800002607")


def address(case: Case) -> str:
    return f"/cases/{case.number}/reporter/"


def test_reveal_shows_the_reporter_for_a_reason_and_tells_so(
    browser_of: BrowserOf, lead: Membership, case: Case
) -> None:
    browser = browser_of(lead)
    assert f'href="{address(case)}">Look up</a>' in browser.get(case.get_absolute_url()).content.decode()

    answer = browser.post(address(case), {"reason": "约上门时间"})

    assert answer.status_code == 200
    assert "刘桂兰" in answer.content.decode()
    assert "13800002607" in answer.content.decode()
    assert "no-store" in answer.headers["cache-control"]
    story = browser.get(case.get_absolute_url()).content.decode()
    assert "<b>陈立军</b> looked up the reporter's name and phone:" in story
    assert "约上门时间" in story
    assert "13800002607" not in story


@pytest.mark.parametrize("typed", [{}, {"reason": "  "}, {"reason": "a\0b"}, {"reason": "字" * 201}])
def test_reveal_shows_nothing_without_a_reason(
    browser_of: BrowserOf, lead: Membership, case: Case, typed: dict[str, str]
) -> None:
    browser = browser_of(lead)
    answer = browser.post(address(case), typed)

    assert answer.status_code == 422
    for page in (answer, browser.get(address(case))):
        assert "桂兰" not in page.content.decode()
        assert "2607" not in page.content.decode()
    assert not case.events.filter(kind="revealed").exists()


def test_reveal_is_for_those_who_decide_and_check(browser_of: BrowserOf, coordinator: Membership, case: Case) -> None:
    worker = MembershipFactory(grid_worker=True, grid=case.grid)

    for member in (coordinator, worker):
        assert browser_of(member).post(address(case), {"reason": "核实"}).status_code == 200


def test_reporter_is_hidden_from_those_who_only_see_the_case(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    support = MembershipFactory(party=MandateFactory(item="3.1", role=Mandate.Role.SUPPORT).party)
    case = logged_case(reporter_name="刘桂兰", reporter_phone="13800002607")
    reassign_case(case, by=coordinator, lead=PartyFactory(), reason="改派")

    for member in (support, lead, MembershipFactory(auditor=True)):
        browser = browser_of(member)
        page = browser.get(case.get_absolute_url()).content.decode()
        assert "<dd>left contact details</dd>" in page
        assert "刘" not in page
        assert "2607" not in page
        assert address(case) not in page
        assert browser.get(address(case)).status_code == 403
        assert browser.post(address(case), {"reason": "x"}).status_code == 403


def test_reveal_is_not_there_where_there_is_nothing_to_see(browser_of: BrowserOf, lead: Membership, case: Case) -> None:
    stranger = MembershipFactory()

    assert browser_of(stranger).get(address(case)).status_code == 404
    assert browser_of(lead).get(address(logged_case())).status_code == 404
