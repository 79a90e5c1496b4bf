"""Browsers of members, and a case that several of them can see."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from cases.models import Case
from stakeholders.models import Membership
from tests.factories.stakeholders import MandateFactory, MembershipFactory

BrowserOf = Callable[..., Client]

FRIDAY = datetime(2026, 11, 20, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def page_of(browser: Client, case: Case, at: datetime = FRIDAY) -> str:
    """What the page of a case says on that Friday, with white space as it is read."""
    with time_machine.travel(at, tick=False):
        answer = browser.get(case.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def section(page: str, heading: str) -> str:
    """The part of a page under a heading."""
    return page.split(f"<h2>{heading}")[1].split("</section>")[0]


@pytest.fixture
def browser_of() -> BrowserOf:
    """Open an English browser of somebody who has signed in."""

    def open_browser(membership: Membership, language: str = "en") -> Client:
        browser = Client(headers={"accept-language": language})
        browser.force_login(membership.user)
        return browser

    return open_browser


@pytest.fixture
def coordinator() -> Membership:
    """Somebody who sees the whole town and decides."""
    return MembershipFactory(coordinator=True, user__name="周敏")


@pytest.fixture
def lead() -> Membership:
    """A handler of the party that leads for waste."""
    return MembershipFactory(party=MandateFactory(item="3.1", party__name_en="Anju").party, user__name="陈立军")
