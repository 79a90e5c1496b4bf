"""Browsers of members, and a case that several of them can see."""

from collections.abc import Callable

import pytest
from django.test import Client

from stakeholders.models import Membership
from tests.factories.stakeholders import MembershipFactory

BrowserOf = Callable[..., Client]


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
