"""Cases, findings and histories as files: CSV and JSON lines."""

import csv
import io
import json
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.services.comment_on_case import comment_on_case
from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import AreaFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
CSV, LINES = "text/csv", "application/x-ndjson"


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


def export(client: ApiClient, path: str, media_type: str, **parameters: str) -> str:
    response = client.get(ROOT + path, parameters, headers={"accept": media_type})
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    return b"".join(response).decode()


def lines(client: ApiClient, path: str, **parameters: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(client, path, LINES, **parameters).splitlines()]


def table(client: ApiClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(client, path, CSV))))


@pytest.mark.usefixtures("monday")  # the clock stands still: what is overdue is so for as long in both
@pytest.mark.parametrize("path", ["cases/", "findings/", "cases/{number}/events/"])
def test_lines_are_the_results_of_the_list(client: ApiClient, coordinator: Membership, path: str) -> None:
    MandateFactory(item="3.1")
    case, _second, _third = (logged_case(by=coordinator, need_item=item(code)) for code in ("3.1", "5.2", "5.2"))
    path = path.format(number=case.number)

    assert lines(client, path) == client.read(path)["results"]
    assert len(table(client, path)) == len(lines(client, path)) > 1


def test_export_has_the_filters_of_the_list(client: ApiClient) -> None:
    MandateFactory(item="3.1")
    logged_case()
    waiting = logged_case(need_item=item("5.2"))

    assert [case["number"] for case in lines(client, "cases/", responsibility="vacuum")] == [waiting.number]
    refused(client.get(f"{ROOT}cases/", {"stage": "x"}, headers={"accept": CSV}), 400, "stage")


def test_export_ends_where_the_sight_of_the_client_ends(client: ApiClient) -> None:
    logged_case()
    elsewhere = ApiClient(MembershipFactory(coordinator=True, area=AreaFactory()))

    assert len(lines(client, "cases/")) == 1
    assert lines(elsewhere, "cases/") == lines(elsewhere, "findings/") == []


def test_csv_is_flat_and_whole(client: ApiClient, coordinator: Membership) -> None:
    case = logged_case(by=coordinator, title='他说 "快"，\n再说', description="a,b")
    comment_on_case(case, reason="=1+1", by=coordinator)

    (row,) = table(client, "cases/")
    events = table(client, f"cases/{case.number}/events/")

    shown = client.read(f"cases/{case.number}/")
    assert list(row) == list(shown)
    assert (row["title"], row["description"]) == (case.title, "a,b")
    assert row["allowed_actions"].split() == shown["allowed_actions"]
    assert json.loads(row["open_findings"]) == shown["open_findings"]
    assert row["lead"] == ""
    assert json.loads(events[0]["details"]) == {"reason": "=1+1"}


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+86 138", "-1 楼", "@SUM(A1)", "\t=1"])
def test_csv_begins_no_formula_and_lines_are_exact(client: ApiClient, title: str) -> None:
    case = logged_case(title=title)

    assert table(client, "cases/")[0]["title"] == (
        f"'{case.title}" if case.title.startswith(("=", "+", "-", "@")) else case.title
    )
    assert lines(client, "cases/")[0]["title"] == case.title


@pytest.mark.parametrize("row_count", [1, 3])
def test_export_of_cases_asks_the_same_however_many_there_are(
    client: ApiClient, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(row_count):
        logged_case()
    client.read("me/")

    with django_assert_num_queries(5):  # the token; cases, their findings, helpers and disputes
        assert len(lines(client, "cases/")) == row_count


@pytest.mark.parametrize("parameter", ["page_size", "cursor", "count"])
def test_export_has_no_pages(client: ApiClient, parameter: str) -> None:
    refused(client.get(f"{ROOT}cases/", {parameter: "1"}, headers={"accept": CSV}), 400, parameter)


def test_only_lists_come_as_files(client: ApiClient) -> None:
    case = logged_case()

    refused(client.get(f"{ROOT}cases/{case.number}/", headers={"accept": CSV}), 406)
    refused(client.send("cases/", {}, headers={"accept": CSV}), 406)
    assert client.get(f"{ROOT}cases/", headers={"accept": "text/html,*/*"})["Content-Type"] == "application/json"
