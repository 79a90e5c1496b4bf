"""Pages by keyset: nothing lost, nothing doubled, whatever shares a moment and whatever arrives meanwhile."""

import base64
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.services.log_case import log_case
from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


@pytest.fixture
def seven(coordinator: Membership) -> list[str]:
    """Seven cases of one moment, newest first."""
    estate = EstateFactory()
    cases = [log_case(title=f"第 {n} 件", estate=estate, by=coordinator, at=MONDAY) for n in range(7)]
    return [case.number for case in reversed(cases)]


def follow(client: ApiClient, link: str | None, direction: str = "next") -> list[list[str]]:
    """The numbers on every page from here on."""
    pages = []
    while link:
        page: dict[str, Any] = client.get(link).json()
        pages.append([case["number"] for case in page["results"]])
        link = page[direction]
    return pages


def test_pages_lose_nothing_where_more_share_a_moment_than_fit(client: ApiClient, seven: list[str]) -> None:
    assert follow(client, f"{ROOT}cases/?page_size=2") == [seven[:2], seven[2:4], seven[4:6], seven[6:]]


def test_pages_lead_back_the_way_they_came(client: ApiClient, seven: list[str]) -> None:
    page = client.read("cases/", page_size=3)
    while page["next"]:
        page = client.get(page["next"]).json()

    assert follow(client, page["previous"], "previous") == [seven[3:6], seven[:3]]
    back = client.get(page["previous"]).json()
    assert [case["number"] for case in client.get(back["next"]).json()["results"]] == seven[6:]


def test_first_page_has_no_previous_and_last_no_next(client: ApiClient, seven: list[str]) -> None:
    page = client.read("cases/", page_size=7)

    assert (page["next"], page["previous"], len(page["results"])) == (None, None, 7)
    assert list(page) == ["next", "previous", "results"]


def test_what_arrives_meanwhile_moves_no_page(client: ApiClient, coordinator: Membership, seven: list[str]) -> None:
    first = client.read("cases/", page_size=3)
    newer = log_case(title="新的", estate=EstateFactory(), by=coordinator)

    assert follow(client, first["next"]) == [seven[3:6], seven[6:]]
    assert client.numbers() == [newer.number, *seven]
    second = client.get(first["next"]).json()
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_page_behind_the_end_is_empty_and_leads_back(client: ApiClient, seven: list[str]) -> None:
    link = client.read("cases/", page_size=6)["next"]
    Case.objects.filter(number=seven[-1]).update(channel=Case.Channel.HOTLINE)

    page = client.get(f"{link}&channel=grid").json()

    assert (page["results"], page["next"]) == ([], None)
    assert [case["number"] for case in client.get(page["previous"]).json()["results"]] == seven[:6]


def test_count_is_told_when_asked_for(client: ApiClient, seven: list[str]) -> None:
    page = client.read("cases/", page_size=2, count="true")

    assert (page["count"], len(page["results"])) == (7, 2)
    assert client.get(page["next"]).json()["count"] == 7
    assert "count" not in client.read("cases/", count="false")


def test_page_has_fifty_unless_told(client: ApiClient, coordinator: Membership) -> None:
    estate = EstateFactory()
    for n in range(51):
        log_case(title=str(n), estate=estate, by=coordinator)

    assert len(client.read("cases/")["results"]) == 50


@pytest.mark.parametrize("size", ["0", "-1", "201", "x", "", "1.5", "٣", "1e2", "9" * 5000, " 5", "+5"])
def test_page_size_that_is_none_is_refused(client: ApiClient, size: str) -> None:
    refused(client.get(f"{ROOT}cases/", {"page_size": size}), 400, "page_size")


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", base64.b64encode(b"o=1&p=2").decode(), "WzFd:1abc:sig", "\0", "a" * 5000]
)
def test_cursor_that_is_none_is_refused(client: ApiClient, cursor: str) -> None:
    refused(client.get(f"{ROOT}cases/", {"cursor": cursor}), 400, "cursor")


def test_cursor_of_another_list_is_refused(client: ApiClient, seven: list[str]) -> None:
    cursor = client.read("cases/", page_size=1)["next"].partition("cursor=")[2].partition("&")[0]

    refused(client.get(f"{ROOT}need-items/?cursor={cursor}"), 400, "cursor")
    refused(client.get(f"{ROOT}findings/?cursor={cursor}"), 400, "cursor")


@pytest.mark.parametrize("wanted", ["1", "yes", "", "True"])
def test_count_is_true_or_false(client: ApiClient, wanted: str) -> None:
    refused(client.get(f"{ROOT}cases/", {"count": wanted}), 400, "count")


def test_list_in_ascending_order_pages_as_well(client: ApiClient) -> None:
    codes = []
    link: str | None = f"{ROOT}need-items/?page_size=10"
    while link:
        page = client.get(link).json()
        codes += [item["code"] for item in page["results"]]
        link = page["next"]

    assert codes == [item["code"] for item in client.read("need-items/", page_size=200)["results"]]
    assert len(codes) == len(set(codes)) == 31


def test_later_page_costs_what_the_first_costs(client: ApiClient, seven: list[str]) -> None:
    with CaptureQueriesContext(connection) as first:
        link = client.read("cases/", page_size=2)["next"]
    with CaptureQueriesContext(connection) as second:
        client.get(link)

    assert "OFFSET" not in second[-4]["sql"]
    assert len(second) == 5 <= len(first)
