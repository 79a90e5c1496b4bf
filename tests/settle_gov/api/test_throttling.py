"""Who asks too often has to wait; who cannot be counted does not."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as NoRedis

from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
HALF_PAST = "2026-11-29T01:00:30Z"


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.RATES = {**settings.RATES, "member": 2, "stranger": 2}
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}


def statuses(client: ApiClient, times: int, **extra: Any) -> list[int]:
    return [client.get(f"{ROOT}me/", **extra).status_code for _each in range(times)]


def test_token_that_asks_too_often_waits_until_the_next_minute() -> None:
    client, other = ApiClient(MembershipFactory()), ApiClient(MembershipFactory())

    with time_machine.travel(HALF_PAST, tick=False) as clock:
        assert statuses(client, 2) == [200, 200]
        response = client.get(f"{ROOT}me/")
        assert refused(response, 429)["code"] == "throttled"
        assert response["Retry-After"] == "30"
        assert statuses(other, 1) == [200]
        clock.shift(30)
        assert statuses(client, 1) == [200]


def test_user_in_a_browser_is_counted_too() -> None:
    member = MembershipFactory()
    client = ApiClient()
    client.force_login(member.user)

    with time_machine.travel(HALF_PAST, tick=False):
        assert statuses(client, 3) == [200, 200, 429]


def test_guessing_tokens_is_counted_by_address() -> None:
    guess = {"HTTP_AUTHORIZATION": "Bearer guess", "REMOTE_ADDR": "198.51.100.7"}

    with time_machine.travel(HALF_PAST, tick=False):
        assert statuses(ApiClient(), 3, **guess) == [401, 401, 429]
        assert statuses(ApiClient(), 1, **guess | {"REMOTE_ADDR": "203.0.113.9"}) == [401]


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, [401, 401, 429]), (1, [401, 401, 401]), (2, [401, 401, 429]), (5, [401, 401, 429])]
)
def test_only_addresses_that_our_proxies_saw_count(settings: Settings, proxies: int, expected: list[int]) -> None:
    settings.TRUSTED_PROXIES, place = proxies, "198.51.100.7"

    with time_machine.travel(HALF_PAST, tick=False):
        for number, status in enumerate(expected):
            forwarded = f"made-up-{number}, {place}, {place}{number}"
            extra = {"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": place, "HTTP_AUTHORIZATION": "Bearer guess"}
            assert statuses(ApiClient(), 1, **extra) == [status]


def test_zero_is_no_limit(settings: Settings) -> None:
    settings.RATES = {**settings.RATES, "member": 0}

    assert statuses(ApiClient(MembershipFactory()), 4) == [200] * 4


def test_watchers_are_not_counted() -> None:
    client = ApiClient()

    assert [client.get(f"{ROOT}health/").status_code for _each in range(4)] == [200] * 4


def test_cache_that_is_gone_stops_nobody() -> None:
    client = ApiClient(MembershipFactory())

    with patch.object(type(cache._connections["default"]), "incr", side_effect=NoRedis):  # type: ignore[attr-defined]
        assert statuses(client, 4) == [200] * 4
