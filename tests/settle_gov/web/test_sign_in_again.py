"""Whoever is out in the middle of something comes back to it."""

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, account_with_password
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
HINT = "What you typed is not lost"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def test_form_that_was_sent_too_late_leads_back_to_its_page(browser: Client) -> None:
    form = logged_case().get_absolute_url()

    answer = browser.post(
        f"{form}actions/comment/", {"text": "x"}, headers={"referer": f"http://testserver{form}?tab=1"}
    )

    assert answer.url == f"/sign-in/?next={form}%3Ftab%3D1"


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/form/"])
def test_form_from_nowhere_leads_to_the_start(browser: Client, referer: str) -> None:
    assert browser.post("/me/", {}, headers={"referer": referer}).url == "/sign-in/?next=/"


def test_hint_stands_where_one_signs_in_and_again_where_one_comes_back_to(browser: Client) -> None:
    account = MembershipFactory(user=account_with_password()).user
    asked = browser.post("/me/", {}, headers={"referer": "http://testserver/me/"})

    door = browser.get(asked.url).content.decode()
    given = {"username": account.username, "password": PASSWORD, "next": "/me/"}
    page = browser.post(asked.url, given, follow=True).content.decode()

    assert HINT in door
    assert HINT in page
    assert HINT not in browser.get("/me/").content.decode()


def test_page_that_was_only_read_needs_no_hint(browser: Client) -> None:
    asked = browser.get("/me/")

    assert HINT not in browser.get(asked.url).content.decode()


def test_part_of_a_page_leads_back_to_the_page_with_the_form(browser: Client) -> None:
    headers = {"hx-request": "true", "referer": "http://testserver/duties/what-if/"}

    answer = browser.post("/duties/what-if/", {}, headers=headers)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/sign-in/?next=/duties/what-if/")
