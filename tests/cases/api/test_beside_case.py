"""GET /api/v1/cases/{number}/events|custody|findings|escalations/ and /findings/."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.services.comment_on_case import comment_on_case
from cases.services.decide_extension import decide_extension
from cases.services.extend_case import extend_case
from cases.services.reassign_case import reassign_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def results(client: ApiClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.read(path, **parameters)["results"]
    return found


def test_events_tell_the_history_latest_first(client: ApiClient) -> None:
    MandateFactory(item="3.1")
    case = logged_case()
    comment_on_case(case, reason="已问过", by=case.logged_by)

    events = results(client, f"cases/{case.number}/events/")

    assert [event["kind"] for event in events] == ["commented", "assigned", "opened", "reported"]
    assert [event["seq"] for event in events] == [4, 3, 2, 1]
    assert events[0]["by"] == {
        "name": case.logged_by.user.name,
        "party": case.logged_by.party.code,
        "role": "coordinator",
    }
    assert events[1]["by"] is None
    assert events[0]["details"] == {"reason": "已问过"}
    assert events[0]["digest"] == Case.objects.get().head_digest


def test_events_tell_moments_in_the_time_of_the_town(client: ApiClient) -> None:
    handler = MembershipFactory(party=MandateFactory(item="3.1").party)
    case, later = logged_case(urgency="G"), MONDAY + timedelta(hours=1)
    case = sign_for_case(case, by=handler, at=later)
    extend_case(case, reason="等料", amount=2, unit="working_day", by=handler, at=later)
    case = decide_extension(case, grant=True, reason="同意", by=case.logged_by, at=later)
    assert case.events.get(kind="extended").details["before"].endswith("Z")

    told = results(client, f"cases/{case.number}/events/")[0]

    assert told["kind"] == "extended"
    shown = {name: told["details"][name] for name in ("before", "due_at")}
    due = client.read(f"cases/{case.number}/")["resolve_due_at"]
    assert (shown["due_at"], shown["before"][-6:]) == (due, "+08:00")
    changes = next(
        each["changes"]
        for each in client.read(f"cases/{case.number}/explain/")["deadlines"]
        if each["clock"] == "resolve"
    )
    assert [change["at"][-6:] for change in changes] == ["+08:00"]


def test_events_page_by_line(client: ApiClient) -> None:
    case = logged_case()

    page = client.read(f"cases/{case.number}/events/", page_size=2)

    assert [event["seq"] for event in page["results"]] == [3, 2]
    assert [event["seq"] for event in client.get(page["next"]).json()["results"]] == [1]


def test_custody_tells_who_had_it_when(client: ApiClient) -> None:
    first = MandateFactory(item="3.1").party
    case, second = logged_case(), PartyFactory()
    later = MONDAY + timedelta(hours=2)
    reassign_case(case, lead=second, reason="合同约定", by=case.logged_by, at=later)

    with time_machine.travel(later + timedelta(days=1), tick=False):
        client = ApiClient(MembershipFactory(coordinator=True))
        held = results(client, f"cases/{case.number}/custody/")

    assert held == [
        {
            "party": second.code,
            "role": "lead",
            "since": "2026-11-16T11:14:00+08:00",
            "until": None,
            "ending": "",
            "seconds": 86400,
            "work_seconds": 25200,
        },
        {
            "party": first.code,
            "role": "lead",
            "since": "2026-11-16T09:14:00+08:00",
            "until": "2026-11-16T11:14:00+08:00",
            "ending": "reassigned",
            "seconds": 7200,
            "work_seconds": 7200,
        },
    ]


def test_findings_of_a_case_show_cleared_ones_too(client: ApiClient) -> None:
    case = logged_case()
    logged_case()
    reassign_case(case, lead=PartyFactory(), reason="指定", by=case.logged_by, at=MONDAY + timedelta(hours=2))

    [finding] = results(client, f"cases/{case.number}/findings/")

    assert (finding["kind"], finding["case"]) == ("vacuum", case.number)
    assert finding["cleared_at"] == "2026-11-16T11:14:00+08:00"
    assert set(finding["evidence"]) >= {"parties", "mandates"}


def test_escalations_show_what_is_to_come(client: ApiClient) -> None:
    case = logged_case()

    steps = results(client, f"cases/{case.number}/escalations/")

    assert {step["trigger"] for step in steps} == {"vacuum"}
    assert all(step["fired_at"] is None for step in steps)
    assert [step["due_at"] for step in steps] == sorted((step["due_at"] for step in steps), reverse=True)


@pytest.mark.parametrize("beside", ["events", "custody", "findings", "escalations"])
def test_list_beside_a_case_takes_no_filters(client: ApiClient, beside: str) -> None:
    refused(client.get(f"{ROOT}cases/{logged_case().number}/{beside}/?kind=opened"), 400, "kind")


@pytest.mark.parametrize(("beside", "queries"), [("events", 3), ("custody", 4), ("findings", 3), ("escalations", 3)])
def test_list_beside_a_case_costs_three_queries(
    client: ApiClient, beside: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = logged_case()
    client.read("me/")

    with django_assert_num_queries(queries):
        client.read(f"cases/{case.number}/{beside}/")


def test_findings_are_listed_newest_first_and_alone(client: ApiClient) -> None:
    older, newer = logged_case(), logged_case(at=MONDAY + timedelta(hours=1))

    found = results(client, "findings/")

    assert [finding["case"] for finding in found] == [newer.number, older.number]
    assert client.read(f"findings/{found[0]['id']}/") == found[0]


def test_findings_can_be_asked_for_by_kind_age_case_and_state(client: ApiClient) -> None:
    mended, standing = logged_case(), logged_case(at=MONDAY + timedelta(hours=1))
    reassign_case(mended, lead=PartyFactory(), reason="指定", by=mended.logged_by, at=MONDAY + timedelta(hours=2))
    sweep_clocks(at=standing.resolve_due_at + timedelta(days=1))

    def asked(**parameters: str) -> set[tuple[str, str]]:
        return {(each["kind"], each["case"]) for each in results(client, "findings/", **parameters)}

    assert asked(kind="vacuum", open="true") == {("vacuum", standing.number)}
    assert asked(open="false") == {("vacuum", mended.number)}
    assert asked(kind="vacuum,overdue", case=mended.number) == {("vacuum", mended.number), ("overdue", mended.number)}
    assert asked(opened_at__lt="2026-11-16T10:00:00+08:00") == {("vacuum", mended.number)}
    assert asked(kind="vacuum", opened_at__gte="2026-11-16T10:00:00 08:00") == {("vacuum", standing.number)}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("kind", "ghost"), ("open", "1"), ("case", "AZ-0"), ("opened_at__gte", "2026-11-16"), ("stage", "opened")],
)
def test_findings_refuse_what_they_do_not_know(client: ApiClient, parameter: str, value: str) -> None:
    refused(client.get(f"{ROOT}findings/", {parameter: value}), 400, parameter)


def test_findings_of_cases_outside_the_area_are_nowhere() -> None:
    mine, other = logged_case(), logged_case()
    client = ApiClient(MembershipFactory(auditor=True, area=mine.area))

    assert [finding["case"] for finding in results(client, "findings/")] == [mine.number]
    refused(client.get(f"{ROOT}findings/{other.findings.get().pk}/"), 404)
    refused(client.get(f"{ROOT}findings/?case={other.number}"), 400, "case")


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", "x", "-1"])
def test_finding_that_does_not_exist_is_nowhere(client: ApiClient, number: str) -> None:
    refused(client.get(f"{ROOT}findings/{number}/"), 404)


@pytest.mark.parametrize("case_count", [1, 3])
def test_findings_cost_the_same_for_any_number(
    client: ApiClient, case_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(case_count):
        logged_case()
    client.read("me/")

    with django_assert_num_queries(2):
        assert len(results(client, "findings/")) == case_count
