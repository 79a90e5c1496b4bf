"""GET of areas, grids, estates, buildings, parties and needs, in lists and alone."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db

MADE = {
    "areas": AreaFactory,
    "grids": GridFactory,
    "estates": EstateFactory,
    "buildings": BuildingFactory,
    "parties": PartyFactory,
}
ELSEWHERE = "440106001000"


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def codes(client: ApiClient, path: str, **parameters: str) -> list[str]:
    return [each["code"] for each in client.read(path, **parameters)["results"]]


def test_area_has_its_level(client: ApiClient) -> None:
    area = AreaFactory()

    assert client.read(f"areas/{area.code}/") == {
        "code": area.code,
        "name": area.name,
        "name_en": area.name_en,
        "level": "community",
    }
    assert client.read("areas/379926101000/")["level"] == "town"


def test_estate_has_the_shape_of_the_contract(client: ApiClient) -> None:
    estate = EstateFactory(property_party=PartyFactory())

    assert client.read(f"estates/{estate.code}/") == {
        "code": estate.code,
        "name": estate.name,
        "name_en": estate.name_en,
        "kind": "resettlement",
        "area": estate.area_id,
        "grid": estate.grid_id,
        "property_party": estate.property_party.code,
        "common_area": True,
    }


def test_building_has_the_shape_of_the_contract(client: ApiClient) -> None:
    building = BuildingFactory()

    assert client.read(f"buildings/{building.code}/") == {
        "code": building.code,
        "name": building.name,
        "estate": building.estate.code,
        "grid": building.grid_id,
    }


def test_party_names_its_supervisor(client: ApiClient) -> None:
    party = PartyFactory(supervisor=PartyFactory())

    answer = client.read(f"parties/{party.code}/")

    assert (answer["supervisor"], answer["area"], answer["closed_at"]) == (party.supervisor.code, party.area_id, None)


def test_needs_are_the_seeded_ones_in_their_order(client: ApiClient) -> None:
    assert codes(client, "need-classes/") == [str(n) for n in range(1, 12)]
    assert len(codes(client, "need-items/")) == 31
    item = client.read("need-items/3.1/")
    assert (item["need_class"], item["code"]) == ("3", "3.1")
    assert codes(client, "need-items/", need_class="3") == [
        code for code in codes(client, "need-items/") if code.startswith("3.")
    ]


@pytest.mark.parametrize("path", MADE)
@pytest.mark.parametrize("row_count", [1, 3])
def test_register_costs_two_queries_and_is_sorted(
    client: ApiClient, path: str, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [MADE[path]() for _each in range(row_count)]
    client.read("me/")

    with django_assert_num_queries(2):
        listed = codes(client, f"{path}/")

    assert listed == sorted(listed)
    assert {row.code for row in rows} <= set(listed)


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("areas", lambda: AreaFactory(code=ELSEWHERE)),
        ("grids", lambda: GridFactory(area__code=ELSEWHERE)),
        ("estates", lambda: EstateFactory(grid__area__code=ELSEWHERE)),
        ("buildings", lambda: BuildingFactory(estate__grid__area__code=ELSEWHERE)),
        ("parties", lambda: PartyFactory(area__code=ELSEWHERE)),
    ],
)
def test_register_ends_at_the_area_of_the_actor(client: ApiClient, path: str, made: Any) -> None:
    mine, other = MADE[path](), made()

    assert mine.code in codes(client, f"{path}/")
    assert other.code not in codes(client, f"{path}/")
    assert client.read(f"{path}/{mine.code}/")["code"] == mine.code
    refused(client.get(f"{ROOT}{path}/{other.code}/"), 404)


def test_divisions_above_and_their_parties_can_be_read() -> None:
    community = AreaFactory()
    office = PartyFactory(area=TownFactory())
    client = ApiClient(MembershipFactory(auditor=True, area=community))

    assert codes(client, "areas/") == ["379926101000", community.code]
    assert office.code in codes(client, "parties/")


def test_grid_worker_sees_the_places_of_the_own_community() -> None:
    building = BuildingFactory()
    neighbour = BuildingFactory(estate__grid=GridFactory(area=building.estate.area))
    elsewhere = BuildingFactory()
    client = ApiClient(MembershipFactory(grid_worker=True, grid=building.grid))

    assert set(codes(client, "estates/")) == {building.estate.code, neighbour.estate.code}
    assert set(codes(client, "buildings/")) == {building.code, neighbour.code}
    refused(client.get(f"{ROOT}buildings/{elsewhere.code}/"), 404)


def test_registers_can_be_asked(client: ApiClient) -> None:
    estate = EstateFactory(kind="old")
    building = BuildingFactory(estate=estate)
    BuildingFactory()

    assert codes(client, "estates/", kind="old") == [estate.code]
    assert codes(client, "estates/", area=estate.area_id) == [estate.code]
    assert codes(client, "grids/", area=estate.area_id) == [estate.grid_id]
    assert codes(client, "buildings/", estate=estate.code) == [building.code]
    assert codes(client, "parties/", kind="FIRE,POLICE") == []


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("estates", "kind", "castle"),
        ("estates", "colour", "red"),
        ("areas", "level", "town"),
        ("buildings", "estate", "nowhere"),
        ("parties", "kind", "X"),
        ("grids", "area", "1"),
        ("need-items", "need_class", "99"),
        ("need-classes", "q", "x"),
    ],
)
def test_register_refuses_what_it_does_not_know(client: ApiClient, path: str, parameter: str, value: str) -> None:
    refused(client.get(f"{ROOT}{path}/", {parameter: value}), 400, parameter)


@pytest.mark.parametrize("parameter", ["area", "kind", "cursor", "fields"])
def test_parameter_that_says_nothing_is_refused(client: ApiClient, parameter: str) -> None:
    problem = refused(client.get(f"{ROOT}estates/", {parameter: ""}), 400, parameter)

    assert problem["errors"][0]["code"] == "empty"


@pytest.mark.parametrize("path", [*MADE, "need-classes", "need-items"])
def test_register_is_for_members_and_never_deleted(client: ApiClient, path: str) -> None:
    refused(ApiClient().get(f"{ROOT}{path}/"), 401)
    refused(client.delete(f"{ROOT}{path}/nonsense-99/"), 405)
    refused(client.get(f"{ROOT}{path}/nonsense-99/"), 404)
    refused(client.get(f"{ROOT}{path}/%00/"), 404)


@pytest.mark.parametrize("count", [1, 100])
def test_codes_of_a_filter_are_looked_up_in_one_query(
    client: ApiClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    estates = [BuildingFactory().estate.code for _each in range(2)]
    client.read("me/")

    with django_assert_num_queries(3):
        assert len(codes(client, "buildings/", estate=",".join((estates * count)[:count]))) == min(count, 2)


def test_filter_takes_a_hundred_codes_and_no_more(client: ApiClient) -> None:
    code = EstateFactory().code

    assert client.read("buildings/", estate=",".join([code] * 100))["results"] == []
    refused(client.get(f"{ROOT}buildings/", {"estate": ",".join([code] * 101)}), 400, "estate")


@pytest.mark.parametrize("asked", ["buildings", "cases", "mandates"])
def test_code_out_of_sight_is_as_unknown_as_one_that_is_not(client: ApiClient, asked: str) -> None:
    other = EstateFactory(grid__area__code=ELSEWHERE).code

    for unknown in (other, "nowhere", f"{EstateFactory().code},{other}", ",", "a\0b"):
        problem = refused(client.get(f"{ROOT}{asked}/", {"estate": unknown}), 400, "estate")
        told = unknown.split(",")[-1]
        if "\0" not in unknown:
            assert problem["errors"] == [
                {"name": "estate", "code": "invalid_choice", "reason": f"There is no “{told}” here."}
            ]
