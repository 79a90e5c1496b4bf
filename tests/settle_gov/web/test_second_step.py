"""Where the office wants a second step, its administrators and coordinators do nothing before they have it."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories.accounts import PASSWORD, account_with_password, code_now, phone_of
from tests.factories.stakeholders import MembershipFactory, TokenFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office_wants_it(settings: Settings) -> None:
    settings.TWO_FACTOR_REQUIRED = True


@pytest.mark.parametrize("given", [{"coordinator": True}, {"administrator": True}, {"user__is_staff": True}])
@pytest.mark.parametrize("address", ["/", "/cases/", "/me/", "/me/password/", "/duties/", "/admin/", "/nowhere/"])
def test_who_has_none_is_led_to_turn_it_on(signed_in, given, address):
    answer = signed_in(MembershipFactory(**given)).get(address)

    assert answer.status_code == 404 if address == "/nowhere/" else answer.url == "/me/two-factor/"


@pytest.mark.parametrize("given", [{}, {"grid_worker": True}, {"auditor": True}])
def test_others_may_and_need_not(signed_in, given):
    browser = signed_in(MembershipFactory(**given))

    assert browser.get("/cases/").status_code == 200
    assert browser.get("/me/two-factor/").status_code == 200


def test_who_coordinates_besides_needs_it_in_every_capacity(signed_in):
    handler = MembershipFactory()
    MembershipFactory(user=handler.user, coordinator=True)

    assert signed_in(handler).get("/desk/").url == "/me/two-factor/"


def test_forms_do_nothing_either(signed_in):
    membership = MembershipFactory(coordinator=True)

    assert signed_in(membership).post("/me/", {"email": "x@example.com", "mail": "daily"}).url == "/me/two-factor/"
    membership.user.refresh_from_db()
    assert membership.user.email == ""


def test_language_theme_and_the_way_out_stay_open(signed_in):
    browser = signed_in(MembershipFactory(coordinator=True))

    assert browser.post("/theme/", {"theme": "dark", "next": "/me/two-factor/"}).url == "/me/two-factor/"
    assert browser.post("/language/", {"language": "en", "next": "/me/two-factor/"}).url == "/me/two-factor/"
    assert browser.post("/sign-out/").url == "/sign-in/"


def test_api_refuses_the_session_and_takes_tokens(signed_in):
    membership = MembershipFactory(coordinator=True)
    TokenFactory(membership=membership)

    refused = signed_in(membership).get("/api/v1/me/")
    taken = Client().get("/api/v1/me/", headers={"authorization": "Bearer secret"})

    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "Your role needs a second step to sign in. Turn it on in the browser first.",
    )
    assert taken.status_code == 200


def test_who_turns_it_on_goes_on_at_once(signed_in):
    membership = MembershipFactory(user=account_with_password(), coordinator=True)
    browser = signed_in(membership)

    page = browser.get("/me/two-factor/").content.decode()
    code = code_now(browser.session["two_factor_secret"])
    browser.post("/me/two-factor/on/", {"code": code, "password": PASSWORD})

    assert "Your role needs a second step here." in page
    assert browser.get("/inbox/").status_code == 200


def test_who_comes_in_by_it_goes_on(client):
    membership = MembershipFactory(user=account_with_password(), coordinator=True)
    secret = phone_of(membership.user)

    client.post("/sign-in/", {"username": membership.user.username, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": code_now(secret)})

    assert client.get("/inbox/").status_code == 200


def test_older_session_of_who_has_turned_it_on_elsewhere_is_to_be_begun_again(signed_in):
    membership = MembershipFactory(coordinator=True)
    browser = signed_in(membership)
    phone_of(membership.user)

    page = browser.get("/me/two-factor/").content.decode()

    assert "Sign out and in again" in page
    assert browser.get("/inbox/").url == "/me/two-factor/"


def test_it_costs_no_query(signed_in, settings, django_assert_num_queries):
    browser = signed_in(MembershipFactory(auditor=True))

    with django_assert_num_queries(5):  # session, user, memberships, notices, tokens: as without
        browser.get("/me/tokens/")
