"""The door."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from stakeholders.models import AccountEvent, SignInTries
from tests.factories.accounts import PASSWORD, account_with_password, code_now, phone_of, wrong_code
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import MembershipFactory, TokenFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def handler():
    return MembershipFactory(user=account_with_password())


def log() -> list[tuple[object, ...]]:
    return list(AccountEvent.objects.order_by("id").values_list("account", "kind", "how", "address"))


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


def give(browser: Client, account, password: str = PASSWORD, **headers: str):
    return browser.post("/sign-in/", {"username": account.username, "password": password}, headers=headers)


def test_coming_and_going_leave_a_line_each(browser, handler):
    give(browser, handler.user)
    browser.post("/sign-out/")

    assert log() == [
        (handler.user_id, "signed_in", "password", "127.0.0.1"),
        (handler.user_id, "signed_out", None, "127.0.0.1"),
    ]


def test_sign_in_costs_a_known_number_of_queries(browser, handler, django_assert_num_queries):
    # account; the row of tries with what makes it; the count; user; the try given back; second step?; tries forgotten
    # and the line in the log; session and last sign-in; savepoints of two
    with django_assert_num_queries(23):
        give(browser, handler.user)


def test_name_that_is_no_account_leaves_a_line_without_what_was_typed(browser):
    browser.post("/sign-in/", {"username": "my password by mistake", "password": "wrong"})

    assert log() == [(None, "refused", "password", "127.0.0.1")]
    assert "my password" not in str(AccountEvent.objects.values()) + str(SignInTries.objects.values())


def test_sign_in_counts_by_the_address_that_our_proxy_saw(browser, handler, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        give(browser, handler.user, "wrong", x_forwarded_for=f"198.51.100.{number}, 192.0.2.7")

    refused = give(browser, handler.user, x_forwarded_for="192.0.2.7").content.decode()

    assert "Too many tries: this account is shut to you until" in refused
    assert log()[-1] == (handler.user_id, "shut", "password", "192.0.2.7")
    assert give(browser, handler.user, x_forwarded_for="192.0.2.8").status_code == 302


def test_fifth_try_may_still_be_right(browser, handler):
    for _each in range(4):
        give(browser, handler.user, "wrong")

    assert give(browser, handler.user).url == "/"
    assert not SignInTries.objects.exists()


def test_closed_account_is_told_no_more_than_a_wrong_password(browser, handler):
    handler.user.is_active = False
    handler.user.save()

    assert "Account or password is wrong." in give(browser, handler.user).content.decode()


def test_second_step_is_asked_for_and_leads_on_to_the_page_that_was_wanted(browser, handler):
    secret = phone_of(handler.user)

    asked = browser.post(
        "/sign-in/?next=/duties/", {"username": handler.user.username, "password": PASSWORD, "next": "/duties/"}
    )
    in_between = browser.get("/duties/")
    page = browser.get(asked.url).content.decode()
    answer = browser.post(asked.url, {"code": code_now(secret)})

    assert asked.url == "/sign-in/code/"
    assert in_between.url == "/sign-in/?next=/duties/"
    assert 'autocomplete="one-time-code"' in page
    assert answer.url == "/duties/"
    assert browser.get("/duties/").status_code == 200
    assert log() == [(handler.user_id, "signed_in", "code", "127.0.0.1")]


def test_recovery_code_stands_in_for_the_phone_once(browser, handler):
    phone_of(handler.user)
    [code, *_others] = RecoveryCodes.activate(handler.user).get_unused_codes()

    give(browser, handler.user)
    assert browser.post("/sign-in/code/", {"code": code}).url == "/"
    browser.post("/sign-out/")
    give(browser, handler.user)

    assert "This code is wrong" in browser.post("/sign-in/code/", {"code": code}).content.decode()
    assert [how for _account, kind, how, _address in log() if kind == "signed_in"] == ["recovery_code"]


def test_codes_are_guessed_five_times_however_often_the_password_is_right(browser, handler):
    secret = phone_of(handler.user)
    for _each in range(5):
        give(browser, handler.user)
        wrong = browser.post("/sign-in/code/", {"code": wrong_code(secret)}).content.decode()
        assert "This code is wrong" in wrong

    shut = browser.post("/sign-in/code/", {"code": code_now(secret)}).content.decode()

    assert "Too many tries" in shut
    assert "Too many tries" in give(browser, handler.user).content.decode()
    assert log()[-1][1:3] == ("shut", "code")


def test_second_step_without_the_first_leads_to_the_door(browser):
    assert browser.get("/sign-in/code/").url == "/sign-in/"


def test_second_step_takes_too_long_and_begins_again(browser, handler):
    phone_of(handler.user)
    with time_machine.travel(MONDAY, tick=False):
        give(browser, handler.user)
    with time_machine.travel(MONDAY + timedelta(minutes=16), tick=False):
        assert browser.get("/sign-in/code/").url == "/sign-in/"


def test_nobody_signs_up(browser):
    assert get_adapter().is_open_for_signup(None) is False
    assert {browser.get(address).status_code for address in ("/signup/", "/sign-up/", "/accounts/signup/")} == {404}


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/?next=/admin/"])
def test_administration_goes_through_the_same_door(browser, address):
    answer = browser.get(address, follow=True)

    assert answer.redirect_chain[-1][0] == "/sign-in/?next=/admin/"


def test_administration_leads_to_no_other_site(browser):
    assert browser.get("/admin/login/?next=https://elsewhere.example/").url == "/sign-in/?next=/admin/"


def test_who_is_in_and_may_not_administer_is_told_so_instead_of_going_round_in_circles(signed_in):
    answer = signed_in(MembershipFactory()).get("/admin/", follow=True)

    assert answer.status_code == 403
    assert len(answer.redirect_chain) == 1


def test_leaving_the_administration_leaves_a_line(signed_in):
    membership = MembershipFactory(user__is_staff=True)

    assert signed_in(membership).post("/admin/logout/").url == "/sign-in/"
    assert log() == [(membership.user_id, "signed_out", None, "127.0.0.1")]


def test_token_needs_no_second_step(client):
    token = TokenFactory(membership__coordinator=True)
    phone_of(token.membership.user)

    assert client.get("/api/v1/me/", headers={"authorization": "Bearer secret"}).status_code == 200
