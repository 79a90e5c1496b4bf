"""Light or dark, and the language."""

import re

import pytest
from django.test import Client

from tests.factories.stakeholders import MembershipFactory

ELSEWHERE = ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]


def test_choose_theme_is_kept_and_drawn_by_the_server(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "/sign-in/"})

    assert answer.url == "/sign-in/"
    assert '<html lang="zh-Hans" data-theme="dark">' in client.get("/sign-in/").content.decode()


def test_choose_theme_auto_forgets_the_choice(client):
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "auto"})

    assert '<html lang="zh-Hans">' in client.get("/sign-in/").content.decode()


def test_theme_ignores_a_cookie_somebody_bent(client):
    client.cookies["theme"] = '"><script>'

    assert '<html lang="zh-Hans">' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("address", ELSEWHERE)
def test_choose_theme_never_leads_to_another_site(client, address):
    assert client.post("/theme/", {"theme": "dark", "next": address}).url == "/"


def test_choose_theme_refuses_what_is_none_and_wants_a_post(client):
    assert client.post("/theme/", {"theme": "pink"}).status_code == 400
    assert client.get("/theme/").status_code == 405


def test_choose_theme_wants_its_token():
    assert Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"}).status_code == 403


@pytest.mark.parametrize(
    ("asked", "language", "other"), [("zh-CN", "zh-Hans", "EN"), ("en-GB", "en", "中文"), ("fr", "zh-Hans", "EN")]
)
def test_language_follows_the_browser_and_offers_the_other(asked, language, other):
    page = Client(headers={"accept-language": asked}).get("/sign-in/").content.decode()

    assert f'<html lang="{language}">' in page
    assert f">{other}</button>" in page


def test_language_can_be_switched_before_and_after_signing_in(client, db):
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    client.force_login(MembershipFactory().user)

    assert answer.url == "/sign-in/"
    assert '<html lang="en">' in client.get("/me/").content.decode()


@pytest.mark.parametrize("address", ELSEWHERE)
def test_language_never_leads_to_another_site(client, address):
    assert client.post("/language/", {"language": "en", "next": address}).url == "/"


def test_letters_are_keys_until_somebody_switches_them_off(client, db):
    client.force_login(MembershipFactory().user)
    assert 'id="keys"' in client.get("/cases/").content.decode()

    answer = client.post("/keys/", {"keys": "off", "next": "/me/"})

    assert answer.url == "/me/"
    off = client.get("/cases/").content.decode()
    assert ['id="keys"' in off, "js/keys.js" in off, 'id="palette"' in off] == [False, False, True]
    client.post("/keys/", {"keys": "on"})
    assert 'id="keys"' in client.get("/cases/").content.decode()


def test_choose_keys_refuses_what_is_none_and_wants_a_post(client, db):
    client.force_login(MembershipFactory().user)

    assert client.post("/keys/", {"keys": "some"}).status_code == 400
    assert client.get("/keys/").status_code == 405


@pytest.mark.parametrize("address", ELSEWHERE)
def test_choose_keys_never_leads_to_another_site(client, db, address):
    client.force_login(MembershipFactory().user)

    assert client.post("/keys/", {"keys": "off", "next": address}).url == "/"


@pytest.mark.parametrize(
    ("given", "keys"),
    [({"coordinator": True}, "i c m o"), ({}, "d c m"), ({"grid_worker": True}, "d c m"), ({"auditor": True}, "c m o")],
)
def test_keys_lead_only_to_places_the_role_may_go_to(client, db, given, keys):
    client.force_login(MembershipFactory(**given).user)

    dialog = client.get("/cases/").content.decode().split('id="keys"')[1].split("</dialog>")[0]

    assert " ".join(re.findall(r'data-key="g (.)"', dialog)) == keys
