"""Who gets into the API: tokens, browser sessions, and nobody else."""

import sqlite3
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Token
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import EstateFactory, MembershipFactory, TokenFactory, UserFactory

pytestmark = pytest.mark.django_db

ME = f"{ROOT}me/"


def bearer(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_token_acts_as_its_membership() -> None:
    membership = MembershipFactory(user__username="client")
    MembershipFactory(user=membership.user)
    TokenFactory(membership=membership, secret="s3cret")

    answer = bearer("s3cret").get(ME).json()

    assert answer["user"]["username"] == "client"
    assert answer["membership"]["id"] == membership.pk
    assert len(answer["memberships"]) == 2


def test_scheme_of_the_token_may_be_in_any_case() -> None:
    TokenFactory()

    assert Client(headers={"authorization": "bearer secret"}).get(ME).status_code == 200


@pytest.mark.parametrize(
    "spoilt",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"membership__until": timezone.now() - timedelta(seconds=1)},
        {"membership__since": timezone.now() + timedelta(days=1)},
        {"membership__user__is_active": False},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_token_that_does_not_hold_any_more_is_refused(spoilt: dict[str, datetime | bool]) -> None:
    TokenFactory(**spoilt)

    response = bearer("secret").get(ME)

    assert refused(response, 401)["code"] == "invalid_token"
    assert response["WWW-Authenticate"] == 'Bearer realm="settle_gov"'


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer nonsense", "Bearer a b", "Bearer \xff", "Bearer " + "x" * 9000]
)
def test_token_that_is_none_is_refused(header: str) -> None:
    TokenFactory()

    refused(Client(HTTP_AUTHORIZATION=header).get(ME), 401)


@pytest.mark.parametrize("header", ["", "Basic dXNlcjpzZWNyZXQ=", "Token secret", "secret"])
def test_without_a_token_one_is_anonymous(header: str) -> None:
    TokenFactory()

    response = Client(HTTP_AUTHORIZATION=header).get(ME)

    assert refused(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == 'Bearer realm="settle_gov"'


def test_wrong_token_is_refused_even_with_a_session() -> None:
    client = bearer("nonsense")
    client.force_login(MembershipFactory().user)

    refused(client.get(ME), 401)


def test_use_of_a_token_is_noted_at_most_once_a_minute() -> None:
    token = TokenFactory()
    noon = datetime(2026, 11, 20, 12, tzinfo=timezone.get_default_timezone())

    def noted_at(moment: datetime) -> datetime | None:
        with time_machine.travel(moment, tick=False):
            bearer("secret").get(ME)
        return Token.objects.get(pk=token.pk).last_used_at

    assert noted_at(noon) == noon
    assert noted_at(noon + timedelta(seconds=59)) == noon
    assert noted_at(noon + timedelta(seconds=61)) == noon + timedelta(seconds=61)


def test_token_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = ApiClient(MembershipFactory())
    client.read("need-classes/")

    with django_assert_num_queries(2):
        client.read("need-classes/")


def test_session_acts_as_the_membership_chosen_in_it() -> None:
    first = MembershipFactory()
    second = MembershipFactory(user=first.user)
    client = Client()
    client.force_login(first.user)
    assert client.get(ME).json()["membership"]["id"] == first.pk

    client.post("/me/act-for/", {"membership": second.pk})

    assert client.get(ME).json()["membership"]["id"] == second.pk


def test_session_writes_with_the_csrf_token_only() -> None:
    body = {"title": "路灯不亮", "estate": EstateFactory().code}
    client = Client(enforce_csrf_checks=True)
    client.force_login(MembershipFactory(coordinator=True).user)

    assert refused(client.post(f"{ROOT}cases/", body, content_type="application/json"), 403)["code"] == "csrf"

    client.cookies[settings.CSRF_COOKIE_NAME] = token = "a" * 32
    response = client.post(f"{ROOT}cases/", body, content_type="application/json", headers={"x-csrftoken": token})
    assert response.status_code == 201


def test_token_writes_without_a_csrf_token() -> None:
    client = ApiClient(MembershipFactory(coordinator=True), enforce_csrf_checks=True)

    assert client.send("cases/", {"title": "路灯不亮", "estate": EstateFactory().code}).status_code == 201


def test_user_without_a_membership_is_told_so() -> None:
    client = Client()
    client.force_login(UserFactory())

    assert "You act for no party" in refused(client.get(ME, headers={"accept-language": "en"}), 403)["detail"]


def test_reading_does_not_wait_for_whoever_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    token = TokenFactory()

    def locked(*_args: object, **_values: object) -> None:
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorcode = 5
        raise OperationalError("database is locked") from cause

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "update", locked)
        assert bearer("secret").get(ME).status_code == 200
    assert Token.objects.get(pk=token.pk).last_used_at is None
