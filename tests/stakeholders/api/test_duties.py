"""Mandates and rulings: read by those who see the ledger, written by those who keep it, inside their own area."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Mandate, Ruling
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "440106001000"
SINCE = "2026-01-01T00:00:00+08:00"


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def mandate(**fields: Any) -> dict[str, Any]:
    return {"party": PartyFactory().code, "role": "lead", "basis": "合同", "valid_from": SINCE, **fields}


def ruling(**fields: Any) -> dict[str, Any]:
    return {"lead": PartyFactory().code, "reason": "会议纪要", **fields}


def test_mandate_has_the_shape_of_the_contract(client: ApiClient) -> None:
    mandate = MandateFactory(item="3.1", estate=EstateFactory())

    answer = client.read(f"mandates/{mandate.pk}/")

    assert list(answer) == [
        "id", "party", "role", "area", "estate", "building", "need_class", "need_item", "valid_from", "valid_until",
        "basis", "evidence", "recorded_at", "withdrawn_at",
    ]  # fmt: skip
    assert (answer["party"], answer["role"], answer["need_item"]) == (mandate.party.code, "lead", "3.1")
    assert (answer["area"], answer["estate"], answer["building"]) == (None, mandate.estate.code, None)
    assert answer["valid_from"] == "2020-01-01T08:00:00+08:00"


def test_mandates_show_withdrawn_ones_when_asked(client: ApiClient) -> None:
    stays, goes = MandateFactory(), MandateFactory()
    withdraw_mandate(goes, by=MembershipFactory(coordinator=True))

    def ids(**parameters: str) -> list[int]:
        return [each["id"] for each in client.read("mandates/", **parameters)["results"]]

    assert ids() == ids(withdrawn="false") == [stays.pk]
    assert ids(withdrawn="true") == [goes.pk, stays.pk]
    assert ids(party=stays.party.code, role="lead,support") == [stays.pk]


def test_mandates_of_elsewhere_are_nowhere(client: ApiClient) -> None:
    estate = MandateFactory(estate=EstateFactory(grid__area__code=ELSEWHERE))
    building = MandateFactory(building=BuildingFactory(estate__grid__area__code=ELSEWHERE))
    mine = MandateFactory(estate=EstateFactory())

    assert [each["id"] for each in client.read("mandates/")["results"]] == [mine.pk]
    for other in (estate, building):
        refused(client.get(f"{ROOT}mandates/{other.pk}/"), 404)


@pytest.mark.parametrize("row_count", [1, 3])
def test_mandates_cost_two_queries(
    client: ApiClient, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(row_count):
        MandateFactory(item="3.1", building=BuildingFactory())
    client.read("me/")

    with django_assert_num_queries(2):
        assert len(client.read("mandates/")["results"]) == row_count


def test_mandate_is_recorded_and_withdrawn(client: ApiClient) -> None:
    building, body = BuildingFactory(), mandate(need_item="3.1", evidence="第 8 条")

    response = client.send("mandates/", {**body, "building": building.code, "estate": None})

    assert response.status_code == 201
    recorded = response.json()
    assert response["Location"].endswith(f"{ROOT}mandates/{recorded['id']}/")
    assert {name: recorded[name] for name in body} == body
    assert (recorded["building"], recorded["withdrawn_at"]) == (building.code, None)
    assert client.read(f"mandates/{recorded['id']}/") == recorded
    withdrawn = client.send(f"mandates/{recorded['id']}/withdraw/")
    assert withdrawn.json() == {**recorded, "withdrawn_at": withdrawn.json()["withdrawn_at"]}
    assert withdrawn.json()["withdrawn_at"] is not None
    refused(client.send(f"mandates/{recorded['id']}/withdraw/"), 400, "")


def test_mandate_is_ended_by_another_in_its_place(client: ApiClient) -> None:
    known = client.send("mandates/", mandate(area=TownFactory().code, need_item="3.1")).json()
    until = "2027-01-01T00:00:00+08:00"

    response = client.send(f"mandates/{known['id']}/end/", {"until": until})

    assert response.status_code == 201
    ended = response.json()
    assert response["Location"].endswith(f"{ROOT}mandates/{ended['id']}/")
    assert client.read(f"mandates/{known['id']}/")["withdrawn_at"] == ended["recorded_at"]
    changed = {"id": ended["id"], "valid_until": until, "recorded_at": ended["recorded_at"]}
    assert ended == {**known, **changed}
    assert [each["id"] for each in client.read("mandates/")["results"]] == [ended["id"]]


def test_ending_a_mandate_needs_a_moment_that_makes_sense(client: ApiClient) -> None:
    path = f"mandates/{MandateFactory().pk}/end/"

    refused(client.send(path), 400, "until")
    refused(client.send(path, {"until": "2019-12-31T00:00:00Z"}), 400, "until")
    refused(client.send(path, {"until": "2026-12-31"}), 400, "until")
    refused(client.send(path, {"until": SINCE, "reason": "x"}), 400, "reason")
    elsewhere = MandateFactory(estate=EstateFactory(grid__area__code=ELSEWHERE))
    refused(client.send(f"mandates/{elsewhere.pk}/end/", {"until": SINCE}), 404)

    assert Mandate.objects.filter(withdrawn_at__isnull=True).count() == 2


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"area": None}, "area"),
        ({"area": ELSEWHERE}, "area"),
        ({"estate": "nowhere"}, "estate"),
        ({"building": 7}, "building"),
        ({"need_item": "3.1", "need_class": "3"}, "need_item"),
        ({"need_item": "99.1"}, "need_item"),
        ({"valid_from": "2026-01-01T00:00:00"}, "valid_from"),
        ({"valid_until": SINCE, "valid_from": SINCE}, "valid_until"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize(("path", "body"), [("mandates", mandate), ("rulings", ruling)])
def test_record_that_makes_no_sense_is_refused_by_field(
    client: ApiClient, path: str, body: Any, wrong: dict[str, object], name: str
) -> None:
    AreaFactory(code=ELSEWHERE)

    refused(client.send(f"{path}/", body(area=TownFactory().code) | wrong), 400, name)

    assert not Mandate.objects.exists()
    assert not Ruling.objects.exists()


def test_bodies_of_the_ledger_want_what_is_needed(client: ApiClient) -> None:
    refused(client.send("mandates/"), 400, "party", "role", "basis", "valid_from")
    refused(client.send("rulings/"), 400, "lead", "reason")
    refused(client.send("mandates/", mandate(area=TownFactory().code, role="king")), 400, "role")
    refused(client.send(f"mandates/{MandateFactory().pk}/withdraw/", {"reason": "x"}), 400, "reason")
    refused(client.send("mandates/", mandate(area=TownFactory().code, party="nobody")), 400, "party")


def test_party_and_place_of_elsewhere_are_unknown(client: ApiClient) -> None:
    estate = EstateFactory(grid__area__code=ELSEWHERE)
    party = PartyFactory(area=estate.area)

    refused(client.send("mandates/", mandate(estate=estate.code, party=party.code)), 400, "estate", "party")
    refused(client.send("rulings/", ruling(estate=estate.code, lead=party.code)), 400, "estate", "lead")


def test_coordinator_of_a_community_decides_about_no_more_than_that() -> None:
    community, town = AreaFactory(), TownFactory()
    client = ApiClient(MembershipFactory(coordinator=True, area=community))
    of_town = MandateFactory(area=town)

    assert client.read(f"mandates/{of_town.pk}/")["area"] == town.code
    refused(client.send("mandates/", mandate(area=town.code)), 403)
    refused(client.send("rulings/", ruling(area=town.code)), 403)
    refused(client.send(f"mandates/{of_town.pk}/withdraw/"), 403)
    assert client.send("mandates/", mandate(area=community.code)).status_code == 201


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_sees_the_ledger_need_not_keep_it(role: str) -> None:
    client = ApiClient(MembershipFactory(role=role))
    known = MandateFactory()

    refused(client.send("mandates/", mandate(area=TownFactory().code)), 403)
    refused(client.send("rulings/", ruling(area=TownFactory().code)), 403)
    refused(client.send(f"mandates/{known.pk}/withdraw/"), 403)
    refused(client.send(f"mandates/{known.pk}/end/", {"until": SINCE}), 403)


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [("mandates", "withdrawn", "1"), ("mandates", "role", "king"), ("rulings", "role", "lead")],
)
def test_ledger_refuses_parameters_it_does_not_know(client: ApiClient, path: str, parameter: str, value: str) -> None:
    refused(client.get(f"{ROOT}{path}/", {parameter: value}), 400, parameter)


@pytest.mark.parametrize("path", ["mandates", "rulings"])
def test_ledger_is_for_members_and_never_changed(client: ApiClient, path: str) -> None:
    refused(ApiClient().get(f"{ROOT}{path}/"), 401)
    refused(client.patch(f"{ROOT}{path}/1/", {}, content_type="application/json"), 405)
    refused(client.delete(f"{ROOT}{path}/1/"), 405)
    refused(client.get(f"{ROOT}{path}/nonsense-99/"), 404)
