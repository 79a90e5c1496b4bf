"""Where the day begins."""

import pytest
from django.test import Client

from tests.factories.stakeholders import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ({"coordinator": True}, "/inbox/"),
        ({}, "/desk/"),
        ({"grid_worker": True}, "/desk/"),
        ({"auditor": True}, "/cases/"),
        ({"administrator": True}, "/cases/"),
    ],
)
def test_home_leads_each_role_to_its_place(signed_in, role, place):
    assert signed_in(MembershipFactory(**role)).get("/").url == place


def test_home_leads_staff_who_act_for_nobody_to_the_admin():
    browser = Client()
    browser.force_login(UserFactory(is_staff=True))

    assert browser.get("/").url == "/admin/"


def test_home_refuses_who_acts_for_nobody_and_lets_them_sign_out():
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(UserFactory())

    answer = browser.get("/")

    assert answer.status_code == 403
    assert "Sign out" in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/inbox/", "/notices/", "/duties/", "/duties/e/3.1/", "/me/"])
def test_pages_ask_strangers_to_sign_in(client, address):
    assert client.get(address).url == f"/sign-in/?next={address}"


@pytest.mark.parametrize("address", ["/inbox/", "/notices/", "/duties/", "/duties/e/3.1/", "/me/"])
def test_pages_refuse_who_acts_for_nobody(address):
    browser = Client()
    browser.force_login(UserFactory())

    assert browser.get(address).status_code == 403
