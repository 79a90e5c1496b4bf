"""Who has had a case: a case that had ended was in nobody's hands, and nobody is charged for that."""

from datetime import timedelta

import pytest

from cases.models import Custody
from cases.services.close_case import close_case
from cases.services.hold_case import hold_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Membership
from tests.cases.views.conftest import FRIDAY, BrowserOf, page_of
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db


def test_the_time_between_closing_and_reopening_is_charged_to_nobody(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    sign_for_case(case, by=lead, at=MONDAY)
    resolve_case(case, by=lead, reason="x", at=MONDAY)
    close_case(case, by=coordinator, reason="x", at=MONDAY + timedelta(hours=1))
    reopen_case(case, by=coordinator, reason="x", at=MONDAY + timedelta(hours=25))

    page = page_of(browser_of(coordinator), case, MONDAY + timedelta(hours=26))

    holders = page.split('class="holders"')[1].split("</ol>")[0]
    assert 'Ended <span class="quiet">until it was reopened</span>' in holders
    assert "Nobody" not in holders
    assert "2 h in all" in page
    assert '<rect class="void"' not in page
    assert 'class="hand"' not in page


def test_the_strip_of_a_case_on_hold_is_late_only_until_it_was_put_aside(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    in_time, late = logged_case(by=coordinator), logged_case(by=coordinator)
    for case, days in ((in_time, 0), (late, 3)):
        sign_for_case(case, by=lead, at=MONDAY)
        hold_case(case, by=coordinator, until=FRIDAY + timedelta(days=30), reason="x", at=MONDAY + timedelta(days=days))

    assert 'class="late"' not in page_of(browser_of(coordinator), in_time)
    assert 'class="late"' in page_of(browser_of(coordinator), late)


def test_holders_say_that_the_ladder_took_it_over(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    Custody.objects.filter(case=case).update(until=MONDAY + timedelta(hours=1), ending=Custody.Ending.HANDED_OVER)

    assert "handed over by the ladder" in page_of(browser_of(coordinator), case)
