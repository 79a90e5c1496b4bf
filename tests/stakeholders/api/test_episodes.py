"""Episodes: the list, one of them, and all of them as a file."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Episode
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import item
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db

EPISODES = "coverage/episodes/"
MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def episode(**given: Any) -> Episode:
    """One that is written, whatever the ledger says."""
    parties = given.pop("parties", [])
    building = given.get("building")
    values = {"estate": building.estate if building else None, "need_item": item(), "state": "vacuum"} | given
    written = Episode.objects.create(**values | {"estate": values["estate"] or EstateFactory()})
    written.parties.set(parties)
    return written


def ids(client: ApiClient, **parameters: str) -> list[int]:
    return [each["id"] for each in client.read(EPISODES, **parameters)["results"]]


def export(client: ApiClient, media_type: str, **parameters: str) -> str:
    response = client.get(ROOT + EPISODES, parameters, headers={"accept": media_type})
    assert response.status_code == 200
    assert isinstance(response, StreamingHttpResponse)
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    return b"".join(response).decode()


def test_episode_has_the_shape_of_the_contract(client: ApiClient) -> None:
    building = BuildingFactory()
    heads = [PartyFactory(code="b"), PartyFactory(code="a")]
    one = episode(building=building, state="multi_head", parties=heads, since=MARCH, until=MAY)

    answer = client.read(f"{EPISODES}{one.pk}/")

    assert answer == {
        "id": one.pk,
        "estate": building.estate.code,
        "building": building.code,
        "need_item": "3.1",
        "state": "multi_head",
        "parties": ["a", "b"],
        "from": "2026-03-01T08:00:00+08:00",
        "until": "2026-05-01T08:00:00+08:00",
    }
    assert client.read(EPISODES) == {"next": None, "previous": None, "results": [answer]}


def test_episodes_come_latest_first_and_page_by_page(client: ApiClient) -> None:
    rows = [episode().pk for _each in range(3)]

    page = client.read(EPISODES, page_size="2", count="true")

    assert [each["id"] for each in page["results"]] == rows[:0:-1]
    assert page["count"] == 3
    assert [each["id"] for each in client.get(page["next"]).json()["results"]] == rows[:1]


def test_episodes_follow_the_ledger(client: ApiClient) -> None:
    estate = EstateFactory()
    MandateFactory.create_batch(2, estate=estate, item="3.1", valid_from=MARCH)
    refresh_episodes()

    now, before = client.read(EPISODES, need_item="3.1", count="true")["results"]

    assert (before["state"], before["from"], before["until"]) == ("vacuum", None, "2026-03-01T08:00:00+08:00")
    assert (now["state"], now["from"], now["until"]) == ("multi_head", "2026-03-01T08:00:00+08:00", None)
    assert (now["estate"], now["building"], len(now["parties"])) == (estate.code, None, 2)


def test_episodes_can_be_asked_for_by_all_that_the_contract_names(client: ApiClient) -> None:
    building, party = BuildingFactory(), PartyFactory()
    old = episode(building=building, since=MARCH, until=MAY)
    new = episode(state="backstop", need_item=item("1.1"), since=MAY, parties=[party])

    assert ids(client, state="backstop") == ids(client, open="true") == ids(client, parties=party.code) == [new.pk]
    assert ids(client, open="false") == ids(client, until="2026-05-01T00:00:00Z") == [old.pk]
    assert ids(client, place=building.code) == ids(client, estate=building.estate.code) == [old.pk]
    assert (
        ids(client, building=building.code) == ids(client, need_class="3") == ids(client, need_item="3.1") == [old.pk]
    )
    assert ids(client, area=building.estate.area_id) == ids(client, **{"from": "2026-03-01T00:00:00Z"}) == [old.pk]
    assert ids(client, from__gte="2026-04-01T00:00:00Z") == ids(client, until__isnull="true") == [new.pk]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("state", "clear"),
        ("from", "2026-03-01"),
        ("open", "1"),
        ("place", "nowhere"),
        ("since", "2026"),
        ("format", "csv"),
    ],
)
@pytest.mark.parametrize("media_type", ["application/json", "text/csv"])
def test_episodes_refuse_what_they_do_not_know(client: ApiClient, media_type: str, parameter: str, value: str) -> None:
    answer = client.get(ROOT + EPISODES, {parameter: value}, headers={"accept": media_type})

    refused(answer, 400, parameter)


def test_episodes_end_at_the_area_of_the_actor() -> None:
    mine, other = episode(), episode()
    client = ApiClient(MembershipFactory(auditor=True, area=mine.estate.area))

    assert ids(client) == [mine.pk]
    assert [json.loads(line)["id"] for line in export(client, "application/x-ndjson").splitlines()] == [mine.pk]
    refused(client.get(f"{ROOT}{EPISODES}{other.pk}/"), 404)
    refused(client.get(ROOT + EPISODES, {"estate": other.estate.code}), 400, "estate")


def test_episodes_are_for_members_and_only_read(client: ApiClient) -> None:
    refused(ApiClient().get(ROOT + EPISODES), 401)
    refused(client.send(EPISODES), 405)
    refused(client.get(f"{ROOT}{EPISODES}nonsense/"), 404)


@pytest.mark.parametrize("row_count", [1, 3])
def test_episodes_cost_three_queries(
    client: ApiClient, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(row_count):
        episode(building=BuildingFactory(), parties=[PartyFactory()])
    client.read("me/")

    # the token, the episodes, their parties
    with django_assert_num_queries(3):
        assert len(ids(client)) == row_count
    with django_assert_num_queries(3):
        assert len(export(client, "application/x-ndjson").splitlines()) == row_count


def test_episodes_are_exported_as_csv(client: ApiClient) -> None:
    both = episode(parties=[PartyFactory(code="b"), PartyFactory(code="a")], state="multi_head", since=MARCH)
    none = episode(need_item=item("1.1"))

    rows = list(csv.reader(io.StringIO(export(client, "text/csv"))))

    assert rows == [
        ["id", "estate", "building", "need_item", "state", "parties", "from", "until"],
        [str(none.pk), none.estate.code, "", "1.1", "vacuum", "", "", ""],
        [str(both.pk), both.estate.code, "", "3.1", "multi_head", "a b", "2026-03-01T08:00:00+08:00", ""],
    ]


def test_episodes_are_exported_as_lines_like_the_results_of_the_list(client: ApiClient) -> None:
    episode(building=BuildingFactory())
    episode(state="backstop", parties=[PartyFactory()])

    lines = export(client, "application/x-ndjson").splitlines()

    assert [json.loads(line) for line in lines] == client.read(EPISODES)["results"]
    assert len(export(client, "application/x-ndjson", state="backstop").splitlines()) == 1


def test_episodes_are_read_while_they_are_written(
    client: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    episode()
    client.read("me/")

    with django_assert_num_queries(1):
        response = client.get(ROOT + EPISODES, headers={"accept": "text/csv"})
    with django_assert_num_queries(2):
        list(response)


@pytest.mark.parametrize("parameter", ["page_size", "cursor", "count"])
def test_an_export_has_no_pages(client: ApiClient, parameter: str) -> None:
    refused(client.get(ROOT + EPISODES, {parameter: "1"}, headers={"accept": "text/csv"}), 400, parameter)


@pytest.mark.parametrize(("path", "media_type"), [("", "application/pdf"), ("{pk}/", "text/csv")])
def test_episodes_come_in_no_other_form(client: ApiClient, path: str, media_type: str) -> None:
    answer = client.get(ROOT + EPISODES + path.format(pk=episode().pk), headers={"accept": media_type})

    refused(answer, 406)
