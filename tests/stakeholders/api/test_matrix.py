"""GET /api/v1/coverage/matrix/: estates × items, now or then, as known then or now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import (
    LONG_AGO,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

MATRIX = "coverage/matrix/"


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def cell(client: ApiClient, item: str = "3.1", **parameters: str) -> dict[str, Any]:
    """The one cell of an item."""
    [found] = [each for each in client.read(MATRIX, **parameters)["results"] if each["need_item"] == item]
    answer: dict[str, Any] = found
    return answer


def test_matrix_shows_the_worst_state_and_counts_all(client: ApiClient) -> None:
    estate = EstateFactory()
    covered, _open = BuildingFactory(estate=estate), BuildingFactory(estate=estate)
    MandateFactory(item="3.1", building=covered)

    answer = client.read(MATRIX)

    assert len(answer["results"]) == 31
    assert cell(client) == {
        "estate": estate.code,
        "need_item": "3.1",
        "state": "vacuum",
        "counts": {"vacuum": 2, "multi_head": 0, "backstop": 0, "clear": 1},
        "ruled": False,
    }


def test_matrix_tells_the_four_states(client: ApiClient) -> None:
    EstateFactory()
    MandateFactory(item="1.1")
    MandateFactory(item="2.1")
    MandateFactory(item="2.1")
    MandateFactory(item="3.1", role=Mandate.Role.BACKSTOP)

    states = {each["need_item"]: each["state"] for each in client.read(MATRIX)["results"]}

    assert [states[item] for item in ("1.1", "2.1", "3.1", "4.1")] == ["clear", "multi_head", "backstop", "vacuum"]


def test_matrix_says_where_a_ruling_decides(client: ApiClient) -> None:
    RulingFactory(estate=EstateFactory())

    assert (cell(client)["state"], cell(client)["ruled"]) == ("clear", True)


def test_matrix_answers_for_another_moment(client: ApiClient) -> None:
    EstateFactory()
    MandateFactory(
        item="3.1", valid_from=datetime(2026, 3, 1, tzinfo=UTC), valid_until=datetime(2026, 9, 1, tzinfo=UTC)
    )

    assert cell(client, at="2026-02-28T23:59:59Z")["state"] == "vacuum"
    assert cell(client, at="2026-03-01T08:00:00+08:00")["state"] == "clear"
    assert cell(client, at="2026-03-01T08:00:00 08:00")["state"] == "clear"
    assert cell(client, at="2026-03-02")["state"] == "clear"
    assert cell(client, at="2026-09-01T00:00:00Z")["state"] == "vacuum"


def test_matrix_takes_a_date_as_the_end_of_that_day_here(client: ApiClient) -> None:
    assert client.read(MATRIX, at="2026-03-01")["at"] == "2026-03-01T23:59:59.999999+08:00"


def test_matrix_answers_as_it_was_known_then(client: ApiClient) -> None:
    EstateFactory()
    mandate = MandateFactory(item="3.1", recorded_at=LONG_AGO)
    withdraw_mandate(mandate, by=MembershipFactory(coordinator=True))
    before = (timezone.now() - timedelta(minutes=5)).isoformat()

    assert cell(client)["state"] == "vacuum"
    assert cell(client, as_known_on=before)["state"] == "clear"
    assert client.read(MATRIX)["as_known_on"] is None


def test_matrix_can_be_narrowed(client: ApiClient) -> None:
    one, other, _third = EstateFactory(), EstateFactory(), EstateFactory()

    def estates(**parameters: str) -> set[str]:
        return {each["estate"] for each in client.read(MATRIX, **parameters)["results"]}

    assert estates(estate=one.code) == {one.code}
    assert estates(estate=f"{one.code},{other.code}") == {one.code, other.code}
    assert estates(area=other.area_id) == {other.code}
    assert len(estates(area="379926101000")) == 3


def test_matrix_ends_at_the_area_of_the_actor() -> None:
    mine, other = EstateFactory(), EstateFactory()
    client = ApiClient(MembershipFactory(auditor=True, area=mine.area))

    assert {each["estate"] for each in client.read(MATRIX)["results"]} == {mine.code}
    refused(client.get(f"{ROOT}{MATRIX}?estate={other.code}"), 400, "estate")
    refused(client.get(f"{ROOT}{MATRIX}?area={other.area_id}"), 400, "area")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("estate", "nowhere"),
        ("estate", ""),
        ("estate", "a,,b"),
        ("estate", "a\0"),
        ("area", "0"),
        ("at", "yesterday"),
        ("at", "2026-03-01T08:00:00"),
        ("at", "2026-02-30"),
        ("at", ""),
        ("at", "0001-01-01"),
        ("at", "9999-12-31T23:59:59-14:00"),
        ("as_known_on", "1"),
        ("need_item", "3.1"),
        ("page_size", "5"),
    ],
)
def test_matrix_refuses_what_it_does_not_know(client: ApiClient, parameter: str, value: str) -> None:
    refused(client.get(ROOT + MATRIX, {parameter: value}), 400, parameter)


def test_matrix_is_for_members() -> None:
    refused(ApiClient().get(ROOT + MATRIX), 401)


@pytest.mark.parametrize("estate_count", [1, 3])
def test_matrix_costs_the_same_for_any_number_of_estates(
    client: ApiClient, estate_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(estate_count):
        BuildingFactory()
    MandateFactory()
    client.read("me/")

    with django_assert_num_queries(6):  # who asks, estates, items, mandates, rulings, buildings
        assert len(client.read(MATRIX)["results"]) == 31 * estate_count
