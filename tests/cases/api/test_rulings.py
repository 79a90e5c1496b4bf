"""Rulings: made, repeated, taken back; and what a new one does to the cases that wait."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Ruling
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def ruling(**fields: Any) -> dict[str, Any]:
    return {"lead": PartyFactory().code, "reason": "会议纪要", **fields}


def test_ruling_has_the_shape_of_the_contract(client: ApiClient) -> None:
    decided = RulingFactory(estate=EstateFactory(), document_no="清禾〔2026〕3 号")

    answer = client.read(f"rulings/{decided.pk}/")

    assert list(answer) == [
        "id", "case", "lead", "area", "estate", "building", "need_class", "need_item", "valid_from", "valid_until",
        "decided_at", "withdrawn_at", "reason", "document_no",
    ]  # fmt: skip
    assert (answer["lead"], answer["estate"], answer["area"]) == (decided.lead.code, decided.estate.code, None)
    assert client.read("rulings/", lead=decided.lead.code)["results"] == [answer]


def test_ruling_is_made_and_decides_from_then_on(client: ApiClient) -> None:
    estate, body = EstateFactory(), ruling(need_class="3")
    MandateFactory.create_batch(2, estate=estate)

    response = client.send("rulings/", {**body, "estate": estate.code})

    assert response.status_code == 201
    made = response.json()
    assert response["Location"].endswith(f"{ROOT}rulings/{made['id']}/")
    assert {name: made[name] for name in body} == body
    assert made["valid_from"] == made["decided_at"]
    cells = client.read("coverage/matrix/", estate=estate.code)["results"]
    assert {cell["need_item"] for cell in cells if cell["ruled"]} == {
        cell["need_item"] for cell in cells if cell["need_item"].startswith("3.")
    }


def test_ruling_moves_the_cases_that_wait(client: ApiClient) -> None:
    building = BuildingFactory()
    case, other = logged_case(building=building), logged_case()
    body = ruling(estate=building.estate.code, need_item="3.1", document_no="清禾纪要〔2026〕12号")

    made = client.send("rulings/", body).json()

    answer = client.read(f"cases/{case.number}/")
    assert (answer["lead"], answer["stage"], answer["responsibility"]) == (body["lead"], "dispatched", "held")
    ruled = next(each for each in client.read(f"cases/{case.number}/events/")["results"] if each["kind"] == "ruled")
    assert (ruled["details"]["ruling"], ruled["details"]["lead"]) == (made["id"], body["lead"])
    assert (ruled["details"]["document_no"], ruled["by"]["role"]) == (body["document_no"], "coordinator")
    assert client.read(f"cases/{other.number}/")["lead"] is None


@pytest.mark.parametrize("beginning", [{}, {"valid_from": "2026-11-01T00:00:00+08:00"}])
def test_ruling_that_is_sent_twice_is_made_once(client: ApiClient, beginning: dict[str, str]) -> None:
    body = ruling(estate=EstateFactory().code, need_item="3.1", **beginning)
    client.send("rulings/", body)

    problem = refused(client.send("rulings/", body), 400, "lead")

    assert problem["errors"][0]["code"] == "unchanged"
    assert Ruling.objects.count() == 1


def test_ruling_on_one_case_alone_is_not_there_yet(client: ApiClient) -> None:
    case = logged_case()

    refused(client.send("rulings/", ruling(estate=case.estate.code, case=case.number)), 400, "case")


def test_ruling_wants_a_party_that_still_works(client: ApiClient) -> None:
    closed = PartyFactory(closed_at=datetime(2026, 1, 1, tzinfo=UTC))

    problem = refused(client.send("rulings/", ruling(estate=EstateFactory().code, lead=closed.code)), 400, "lead")

    assert problem["errors"][0]["code"] == "closed_down"
    assert not Ruling.objects.exists()


def test_ruling_is_withdrawn_once(client: ApiClient) -> None:
    made = client.send("rulings/", ruling(estate=EstateFactory().code)).json()

    withdrawn = client.send(f"rulings/{made['id']}/withdraw/")

    assert withdrawn.status_code == 200
    assert withdrawn.json() == {**made, "withdrawn_at": withdrawn.json()["withdrawn_at"]}
    assert withdrawn.json()["withdrawn_at"] is not None
    refused(client.send(f"rulings/{made['id']}/withdraw/"), 400, "")
    refused(client.send(f"rulings/{made['id']}/withdraw/", {"reason": "x"}), 400, "reason")
    assert client.read("rulings/")["results"] == []
    assert [each["id"] for each in client.read("rulings/", withdrawn="true")["results"]] == [made["id"]]


def test_ruling_is_withdrawn_by_those_who_keep_the_ledger_there() -> None:
    elsewhere = RulingFactory(estate=EstateFactory(grid__area__code="440106001000"))
    of_town = RulingFactory(area=TownFactory())
    auditor = ApiClient(MembershipFactory(auditor=True))
    of_community = ApiClient(MembershipFactory(coordinator=True, area=AreaFactory()))

    refused(auditor.send(f"rulings/{of_town.pk}/withdraw/"), 403)
    refused(of_community.send(f"rulings/{of_town.pk}/withdraw/"), 403)
    refused(of_community.send(f"rulings/{elsewhere.pk}/withdraw/"), 404)
    assert not Ruling.objects.exclude(withdrawn_at=None).exists()


@pytest.mark.parametrize("row_count", [1, 3])
def test_rulings_cost_two_queries(
    client: ApiClient, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(row_count):
        RulingFactory(building=BuildingFactory())
    client.read("me/")

    with django_assert_num_queries(2):
        assert len(client.read("rulings/")["results"]) == row_count
