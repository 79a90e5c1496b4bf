"""Tokens for my programs: made on a page, shown once, taken back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from stakeholders.models import Token
from tests.api import ROOT, ApiClient
from tests.factories.stakeholders import MembershipFactory, TokenFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/me/tokens/"


def secret_in(page: str) -> str:
    return re.findall(r'id="secret">([^<]+)<', page)[0]


def api_status(client, secret: str) -> int:
    return client.get(f"{ROOT}me/", headers={"authorization": f"Bearer {secret}"}).status_code


def test_token_acts_as_whoever_made_it_and_is_shown_once(signed_in):
    membership = MembershipFactory(coordinator=True)
    browser = signed_in(membership)

    answer = browser.post(ADDRESS, {"name": "大屏", "days": 30})

    page, token = answer.content.decode(), Token.objects.get()
    secret = secret_in(page)
    assert (token.membership, token.name, token.digest) == (membership, "大屏", Token.digest_of(secret))
    assert 29 <= (token.expires_at - timezone.now()).days <= 30
    assert "no-store" in answer["Cache-Control"]
    assert api_status(ApiClient(), secret) == 200
    assert secret not in browser.get(ADDRESS).content.decode()


def test_token_is_for_the_membership_i_act_as(signed_in):
    handler = MembershipFactory()
    coordinator = MembershipFactory(user=handler.user, coordinator=True)
    browser = signed_in(handler)
    browser.post("/me/act-for/", {"membership": coordinator.pk})

    browser.post(ADDRESS, {"name": "x", "days": 1})

    assert Token.objects.get().membership == coordinator


def test_revoked_token_does_not_hold_any_more(signed_in):
    browser = signed_in(MembershipFactory())
    secret = secret_in(browser.post(ADDRESS, {"name": "大屏", "days": 30}).content.decode())
    token = Token.objects.get()

    answer = browser.post(f"{ADDRESS}{token.pk}/revoke/", follow=True)

    assert "“大屏” does not hold any more." in answer.content.decode()
    assert api_status(ApiClient(), secret) == 401
    first = Token.objects.get().revoked_at
    browser.post(f"{ADDRESS}{token.pk}/revoke/")
    assert Token.objects.get().revoked_at == first is not None


def test_tokens_of_others_are_not_there(signed_in):
    other = TokenFactory(name="theirs")
    browser = signed_in(MembershipFactory())

    assert "theirs" not in browser.get(ADDRESS).content.decode()
    assert browser.post(f"{ADDRESS}{other.pk}/revoke/").status_code == 404
    assert Token.objects.get().revoked_at is None


def test_list_says_how_each_stands(signed_in):
    membership = MembershipFactory(party__name_en="Anju")
    now = timezone.now()
    TokenFactory(membership=membership, name="used", secret="a", last_used_at=now)
    TokenFactory(membership=membership, name="old", secret="b", expires_at=now - timedelta(days=1))
    TokenFactory(membership=membership, name="gone", secret="c", revoked_at=now)

    page = signed_in(membership).get(ADDRESS).content.decode()

    rows = dict(re.findall(r'<th scope="row">(\w+)<br>(.*?)</tr>', page, re.DOTALL))
    assert {name: "Revoke" in row for name, row in rows.items()} == {"used": True, "old": False, "gone": False}
    assert "never" not in rows["used"]
    assert "expired" in rows["old"]
    assert "revoked" in rows["gone"]
    assert all("Anju" in row for row in rows.values())


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 81), ("days", "0"), ("days", "3651"), ("days", "soon"), ("days", "")],
)
def test_what_is_wrong_is_said_and_nothing_made(signed_in, field, value):
    answer = signed_in(MembershipFactory()).post(ADDRESS, {"name": "x", "days": "30", field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Token.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_however_many_there_are(signed_in, count, django_assert_num_queries):
    membership = MembershipFactory()
    for each in range(count):
        TokenFactory(membership=membership, secret=str(each))
    browser = signed_in(membership)
    browser.get(ADDRESS)

    with django_assert_num_queries(5):  # session, user, memberships, notices, tokens
        browser.get(ADDRESS)
