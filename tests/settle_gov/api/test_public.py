"""Residents report and follow up without an account."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, Settings

from cases.models import Case, CaseEvent, FollowUp
from cases.services.close_case import close_case
from cases.services.report_case import LENGTH, SIGNS
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from tests.api import ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uncounted(settings: Settings) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}


@pytest.fixture
def resident() -> ApiClient:
    return ApiClient()


def reported(resident: ApiClient, **given: Any) -> dict[str, Any]:
    response = resident.send("public/cases/", {"title": "路灯不亮", **given})
    assert response.status_code == 201, response.content.decode()
    assert response["Location"].endswith(f"/api/v1/public/cases/{response.json()['number']}/")
    answer: dict[str, Any] = response.json()
    return answer


def test_report_becomes_a_case_that_goes_to_who_answers_for_it(resident: ApiClient) -> None:
    building, party = BuildingFactory(), MandateFactory(item="3.1").party

    answer = reported(
        resident,
        description="三天了",
        building=building.code,
        need_item="3.1",
        location_note="东门",
        reporter={"name": "刘桂兰", "phone": "13800002607"},
    )

    case = Case.objects.get(number=answer["number"])
    assert (case.lead, case.estate, case.building) == (party, building.estate, building)
    assert (case.channel, case.logged_by, case.reporter_name) == ("wechat", None, "刘桂兰")
    assert [(event.kind, event.by) for event in case.events.order_by("seq")] == [
        (CaseEvent.Kind.REPORTED, None),
        (CaseEvent.Kind.OPENED, None),
        (CaseEvent.Kind.ASSIGNED, None),
    ]


def test_code_is_told_once_and_not_kept(resident: ApiClient) -> None:
    answer = reported(resident, estate=EstateFactory().code)

    assert set(answer) == {"number", "code"}
    assert len(answer["code"]) == LENGTH
    assert set(answer["code"]) <= set(SIGNS)
    assert answer["code"] not in FollowUp.objects.get().digest


def test_code_shows_stage_dates_and_outcome_and_nothing_else(resident: ApiClient) -> None:
    party = MandateFactory(item="3.1").party
    answer = reported(resident, building=BuildingFactory().code, need_item="3.1", reporter={"name": "刘桂兰"})
    case, handler = Case.objects.get(), MembershipFactory(party=party)

    followed = resident.read(f"public/cases/{answer['number']}/", code=answer["code"].lower())

    names = ["number", "stage", "reported_at", "resolve_due_at", "resolved_at", "closed_at", "outcome"]
    assert list(followed) == names
    assert (followed["stage"], followed["outcome"], followed["resolved_at"]) == ("dispatched", None, None)
    resolve_case(sign_for_case(case, by=handler), by=handler, reason="换灯")
    close_case(case, by=MembershipFactory(coordinator=True), reason="核查")
    followed = resident.read(f"public/cases/{answer['number']}/", code=answer["code"])
    assert (followed["stage"], followed["outcome"]) == ("closed", "closed")
    assert followed["closed_at"] is not None


def test_wrong_code_wrong_number_and_a_case_without_code_are_the_same(resident: ApiClient) -> None:
    answer = reported(resident, estate=EstateFactory().code)
    other, without = reported(resident, estate=EstateFactory().code), logged_case()

    tries = [
        (answer["number"], other["code"]),
        ("AZ-20260101-0001", answer["code"]),
        (without.number, answer["code"]),
    ]
    told = [refused(resident.get(f"/api/v1/public/cases/{number}/", {"code": code}), 404) for number, code in tries]
    assert len({each["detail"] for each in told}) == 1


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "estate"),
        ({"estate": "nowhere"}, "estate"),
        ({"estate": 3}, "estate"),
        ({"title": " "}, "title"),
        ({"title": "x\0"}, "title"),
        ({"channel": "hotline"}, "channel"),
        ({"urgency": "E"}, "urgency"),
        ({"household": "1"}, "household"),
        ({"reporter": {"name": "x" * 41}}, "reporter.name"),
    ],
)
def test_report_that_makes_no_sense_is_refused_by_field(resident: ApiClient, given: dict[str, Any], name: str) -> None:
    place = {} if name == "estate" else {"estate": EstateFactory().code}

    refused(resident.send("public/cases/", {"title": "路灯不亮", **place, **given}), 400, name)

    assert Case.objects.count() == 0


def test_parameters_are_known_or_refused(resident: ApiClient) -> None:
    refused(resident.get("/api/v1/public/cases/AZ-1/", {"code": "A", "more": "1"}), 400, "more")
    refused(resident.get("/api/v1/public/cases/AZ-1/"), 404)
    refused(resident.get("/api/v1/public/cases/"), 405)


def test_town_may_switch_it_off(resident: ApiClient, settings: Settings) -> None:
    settings.PUBLIC_REPORTS = False

    refused(resident.send("public/cases/", {"title": "路灯不亮", "estate": EstateFactory().code}), 404)


def test_token_and_session_mean_nothing_here() -> None:
    client = ApiClient(MembershipFactory())

    assert reported(client, estate=EstateFactory().code)["number"]
    assert Case.objects.get().logged_by is None


def test_reports_and_tries_are_counted(resident: ApiClient, settings: Settings) -> None:
    settings.RATES = settings.RATES | {"report": 1, "follow_up": 2}
    body = {"title": "路灯不亮", "estate": EstateFactory().code}

    with time_machine.travel("2026-11-29T01:30:00Z", tick=False):
        address = {"REMOTE_ADDR": "198.51.100.251"}
        answer = resident.send("public/cases/", body, **address).json()
        response = resident.send("public/cases/", body, **address)
        assert (refused(response, 429)["code"], response["Retry-After"]) == ("throttled", "1800")
        path = f"/api/v1/public/cases/{answer['number']}/"
        assert resident.get(path, {"code": answer["code"]}, **address).status_code == 200
        refused(resident.get("/api/v1/public/cases/AZ-1/", {"code": "A"}, **address), 404)
        refused(resident.get("/api/v1/public/cases/AZ-2/", {"code": "A"}, **address), 429)


def test_wrong_codes_of_one_case_are_counted_and_never_keep_the_right_one_out(
    resident: ApiClient, settings: Settings
) -> None:
    settings.RATES = settings.RATES | {"follow_up_of_one": 1}
    answer = reported(resident, estate=EstateFactory().code)
    path = f"/api/v1/public/cases/{answer['number']}/"

    with time_machine.travel("2026-11-29T01:30:00Z", tick=False):
        refused(resident.get(path, {"code": "A"}, REMOTE_ADDR="198.51.100.1"), 404)
        response = resident.get(path, {"code": "A"}, REMOTE_ADDR="198.51.100.2")
        assert (refused(response, 429)["code"], response["Retry-After"]) == ("throttled", "1800")
        assert resident.get(path, {"code": answer["code"]}, REMOTE_ADDR="203.0.113.7").status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("198.51.100.7", "198.51.100.8", False),
    ],
)
def test_a_household_is_counted_as_one_whatever_address_of_its_own_it_takes(
    resident: ApiClient, settings: Settings, one: str, other: str, is_one: bool
) -> None:
    settings.RATES = settings.RATES | {"report": 1}
    body = {"title": "路灯不亮", "estate": EstateFactory().code}

    with time_machine.travel("2026-11-29T03:30:00Z", tick=False):
        assert resident.send("public/cases/", body, REMOTE_ADDR=one).status_code == 201
        assert resident.send("public/cases/", body, REMOTE_ADDR=other).status_code == (429 if is_one else 201)


def test_following_costs_one_query(resident: ApiClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    answer = reported(resident, estate=EstateFactory().code)

    with django_assert_num_queries(1):
        resident.read(f"public/cases/{answer['number']}/", code=answer["code"])
