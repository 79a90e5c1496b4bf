"""The clocks on the page of a case: dispute, hold, requests, laws."""

from datetime import timedelta

import pytest

from cases.models import Case, StatutoryRule
from cases.services.decide_hold import decide_hold
from cases.services.extend_case import extend_case
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.hold_case import hold_case
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.sweep_disputes import sweep_disputes
from cases.worktime import Unit
from stakeholders.models import Membership
from tests.cases.views.conftest import FRIDAY, BrowserOf, page_of, section
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(lead: Membership, coordinator: Membership) -> Case:
    """A case in handling."""
    return sign_for_case(logged_case(by=coordinator), by=lead, at=MONDAY)


@pytest.fixture
def disputed(lead: Membership, coordinator: Membership) -> Case:
    """A case that came back twice on a Monday."""
    works, case = MembershipFactory(party__name_en="Works"), logged_case(by=coordinator)
    return_case(case, by=lead, ground="x", at=MONDAY)
    reassign_case(case, by=coordinator, lead=works.party, reason="y", at=MONDAY)
    return return_case(case, by=works, ground="z", at=MONDAY)


@pytest.fixture
def rule() -> StatutoryRule:
    return StatutoryRule.objects.create(
        code="x",
        name="信访办结",
        name_en="Petition",
        article="条例第 34 条",
        amount=60,
        unit=Unit.CALENDAR_DAY,
        extension_amount=30,
    )


def test_a_dispute_has_a_clock_of_its_own(browser_of: BrowserOf, coordinator: Membership, disputed: Case) -> None:
    clocks = section(page_of(browser_of(coordinator), disputed, MONDAY + timedelta(hours=7)), "Deadlines")

    assert "<b>Settle the dispute</b>" in clocks
    assert "2 working days 1 h left" in clocks
    assert "Disputed since 16 Nov 09:14." in clocks
    assert "Town office has it since 16 Nov 09:14." in clocks


def test_a_raised_dispute_says_who_has_not_settled_it(
    browser_of: BrowserOf, coordinator: Membership, disputed: Case
) -> None:
    sweep_disputes(at=FRIDAY)

    clocks = section(page_of(browser_of(coordinator), disputed), "Deadlines")

    assert "Joint meeting has it since 20 Nov 15:20." in clocks
    assert "<b>Town office</b> has not settled the dispute in time: now <b>Joint meeting</b> has to" in clocks


def test_a_hold_says_until_when_why_and_who_granted_it(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, case: Case
) -> None:
    hold_case(case, by=lead, until=FRIDAY + timedelta(days=11), reason="列入 2027 年计划", at=MONDAY)
    decide_hold(case, by=coordinator, grant=True, reason="同意", at=MONDAY + timedelta(hours=1))

    clocks = section(page_of(browser_of(coordinator), case), "Deadlines")

    assert '<b>On hold</b><span class="push due due--pause">until 1 Dec 15:20</span>' in clocks
    assert "列入 2027 年计划" in clocks
    assert "Granted by 周敏, 16 Nov 10:14" in clocks


def test_a_request_waits_beside_the_clocks(browser_of: BrowserOf, lead: Membership, case: Case) -> None:
    extend_case(case, by=lead, amount=5, unit=Unit.WORKING_DAY, reason="等路面材料", at=MONDAY)

    clocks = section(page_of(browser_of(lead), case), "Deadlines")

    assert "Extension asked for" in clocks
    assert "<b>Anju</b> asks for 5 working days more." in clocks
    assert "等路面材料" in clocks


def test_laws_show_article_sum_and_limit(
    browser_of: BrowserOf, coordinator: Membership, case: Case, rule: StatutoryRule
) -> None:
    start_statutory_timer(case, rule=rule, by=coordinator, at=MONDAY)
    browser = browser_of(coordinator)

    laws = page_of(browser, case).split("Set by law")[1].split("</section>")[0]
    assert "<b>Petition</b>" in laws
    assert "<tr><td>Runs from</td><td>16 Nov 09:14</td></tr>" in laws
    assert "<tr><td>Petition</td><td>60 calendar days</td></tr>" in laws
    assert '<tr class="sum__total"><td>So it ends</td><td>15 Jan 2027 17:30</td></tr>' in laws
    assert "条例第 34 条; at the latest 15 Feb 2027 17:30." in laws

    extend_statutory_timer(case, rule=rule, amount=10, reason="复杂", by=coordinator, at=MONDAY)
    assert "条例第 34 条; extended once, and at the latest" in page_of(browser, case)
    stop_statutory_timer(case, rule=rule, reason="x", by=coordinator, at=FRIDAY)
    assert "66 days early" in page_of(browser, case).split("Set by law")[1]


def test_a_law_that_allows_no_extension_says_so(
    browser_of: BrowserOf, coordinator: Membership, case: Case, rule: StatutoryRule
) -> None:
    rule.extension_amount = None
    rule.save()
    start_statutory_timer(case, rule=rule, by=coordinator, at=MONDAY)

    assert "条例第 34 条; it allows no extension." in page_of(browser_of(coordinator), case)
