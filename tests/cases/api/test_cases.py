"""GET /api/v1/cases/ and /cases/{number}/: one rule for list and detail, one shape, few queries."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Mandate
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db

BESIDE = (
    "events",
    "custody",
    "findings",
    "escalations",
    "stances",
    "disputes",
    "time_requests",
    "timers",
    "attachments",
    "explain",
)
FIELDS = (
    "number title description need_item estate building household location_note grid area_code urgency channel "
    "external_id stage lead supports responsibility reported_at opened_at sign_due_at contact_due_at resolve_due_at "
    "due_is_provisional signed_at contacted_at resolved_at closed_at is_overdue overdue_for on_hold main_case returns "
    "handoffs open_findings allowed_actions verified_at rated_at reopened_at hold_until in_charge asked listed_at "
    "cycle reworks dispute updated_at version"
)


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def test_case_has_all_fields_of_the_contract(client: ApiClient) -> None:
    lead = MandateFactory(item="3.1").party
    support = MandateFactory(item="3.1", role=Mandate.Role.SUPPORT).party
    household = HouseholdFactory()
    main = logged_case()
    case = logged_case(building=household.building, household=household)
    Case.objects.filter(pk=case.pk).update(main_case=main)

    answer = client.read(f"cases/{case.number}/")

    assert " ".join(answer) == FIELDS
    assert (answer["lead"], answer["supports"]) == (lead.code, [support.code])
    assert (answer["need_item"], answer["grid"], answer["area_code"]) == ("3.1", case.grid_id, case.area_id)
    assert answer["estate"] == household.building.estate.code
    assert (answer["building"], answer["household"]) == (household.building.code, household.code)
    assert answer["main_case"] == main.number
    assert answer["reported_at"] == "2026-11-16T09:14:00+08:00"
    assert answer["open_findings"] == []


def test_list_and_detail_say_the_same(client: ApiClient) -> None:
    case = logged_case()

    with time_machine.travel(case.opened_at, tick=False):
        client = ApiClient(MembershipFactory(coordinator=True))
        assert client.read("cases/")["results"] == [client.read(f"cases/{case.number}/")]


def test_case_names_its_version(client: ApiClient) -> None:
    case = logged_case()

    assert client.get(f"{ROOT}cases/{case.number}/")["ETag"] == f'"{case.version}"'


def test_case_says_by_how_much_it_is_overdue() -> None:
    case = logged_case()
    sweep_clocks(at=case.resolve_due_at + timedelta(hours=1))

    with time_machine.travel(case.resolve_due_at + timedelta(hours=2), tick=False):
        answer = ApiClient(MembershipFactory(coordinator=True)).read(f"cases/{case.number}/")

    assert (answer["is_overdue"], answer["overdue_for"]) == (True, 7200)
    assert {finding["kind"] for finding in answer["open_findings"]} == {"vacuum", "overdue", "uncontacted"}


def test_case_that_was_answered_late_is_not_overdue(client: ApiClient) -> None:
    handler = MembershipFactory(party=MandateFactory(item="3.1").party)
    case = resolve_case(sign_for_case(logged_case(), by=handler), by=handler, reason="x")
    assert case.was_late

    answer = client.read(f"cases/{case.number}/")

    assert (answer["is_overdue"], answer["overdue_for"]) == (False, 0)
    assert client.read("cases/?overdue=true")["results"] == []


def test_case_in_time_is_overdue_for_nothing() -> None:
    case = logged_case()

    with time_machine.travel(case.resolve_due_at - timedelta(seconds=1), tick=False):
        answer = ApiClient(MembershipFactory(coordinator=True)).read(f"cases/{case.number}/")

    assert (answer["is_overdue"], answer["overdue_for"]) == (False, 0)


def test_allowed_actions_are_those_of_the_actor(client: ApiClient) -> None:
    lead = MandateFactory(item="3.1").party
    path = f"cases/{logged_case().number}/"

    allowed = ["rule", "reassign", "comment", "attach", "correct", "start_timer", "link_duplicate", "void", "locate"]
    assert client.read(path)["allowed_actions"] == allowed
    allowed = ["accept", "return", "put_in_charge", "comment", "attach"]
    assert ApiClient(MembershipFactory(party=lead)).read(path)["allowed_actions"] == allowed
    assert ApiClient(MembershipFactory(auditor=True)).read(path)["allowed_actions"] == ["comment", "attach"]


@pytest.mark.parametrize("case_count", [1, 3])
def test_list_costs_the_same_for_any_number_of_cases(
    client: ApiClient, case_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MandateFactory(item="3.1")
    MandateFactory(item="3.1", role=Mandate.Role.SUPPORT)
    for _each in range(case_count):
        logged_case(building=(household := HouseholdFactory()).building, household=household)
    client.read("me/")

    with django_assert_num_queries(5):  # who asks, cases, findings, supports, disputes
        assert len(client.read("cases/")["results"]) == case_count


def test_detail_costs_what_a_list_costs(client: ApiClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    case = logged_case()
    client.read("me/")

    with django_assert_num_queries(5):
        client.read(f"cases/{case.number}/")


def test_list_is_newest_first(client: ApiClient) -> None:
    older, newer = logged_case(), logged_case()

    assert client.numbers() == [newer.number, older.number]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("stage", "opened"), ("responsibility", "vacuum,held"), ("q", "垃圾"), ("finding", "vacuum"), ("open", "true")],
)
def test_list_takes_the_filters_of_the_page(client: ApiClient, parameter: str, value: str) -> None:
    case = logged_case()
    MandateFactory(item="1.1")

    assert client.numbers(**{parameter: value}) == [case.number]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("colour", "red"),
        ("stage", "lost"),
        ("Stage", "opened"),
        ("q", "a\0"),
        ("reported_at__gte", "2026-01-01"),
        ("reported_at__gte", "9999-12-31T23:59:59-14:00"),
        ("reported_at__lt", "0001-01-01T00:00:00+08:00"),
        ("updated_at__gte", "yesterday"),
        ("estate", "nowhere"),
        ("estate", "a\0b"),
        ("area", "999999999999"),
        ("format", "xml"),
        ("ordering", "title"),
    ],
)
def test_list_refuses_what_it_does_not_know(client: ApiClient, parameter: str, value: str) -> None:
    logged_case()

    refused(client.get(f"{ROOT}cases/", {parameter: value}), 400, parameter)


def test_list_refuses_a_parameter_given_twice(client: ApiClient) -> None:
    refused(client.get(f"{ROOT}cases/?stage=opened&stage=closed"), 400, "stage")


def test_detail_takes_no_parameters(client: ApiClient) -> None:
    refused(client.get(f"{ROOT}cases/{logged_case().number}/?stage=closed"), 400, "stage")


def test_case_outside_the_area_is_nowhere(client: ApiClient) -> None:
    mine, other = logged_case(), logged_case()
    auditor = ApiClient(MembershipFactory(auditor=True, area=mine.area))

    assert auditor.numbers(count="true") == [mine.number]
    assert auditor.read("cases/", count="true")["count"] == 1
    assert auditor.numbers(q=other.number) == []
    refused(auditor.get(f"{ROOT}cases/{other.number}/"), 404)
    for beside in BESIDE:
        refused(auditor.get(f"{ROOT}cases/{other.number}/{beside}/"), 404)
    refused(auditor.send(f"cases/{other.number}/comment/", {"reason": "?"}), 404)


def test_grid_worker_reads_the_own_grid() -> None:
    building = BuildingFactory()
    mine, other = logged_case(building=building), logged_case()
    worker = ApiClient(MembershipFactory(grid_worker=True, grid=building.grid))

    assert worker.numbers() == [mine.number]
    refused(worker.get(f"{ROOT}cases/{other.number}/"), 404)


def test_handler_keeps_reading_what_the_party_once_had() -> None:
    lead = MandateFactory(item="3.1").party
    handler = MembershipFactory(party=lead)
    case, other = logged_case(), logged_case(need_item=None)
    return_case(case, ground="不归我们", by=handler)
    reassign_case(case, lead=PartyFactory(), reason="另行指定", by=MembershipFactory(coordinator=True))

    assert ApiClient(handler).numbers() == [case.number]
    assert ApiClient(handler).read(f"cases/{case.number}/")["allowed_actions"] == [
        "claim",
        "disclaim",
        "comment",
        "attach",
    ]
    refused(ApiClient(handler).get(f"{ROOT}cases/{other.number}/"), 404)


def test_user_of_two_parties_sees_a_case_once() -> None:
    lead = MandateFactory(item="3.1").party
    MandateFactory(item="3.1", role=Mandate.Role.SUPPORT, party=lead)
    case = logged_case()
    handler = MembershipFactory(party=lead)
    MembershipFactory(user=handler.user)

    page = ApiClient(handler).read("cases/", count="true")

    assert (page["count"], [each["number"] for each in page["results"]]) == (1, [case.number])


@pytest.mark.parametrize("path", ["cases/", "cases/AZ-20261116-0001/", "findings/"])
def test_cases_are_for_members(path: str) -> None:
    refused(ApiClient().get(ROOT + path), 401)


@pytest.mark.parametrize("number", ["AZ-19990101-0001", "0", "az-1", "AZ 1", "AZ-1%00", "%F0%9F%92%A9", "A" * 500])
def test_case_that_does_not_exist_is_nowhere(client: ApiClient, number: str) -> None:
    refused(client.get(f"{ROOT}cases/{number}/"), 404)
