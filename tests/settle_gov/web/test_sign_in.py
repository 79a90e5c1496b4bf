"""The door."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.stakeholders import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough secret"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def handler():
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    return MembershipFactory(user=user)


def test_sign_in_asks_for_account_and_password_without_a_query(browser, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = browser.get("/sign-in/").content.decode()

    assert 'name="username"' in page
    assert 'name="password"' in page


def test_sign_in_leads_to_where_the_day_begins(browser, handler):
    answer = browser.post("/sign-in/", {"username": handler.user.username, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain == [("/", 302), (reverse("desk"), 302)]


def test_sign_in_leads_back_to_the_page_that_was_asked_for(browser, handler):
    asked = browser.get("/duties/")

    answer = browser.post(asked.url, {"username": handler.user.username, "password": PASSWORD, "next": "/duties/"})

    assert (asked.status_code, asked.url) == (302, "/sign-in/?next=/duties/")
    assert answer.url == "/duties/"


def test_sign_in_refuses_to_lead_to_another_site(browser, handler):
    given = {"username": handler.user.username, "password": PASSWORD, "next": "https://elsewhere.example/"}

    assert browser.post("/sign-in/", given).url == "/"


def test_sign_in_says_what_to_do_about_a_wrong_password_and_keeps_the_account(browser, handler):
    page = browser.post("/sign-in/", {"username": handler.user.username, "password": "wrong"}).content.decode()

    assert "Account or password is wrong." in page
    assert f'value="{handler.user.username}"' in page


def test_sign_in_says_the_same_about_an_unknown_account(browser):
    page = browser.post("/sign-in/", {"username": "nobody", "password": "wrong"}).content.decode()

    assert "Account or password is wrong." in page


def test_sign_in_lets_whoever_is_in_go_on(signed_in):
    assert signed_in(MembershipFactory()).get("/sign-in/").url == "/"


def test_sign_out_wants_a_post_and_leads_to_the_door(signed_in):
    browser = signed_in(MembershipFactory())

    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").url == "/sign-in/"
    assert browser.get("/").url == "/sign-in/?next=/"
