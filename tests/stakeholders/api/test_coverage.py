"""GET /api/v1/coverage/: cells one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import item
from tests.factories.stakeholders import (
    LONG_AGO,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

COVERAGE = "coverage/"
MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def cells(client: ApiClient, **parameters: str) -> list[dict[str, Any]]:
    """The cells of item 3.1."""
    found: list[dict[str, Any]] = client.read(COVERAGE, need_item="3.1", **parameters)["results"]
    return found


def test_coverage_has_the_shape_of_the_contract(client: ApiClient) -> None:
    building = BuildingFactory()
    lead, other = PartyFactory(code="b"), PartyFactory(code="a")
    MandateFactory(item="3.1", party=lead, estate=building.estate, valid_from=MARCH)
    MandateFactory(item="3.1", party=other, building=building, valid_from=MAY)
    for role in (Mandate.Role.SUPPORT, Mandate.Role.BACKSTOP, Mandate.Role.SUPERVISE):
        MandateFactory(party=PartyFactory(code=role.value), role=role)

    answer = client.read(COVERAGE, estate=building.estate.code, need_item="3.1", at="2026-06-01T00:00:00+08:00")

    assert (answer["at"], answer["as_known_on"]) == ("2026-06-01T00:00:00+08:00", None)
    beside = {"need_item": "3.1", "supports": ["support"], "backstops": ["backstop"], "ruling": None}
    assert answer["results"] == [
        {
            "estate": building.estate.code,
            "building": None,
            "state": "clear",
            "leads": ["b"],
            "since": "2026-03-01T08:00:00+08:00",
            **beside,
        },
        {
            "estate": building.estate.code,
            "building": building.code,
            "state": "multi_head",
            "leads": ["a", "b"],
            "since": "2026-05-01T08:00:00+08:00",
            **beside,
        },
    ]
    assert list(answer["results"][0]) == [
        "estate", "building", "need_item", "state", "leads", "supports", "backstops", "ruling", "since",
    ]  # fmt: skip


def test_coverage_names_the_ruling_that_decides(client: ApiClient) -> None:
    estate = EstateFactory()
    MandateFactory.create_batch(2)
    ruling = RulingFactory(estate=estate, need_item=item("3.1"), valid_from=MAY)

    [cell] = cells(client, estate=estate.code)

    assert (cell["state"], cell["leads"], cell["ruling"]) == ("clear", [ruling.lead.code], ruling.pk)
    assert cell["since"] == "2026-05-01T08:00:00+08:00"


def test_coverage_of_what_no_paper_names_is_a_vacuum_since_ever(client: ApiClient) -> None:
    [cell] = cells(client, estate=EstateFactory().code)

    assert (cell["state"], cell["leads"], cell["since"]) == ("vacuum", [], None)


def test_coverage_leaves_out_parties_that_were_closed_down(client: ApiClient) -> None:
    estate = EstateFactory()
    for role in (Mandate.Role.LEAD, Mandate.Role.SUPPORT, Mandate.Role.BACKSTOP):
        MandateFactory(party__closed_at=MAY, role=role)

    [before], [after] = cells(client, estate=estate.code, at="2026-04-30"), cells(client, estate=estate.code)

    assert (before["state"], len(before["supports"]), len(before["backstops"])) == ("clear", 1, 1)
    assert (after["state"], after["supports"], after["backstops"]) == ("vacuum", [], [])
    assert after["since"] == "2026-05-01T08:00:00+08:00"


def test_coverage_answers_as_it_was_known_then(client: ApiClient) -> None:
    estate = EstateFactory()
    mandate = MandateFactory(estate=estate, recorded_at=LONG_AGO)
    withdraw_mandate(mandate, by=MembershipFactory(coordinator=True))
    before = (timezone.now() - timedelta(minutes=5)).isoformat()

    [now], [then] = cells(client, estate=estate.code), cells(client, estate=estate.code, as_known_on=before)

    assert (now["state"], then["state"]) == ("vacuum", "clear")


def test_coverage_can_be_narrowed(client: ApiClient) -> None:
    one, other = BuildingFactory(), BuildingFactory()
    beside = BuildingFactory(estate=one.estate)

    def places(**parameters: str) -> set[tuple[str, str | None]]:
        return {(each["estate"], each["building"]) for each in cells(client, **parameters)}

    both = f"{one.code},{other.code}"
    assert places(estate=one.estate.code) == {
        (one.estate.code, None),
        (one.estate.code, one.code),
        (one.estate.code, beside.code),
    }
    assert places(building=both) == {(one.estate.code, one.code), (other.estate.code, other.code)}
    assert places(estate=one.estate.code, building=one.code) == {(one.estate.code, one.code)}
    assert len(client.read(COVERAGE, estate=one.estate.code)["results"]) == 3 * 31
    assert len(client.read(COVERAGE, building=one.code, need_item="3.1,1.1")["results"]) == 2


def test_coverage_wants_to_know_where_and_not_too_much(client: ApiClient) -> None:
    codes = [EstateFactory().code for _each in range(21)]

    refused(client.get(ROOT + COVERAGE), 400, "estate")
    refused(client.get(ROOT + COVERAGE, {"estate": ",".join(codes)}), 400, "estate")
    refused(client.get(ROOT + COVERAGE, {"estate": ",".join(f"e{n}" for n in range(101))}), 400, "estate")
    buildings = ",".join(BuildingFactory().code for _each in range(21))
    refused(client.get(ROOT + COVERAGE, {"building": buildings}), 400, "building")
    assert len(cells(client, estate=",".join(codes[:20]))) == 20


def test_coverage_ends_at_the_area_of_the_actor() -> None:
    mine, other = BuildingFactory(), BuildingFactory()
    client = ApiClient(MembershipFactory(auditor=True, area=mine.estate.area))

    assert len(cells(client, building=mine.code)) == 1
    refused(client.get(ROOT + COVERAGE, {"estate": other.estate.code}), 400, "estate")
    refused(client.get(ROOT + COVERAGE, {"building": f"{mine.code},{other.code}"}), 400, "building")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("estate", "nowhere"),
        ("estate", ""),
        ("estate", "a,,b"),
        ("estate", "a\0"),
        ("building", "1"),
        ("need_item", "99.1"),
        ("at", "yesterday"),
        ("at", "2026-03-01T08:00:00"),
        ("as_known_on", ""),
        ("state", "vacuum"),
        ("page_size", "5"),
    ],
)
def test_coverage_refuses_what_it_does_not_know(client: ApiClient, parameter: str, value: str) -> None:
    refused(client.get(ROOT + COVERAGE, {"estate": EstateFactory().code, parameter: value}), 400, parameter)


def test_coverage_is_for_members_and_only_read(client: ApiClient) -> None:
    refused(ApiClient().get(ROOT + COVERAGE), 401)
    refused(client.send(COVERAGE), 405)


@pytest.mark.parametrize("estate_count", [1, 3])
def test_coverage_costs_the_same_for_any_number_of_estates(
    client: ApiClient, estate_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    codes = [BuildingFactory().estate.code for _each in range(estate_count)]
    MandateFactory()
    client.read("me/")

    # the token; the estates and items asked for; buildings, mandates, rulings; codes of buildings and of parties
    with django_assert_num_queries(8):
        assert len(client.read(COVERAGE, estate=",".join(codes))["results"]) == estate_count * 2 * 31


def test_coverage_refuses_a_building_of_another_estate(client: ApiClient) -> None:
    near, far = BuildingFactory(), BuildingFactory()

    for buildings in (far.code, f"{near.code},{far.code}"):
        asked = {"estate": near.estate.code, "building": buildings}
        problem = refused(client.get(ROOT + COVERAGE, asked), 400, "building")
        assert problem["errors"][0]["code"] == "elsewhere"
