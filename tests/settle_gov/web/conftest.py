"""Browsers of people who are signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from stakeholders.models import Membership

SignedIn = Callable[..., Client]


@pytest.fixture
def signed_in() -> SignedIn:
    """Open a browser, set to English unless told otherwise, of somebody who has signed in."""

    def open_browser(membership: Membership, language: str = "en") -> Client:
        browser = Client(headers={"accept-language": language})
        browser.force_login(membership.user)
        return browser

    return open_browser
