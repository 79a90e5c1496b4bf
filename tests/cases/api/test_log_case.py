"""POST /api/v1/cases/: a report becomes a case, or a clear refusal and nothing at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case, CaseEvent, NumberSeries
from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    GridFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline() -> Membership:
    return MembershipFactory(api_client=True)


@pytest.fixture
def client(hotline: Membership) -> ApiClient:
    return ApiClient(hotline)


def report(**given: Any) -> dict[str, Any]:
    return {"title": "3 栋路灯不亮", "estate": EstateFactory().code, "need_item": "3.1", **given}


def test_log_case_routes_it_to_the_lead_and_answers_with_the_case(client: ApiClient, hotline: Membership) -> None:
    household = HouseholdFactory()
    building = household.building
    party = MandateFactory(item="3.1").party

    response = client.send(
        "cases/",
        {
            "title": " 垃圾满溢 ",
            "description": "三天没有清运",
            "need_item": "3.1",
            "estate": building.estate.code,
            "building": building.code,
            "household": household.code,
            "location_note": "东门",
            "urgency": "U",
            "channel": "hotline",
            "external_id": "12345-7",
            "reported_at": "2026-01-05T01:30:00Z",
            "reporter": {"name": "刘桂兰", "phone": "13800002607", "anonymous": False},
        },
    )

    assert response.status_code == 201
    case = Case.objects.get()
    assert response["Location"] == f"http://testserver/api/v1/cases/{case.number}/"
    assert response["ETag"] == f'"{case.version}"'
    answer = response.json()
    assert answer == client.read(f"cases/{case.number}/")
    assert answer["lead"] == party.code
    assert (answer["stage"], answer["responsibility"]) == ("dispatched", "held")
    assert (answer["title"], answer["description"]) == ("垃圾满溢", "三天没有清运")
    assert answer["household"] == household.code
    assert answer["reported_at"] == "2026-01-05T09:30:00+08:00"
    assert answer["allowed_actions"] == ["comment", "attach", "correct", "link_duplicate"]
    assert case.logged_by == hotline
    assert (case.reporter_name, case.reporter_phone) == ("刘桂兰", "13800002607")
    assert "刘桂兰" not in response.content.decode()


def test_log_case_without_a_duty_is_a_vacuum(client: ApiClient) -> None:
    answer = client.send("cases/", report()).json()

    assert (answer["stage"], answer["responsibility"], answer["lead"]) == ("opened", "vacuum", None)
    assert [finding["kind"] for finding in answer["open_findings"]] == ["vacuum"]


def test_log_case_waits_to_be_classified_without_an_item(client: ApiClient) -> None:
    answer = client.send("cases/", report(need_item=None)).json()

    assert (answer["need_item"], answer["responsibility"]) == (None, "unlocated")


def test_log_case_takes_the_channel_of_other_systems_unless_told(client: ApiClient) -> None:
    assert client.send("cases/", report()).json()["channel"] == "api"


def test_log_case_keeps_nothing_of_an_anonymous_reporter(client: ApiClient) -> None:
    client.send("cases/", report(reporter={"name": "刘桂兰", "phone": "13800002607", "anonymous": True}))

    case = Case.objects.get()
    assert (case.reporter_name, case.reporter_phone, case.reporter_is_anonymous) == ("", "", True)


def test_log_case_never_makes_two_of_one_external_id(client: ApiClient) -> None:
    assert client.send("cases/", report(channel="hotline", external_id="7")).status_code == 201

    refused(client.send("cases/", report(channel="hotline", external_id="7")), 400, "external_id")
    assert client.send("cases/", report(channel="wechat", external_id="7")).status_code == 201
    assert Case.objects.count() == 2


def test_log_case_finds_the_estate_of_a_building_by_itself(client: ApiClient) -> None:
    building = BuildingFactory()

    answer = client.send("cases/", {"title": "路灯不亮", "building": building.code}).json()

    assert (answer["estate"], answer["building"]) == (building.estate.code, building.code)


@pytest.mark.usefixtures("known_rules")
def test_log_case_costs_few_queries(client: ApiClient) -> None:
    MandateFactory(item="3.1")
    building = BuildingFactory()
    client.read("me/")
    body = {"title": "路灯不亮", "building": building.code, "need_item": "3.1", "external_id": "8"}

    with CaptureQueriesContext(connection) as queries:
        assert client.send("cases/", body).status_code == 201

    # Who asks 1, item and building 2, the service 9 (its savepoint apart), which parties help 1
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 13


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"title": None}, ["title"]),
        ({"title": ""}, ["title"]),
        ({"title": "   "}, ["title"]),
        ({"title": 42}, ["title"]),
        ({"title": True}, ["title"]),
        ({"title": ["路灯"]}, ["title"]),
        ({"title": {"zh": "路灯"}}, ["title"]),
        ({"title": "字" * 121}, ["title"]),
        ({"title": "路\0灯"}, ["title"]),
        ({"description": "字" * 20_001}, ["description"]),
        ({"description": None}, ["description"]),
        ({"need_item": "99.9"}, ["need_item"]),
        ({"need_item": 3.1}, ["need_item"]),
        ({"need_item": ["3.1"]}, ["need_item"]),
        ({"need_item": ""}, ["need_item"]),
        ({"need_item": "3\0"}, ["need_item"]),
        ({"estate": "nowhere"}, ["estate"]),
        ({"estate": None}, ["estate"]),
        ({"estate": {"code": "e"}}, ["estate"]),
        ({"building": "nowhere"}, ["building"]),
        ({"household": "nowhere"}, ["household"]),
        ({"urgency": "X"}, ["urgency"]),
        ({"urgency": None}, ["urgency"]),
        ({"urgency": []}, ["urgency"]),
        ({"channel": "pigeon"}, ["channel"]),
        ({"external_id": "7" * 65}, ["external_id"]),
        ({"external_id": 7}, ["external_id"]),
        ({"reported_at": "2026-01-05T09:30:00"}, ["reported_at"]),
        ({"reported_at": "2026-01-05"}, ["reported_at"]),
        ({"reported_at": "2026-02-30T09:30:00+08:00"}, ["reported_at"]),
        ({"reported_at": "yesterday"}, ["reported_at"]),
        ({"reported_at": 1_767_576_600}, ["reported_at"]),
        ({"reported_at": None}, ["reported_at"]),
        ({"reported_at": "9999-12-31T23:59:59Z"}, ["reported_at"]),
        ({"reported_at": "9999-12-31T23:59:59-14:00"}, ["reported_at"]),
        ({"reported_at": "0001-01-01T00:00:00+08:00"}, ["reported_at"]),
        ({"reporter": None}, ["reporter"]),
        ({"reporter": "刘桂兰"}, ["reporter"]),
        ({"reporter": {"phone": 138}}, ["reporter.phone"]),
        ({"reporter": {"anonymous": "yes"}}, ["reporter.anonymous"]),
        ({"reporter": {"anonymous": 1}}, ["reporter.anonymous"]),
        ({"reporter": {"age": 70}}, ["reporter.age"]),
        ({"stage": "closed"}, ["stage"]),
        ({"title": None, "lead": "p", "urgency": "X"}, ["lead", "title", "urgency"]),
    ],
    ids=str,
)
def test_log_case_names_the_wrong_field_and_changes_nothing(
    client: ApiClient, wrong: dict[str, Any], names: list[str]
) -> None:
    refused(client.send("cases/", report(**wrong)), 400, *names)

    nothing_happened()


def test_log_case_wants_a_title_and_a_place(client: ApiClient) -> None:
    refused(client.send("cases/", {}), 400, "title")
    refused(client.send("cases/", {"title": "路灯不亮"}), 400, "estate")


def test_log_case_refuses_a_future_report_in_the_language_of_the_client(hotline: Membership) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()

    [error] = refused(ApiClient(hotline).send("cases/", report(reported_at=tomorrow)), 400, "reported_at")["errors"]

    assert error["reason"] == "A report cannot lie in the future."
    nothing_happened()


def test_log_case_refuses_a_building_of_another_estate(client: ApiClient) -> None:
    refused(client.send("cases/", report(building=BuildingFactory().code)), 400, "building")
    nothing_happened()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("", "application/json", 400),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('"case"', "application/json", 400),
        ("null", "application/json", 400),
        ("NaN", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"title": ' + "9" * 5000 + "}", "application/json", 400),
        ('{"title": "\\ud800"}', "application/json", 400),
        ('{"\\ud800": 1}', "application/json", 400),
        ('{"title": "路灯"}'.encode("gb18030"), "application/json", 400),
        (b'{"title": "\xff"}', "application/json; charset=zlib", 400),
        (b"x" * 10_000_000, "application/json", 413),
        ('{"title": "' + "字" * 3_500_000 + '"}', "application/json", 413),
        ("title=a", "application/x-www-form-urlencoded", 415),
        ("<case/>", "application/xml", 415),
        ("{}", "text/plain", 415),
    ],
    ids=lambda value: str(value)[:40],
)
def test_log_case_refuses_what_is_no_json_body(
    client: ApiClient, body: str | bytes, content_type: str, status: int
) -> None:
    refused(client.generic("POST", f"{ROOT}cases/", body, content_type), status)

    nothing_happened()


def test_log_case_is_for_those_who_may() -> None:
    refused(ApiClient().send("cases/", report()), 401)
    refused(ApiClient(MembershipFactory(auditor=True)).send("cases/", report()), 403)
    refused(ApiClient(MembershipFactory()).send("cases/", report()), 403)
    nothing_happened()


def test_log_case_knows_no_place_outside_the_area_of_the_actor() -> None:
    mine, other = EstateFactory(), EstateFactory()
    client = ApiClient(MembershipFactory(api_client=True, area=mine.area))

    refused(client.send("cases/", report(estate=other.code)), 400, "estate")
    refused(
        client.send("cases/", report(estate=mine.code, building=BuildingFactory(estate=other).code)), 400, "building"
    )
    nothing_happened()
    assert client.send("cases/", report(estate=mine.code)).status_code == 201


def test_log_case_keeps_a_grid_worker_to_the_own_grid() -> None:
    building = BuildingFactory()
    neighbour = BuildingFactory(estate__grid=GridFactory(area=building.estate.area))
    client = ApiClient(MembershipFactory(grid_worker=True, grid=building.grid))

    refused(client.send("cases/", {"title": "路灯不亮", "building": BuildingFactory().code}), 400, "building")
    refused(client.send("cases/", {"title": "路灯不亮", "building": neighbour.code}), 403)
    nothing_happened()
    assert client.send("cases/", {"title": "路灯不亮", "building": building.code}).status_code == 201


def test_log_case_takes_no_parameters(client: ApiClient) -> None:
    refused(client.send("cases/?dry_run=true", report()), 400, "dry_run")
    nothing_happened()


def nothing_happened() -> None:
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()
    assert not NumberSeries.objects.exists()
