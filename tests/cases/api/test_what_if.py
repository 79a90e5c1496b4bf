"""POST /api/v1/coverage/what-if/: what drafts would change, and nothing saved."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db

WHAT_IF = "coverage/what-if/"
ELSEWHERE = "440106001000"
SINCE = "2026-01-01T00:00:00+08:00"


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def mandate(**fields: Any) -> dict[str, Any]:
    return {"role": "lead", "need_item": "3.1", "valid_from": SINCE, **fields}


def ask(client: ApiClient, **body: Any) -> dict[str, Any]:
    response = client.send(WHAT_IF, body)
    assert response.status_code == 200, response.content.decode()
    answer: dict[str, Any] = response.json()
    return answer


def effects(answer: dict[str, Any]) -> list[tuple[str, str | None, str, str, str]]:
    return [
        (cell["estate"], cell["building"], cell["effect"], cell["before"]["state"], cell["after"]["state"])
        for cell in answer["cells"]
    ]


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_what_if_has_the_shape_of_the_contract(client: ApiClient) -> None:
    building, party = BuildingFactory(), PartyFactory()
    at = "2026-06-01T00:00:00+08:00"

    answer = ask(client, mandates=[mandate(party=party.code, building=building.code)], at=at)

    assert answer == {
        "at": at,
        "cells": [
            {
                "estate": building.estate.code,
                "building": building.code,
                "need_item": "3.1",
                "effect": "closed",
                "before": {"state": "vacuum", "parties": [], "ruled": False},
                "after": {"state": "clear", "parties": [party.code], "ruled": False},
            }
        ],
        "counts": {"closed": 1, "opened": 0, "altered": 0, "moved": 0},
        "cases": [],
        "cases_considered": 0,
    }


def test_what_if_tells_the_four_effects(client: ApiClient) -> None:
    vacuum, clear, backed, ruled = (EstateFactory(code=code) for code in "abcd")
    MandateFactory(estate=clear)
    MandateFactory(estate=backed, role=Mandate.Role.BACKSTOP)
    kept = MandateFactory(estate=ruled)
    party = PartyFactory().code
    body = {
        "mandates": [
            mandate(party=party, estate=vacuum.code),
            mandate(party=party, estate=clear.code),
            mandate(party=party, estate=backed.code, role="backstop"),
        ],
        "rulings": [{"lead": kept.party.code, "estate": ruled.code, "need_item": "3.1"}],
    }

    answer = ask(client, **body)

    assert effects(answer) == [
        ("a", None, "closed", "vacuum", "clear"),
        ("b", None, "opened", "clear", "multi_head"),
        ("c", None, "altered", "backstop", "backstop"),
        ("d", None, "moved", "clear", "clear"),
    ]
    assert [cell["after"]["ruled"] for cell in answer["cells"]] == [False, False, False, True]
    assert answer["counts"] == {"closed": 1, "opened": 1, "altered": 1, "moved": 1}


def test_what_if_takes_mandates_out(client: ApiClient) -> None:
    estate = EstateFactory()
    first, _second = MandateFactory(estate=estate, item="3.1"), MandateFactory(estate=estate, item="3.1")

    answer = ask(client, withdraw=[first.pk])

    assert effects(answer) == [(estate.code, None, "closed", "multi_head", "clear")]


def test_what_if_lets_the_last_ruling_win_over_those_that_were_made(client: ApiClient) -> None:
    estate = EstateFactory()
    RulingFactory(estate=estate, need_item=item(), decided_at=timezone.now())
    one, other = PartyFactory().code, PartyFactory().code
    scope = {"estate": estate.code, "need_item": "3.1"}

    answer = ask(client, rulings=[{"lead": one, **scope}, {"lead": other, **scope}])

    assert [cell["after"]["parties"] for cell in answer["cells"]] == [[other]]


def test_what_if_looks_at_the_moment_that_is_asked_for(client: ApiClient) -> None:
    body = {
        "mandates": [mandate(party=PartyFactory().code, estate=EstateFactory().code, valid_until="2027-01-01T00:00Z")]
    }

    assert len(ask(client, **body, at="2026-12-31T00:00:00Z")["cells"]) == 1
    assert ask(client, **body, at="2027-01-01T00:00:00Z")["cells"] == []


def test_what_if_takes_a_draft_without_a_beginning_as_beginning_at_that_moment(client: ApiClient) -> None:
    draft = {"party": PartyFactory().code, "role": "lead", "estate": EstateFactory().code, "need_item": "3.1"}

    assert len(ask(client, mandates=[draft])["cells"]) == 1
    assert len(ask(client, mandates=[draft], at="2030-01-01T00:00:00Z")["cells"]) == 1


def test_what_if_names_cases_that_would_have_gone_out_at_once(client: ApiClient) -> None:
    building, party = BuildingFactory(), PartyFactory()
    week_ago = timezone.now() - timedelta(days=7)
    waited = logged_case(building=building, at=week_ago)
    logged_case(building=building, at=week_ago, need_item=item("1.1"))
    logged_case(building=building, at=week_ago - timedelta(days=90))
    MandateFactory(item="2.1")
    logged_case(building=building, at=week_ago, need_item=item("2.1"))

    answer = ask(
        client, mandates=[mandate(party=party.code, estate=building.estate.code, valid_from="2030-01-01T00:00:00Z")]
    )

    assert answer["cases"] == [
        {"number": waited.number, "need_item": "3.1", "estate": building.estate.code, "lead_after": party.code}
    ]
    assert (answer["cells"], answer["cases_considered"]) == ([], 2)


def test_what_if_saves_nothing(client: ApiClient, django_capture_on_commit_callbacks: Any) -> None:
    estate, known = EstateFactory(), MandateFactory()
    logged_case(estate=estate, at=timezone.now() - timedelta(days=1))
    client.read("me/")
    before = row_counts()

    with django_capture_on_commit_callbacks() as callbacks:
        answer = ask(
            client,
            mandates=[mandate(party=known.party.code, estate=estate.code)],
            rulings=[{"lead": known.party.code, "estate": estate.code}],
            withdraw=[known.pk],
        )

    assert answer["cells"]
    assert (row_counts(), callbacks) == (before, [])
    known.refresh_from_db()
    assert known.withdrawn_at is None


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"estate": None}, "mandates.1.area"),
        ({"area": "379926101000"}, "mandates.1.estate"),
        ({"need_class": "3"}, "mandates.1.need_item"),
        ({"estate": "nowhere"}, "mandates.1.estate"),
        ({"estate": "a\0"}, "mandates.1.estate"),
        ({"estate": 7}, "mandates.1.estate"),
        ({"party": "nobody"}, "mandates.1.party"),
        ({"role": "king"}, "mandates.1.role"),
        ({"valid_until": SINCE}, "mandates.1.valid_until"),
        ({"valid_from": "2026-01-01"}, "mandates.1.valid_from"),
        ({"colour": "red"}, "mandates.1.colour"),
    ],
)
def test_what_if_names_the_draft_and_the_field_that_is_wrong(
    client: ApiClient, wrong: dict[str, Any], name: str
) -> None:
    TownFactory()
    right = mandate(party=PartyFactory().code, estate=EstateFactory().code)

    refused(client.send(WHAT_IF, {"mandates": [right, right | wrong]}), 400, name)


def test_what_if_names_all_that_is_wrong_at_once(client: ApiClient) -> None:
    body = {"mandates": [{}, "x"], "rulings": [{"lead": 1}], "withdraw": [True, "1"], "at": "now", "until": None}

    refused(
        client.send(WHAT_IF, body),
        400,
        "mandates.0.party",
        "mandates.0.role",
        "mandates.1",
        "rulings.0.lead",
        "withdraw.0",
        "withdraw.1",
        "at",
        "until",
    )


@pytest.mark.parametrize("body", [{"mandates": {}}, {"rulings": None}, {"withdraw": 1}])
def test_what_if_wants_lists(client: ApiClient, body: dict[str, Any]) -> None:
    refused(client.send(WHAT_IF, body), 400, next(iter(body)))


def test_what_if_takes_500_drafts_and_no_more(client: ApiClient) -> None:
    drafts = [mandate(party=PartyFactory().code, estate=EstateFactory().code)] * 500

    assert ask(client, mandates=drafts)["counts"]["closed"] == 1
    refused(client.send(WHAT_IF, {"mandates": drafts, "withdraw": [1]}), 400, "")


def test_what_if_knows_only_mandates_that_count_and_are_seen(client: ApiClient) -> None:
    gone = MandateFactory()
    withdraw_mandate(gone, by=MembershipFactory(coordinator=True))
    elsewhere = MandateFactory(estate=EstateFactory(grid__area__code=ELSEWHERE))

    for known in (gone, elsewhere):
        refused(client.send(WHAT_IF, {"withdraw": [known.pk]}), 400, "withdraw")


def test_what_if_ends_at_the_area_of_the_actor() -> None:
    mine, other = BuildingFactory(), BuildingFactory()
    yesterday = timezone.now() - timedelta(days=1)
    cases = [logged_case(building=each, at=yesterday) for each in (mine, other)]
    client = ApiClient(MembershipFactory(auditor=True, area=mine.estate.area))
    party = PartyFactory().code

    answer = ask(client, mandates=[mandate(party=party, area=TownFactory().code)])

    assert {cell["estate"] for cell in answer["cells"]} == {mine.estate.code}
    assert [case["number"] for case in answer["cases"]] == [cases[0].number]
    assert answer["cases_considered"] == 1
    refused(
        client.send(WHAT_IF, {"mandates": [mandate(party=party, estate=other.estate.code)]}), 400, "mandates.0.estate"
    )


def test_what_if_shows_a_handler_no_cases_of_others(client: ApiClient) -> None:
    building = BuildingFactory()
    logged_case(building=building, at=timezone.now() - timedelta(days=1))
    handler = ApiClient(MembershipFactory())

    answer = ask(handler, mandates=[mandate(party=PartyFactory().code, estate=building.estate.code)])

    assert (len(answer["cells"]), answer["cases"], answer["cases_considered"]) == (2, [], 0)


def test_what_if_is_for_members(client: ApiClient) -> None:
    refused(ApiClient().send(WHAT_IF), 401)
    refused(client.get(ROOT + WHAT_IF), 405)
    refused(client.send(f"{WHAT_IF}?at=2026"), 400, "at")
    assert ask(client)["cells"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_what_if_costs_the_same_for_any_number_of_drafts(
    client: ApiClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known = [MandateFactory(estate=EstateFactory(), item="1.1").pk for _each in range(count)]
    buildings = [BuildingFactory() for _each in range(count)]
    for building in buildings:
        logged_case(building=building, at=timezone.now() - timedelta(days=1))
    drafts = [mandate(party=PartyFactory().code, building=building.code) for building in buildings]
    rulings = [
        {"lead": PartyFactory().code, "estate": building.estate.code, "need_class": "4"} for building in buildings
    ]
    client.read("me/")

    # the token; what is named, of six kinds, and the mandates taken out; estates and items that are reached; their
    # buildings, mandates and rulings; past cases, their mandates, rulings and leads, and which parties are closed down;
    # the codes of what changes
    with django_assert_num_queries(1 + 6 + 1 + 3 + 3 + 5 + 4):
        answer = ask(client, mandates=drafts, rulings=rulings, withdraw=known)

    assert len(answer["cases"]) == count
    assert answer["counts"] == {"closed": count * 7, "opened": count, "altered": 0, "moved": 0}


def test_what_if_refuses_a_party_that_is_closed_down_by_then(client: ApiClient) -> None:
    estate, closed_at = EstateFactory().code, timezone.now() - timedelta(days=1)
    closed = PartyFactory(closed_at=closed_at).code
    early = (closed_at - timedelta(days=1)).isoformat()

    of_mandate = refused(
        client.send(WHAT_IF, {"mandates": [{"party": closed, "role": "lead", "estate": estate}]}),
        400,
        "mandates.0.party",
    )
    of_ruling = refused(client.send(WHAT_IF, {"rulings": [{"lead": closed, "estate": estate}]}), 400, "rulings.0.lead")

    assert [each["errors"][0]["code"] for each in (of_mandate, of_ruling)] == ["closed_down"] * 2
    assert ask(client, mandates=[mandate(party=closed, estate=estate, valid_from=early)])["cells"] == []


@pytest.mark.parametrize("number", [0, -1, 2**63, 99999999999999999999])
def test_a_number_that_no_row_can_have_is_refused(client: ApiClient, number: int) -> None:
    refused(client.send("coverage/what-if/", {"withdraw": [number]}), 400)
