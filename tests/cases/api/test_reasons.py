"""What lies beside a case since parties may say whose it is: stances, disputes, requests, timers; and why all is so."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, StatutoryRule
from cases.services.claim_case import claim_case
from cases.services.comment_on_case import comment_on_case
from cases.services.decide_extension import decide_extension
from cases.services.disclaim_case import disclaim_case
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from cases.services.start_statutory_timer import start_statutory_timer
from tests.api import ApiClient
from tests.cases.cast import LIMIT, Cast
from tests.factories.stakeholders import MandateFactory, RulingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> ApiClient:
    return ApiClient(cast.coordinator)


def results(client: ApiClient, case: Case, beside: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.read(f"cases/{case.number}/{beside}/")["results"]
    return found


def disputed(cast: Cast) -> Case:
    """Returned by two parties, so that the first has it on."""
    case = return_case(cast.logged(), by=cast.lead, ground="合同不含")
    reassign_case(case, by=cast.coordinator, lead=cast.other.party, reason="先办")
    return return_case(case, by=cast.other, ground="也不含")


def test_stances_tell_who_says_what(cast: Cast, client: ApiClient) -> None:
    case = cast.asked()
    claim_case(case, by=cast.other, ground="合同约定")
    disclaim_case(case, by=cast.other, ground="合同不含", legal_basis="第 12 条")

    told = results(client, case, "stances")

    assert [(each["party"], each["says"], each["ground"], each["legal_basis"], each["until"]) for each in told] == [
        (cast.other.party.code, "not_ours", "合同不含", "第 12 条", None),
        (cast.other.party.code, "ours", "合同约定", "", "2026-11-16T10:14:00+08:00"),
    ]
    assert told[1]["by"] == {"name": cast.other.user.name, "party": cast.other.party.code, "role": "handler"}


def test_dispute_stands_on_the_case_and_beside_it(cast: Cast, client: ApiClient) -> None:
    case = disputed(cast)

    dispute = client.read(f"cases/{case.number}/")["dispute"]
    [told] = results(client, case, "disputes")

    assert dispute["opened_at"] == told["opened_at"] == "2026-11-16T10:14:00+08:00"
    assert set(dispute) == {"opened_at", "level", "level_due_at"}
    assert told["settled_at"] is None


def test_time_requests_tell_what_was_asked_and_decided(cast: Cast, client: ApiClient) -> None:
    case = cast.asks_for_time()

    [asked] = results(client, case, "time_requests")
    decide_extension(case, by=cast.coordinator, grant=False, reason="不属实")
    [decided] = results(client, case, "time_requests")

    assert (asked["kind"], asked["amount"], asked["unit"], asked["reason"]) == (
        "extension",
        2,
        "working_day",
        "等配件",
    )
    assert (asked["granted"], asked["decided_by"]) == (None, None)
    assert (decided["granted"], decided["decision"]) == (False, "不属实")
    assert decided["decided_by"]["name"] == "周敏"


def test_timers_tell_until_when_the_law_gives_time(cast: Cast, client: ApiClient) -> None:
    [timer] = results(client, cast.with_timer(), "timers")

    assert (timer["rule"], timer["article"]) == (LIMIT, "信访工作条例 §34")
    assert timer["started_at"] == "2026-11-16T10:14:00+08:00"
    assert timer["due_at"] < timer["limit_at"]
    assert timer["stopped_at"] is None


def test_case_names_who_is_in_charge_and_until_when_it_is_on_hold(cast: Cast, client: ApiClient) -> None:
    case = put_in_charge(cast.handling(), by=cast.lead, person=cast.lead)
    hold_case(case, by=cast.coordinator, amount=2, unit="calendar_day", reason="等配件")

    answer = client.read(f"cases/{case.number}/")

    assert answer["in_charge"] == cast.lead.user.username
    assert answer["hold_until"] == "2026-11-18T17:30:00+08:00"
    assert (answer["asked"], answer["cycle"], answer["reworks"], answer["dispute"]) == ("", 1, 0, None)


@pytest.mark.parametrize("beside", ["stances", "disputes", "time_requests", "timers", "attachments"])
def test_list_beside_a_case_that_has_none_is_empty(cast: Cast, client: ApiClient, beside: str) -> None:
    assert results(client, cast.logged(), beside) == []


@pytest.mark.parametrize("beside", ["stances", "disputes", "time_requests", "timers", "attachments"])
def test_list_beside_a_case_costs_three_queries(
    cast: Cast, client: ApiClient, beside: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = cast.asked()
    client.read("me/")

    with django_assert_num_queries(3):
        client.read(f"cases/{case.number}/{beside}/")


@pytest.mark.parametrize("count", [1, 3])
def test_timers_cost_the_same_for_any_number(
    cast: Cast, client: ApiClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = cast.logged()
    for rule in StatutoryRule.objects.all()[:count]:
        start_statutory_timer(case, by=cast.coordinator, rule=rule)
    client.read("me/")

    with django_assert_num_queries(3):
        assert len(results(client, case, "timers")) == count


@pytest.mark.parametrize("count", [1, 3])
def test_cases_in_dispute_cost_the_same_for_any_number(
    cast: Cast, client: ApiClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(count):
        disputed(cast)
    client.read("me/")

    with django_assert_num_queries(5):
        assert len(client.read("cases/")["results"]) == count


# Why


def explained(client: ApiClient, case: Case) -> dict[str, Any]:
    told: dict[str, Any] = client.read(f"cases/{case.number}/explain/")
    return told


def test_explain_says_why_it_is_with_the_lead(cast: Cast, client: ApiClient) -> None:
    case = cast.logged()
    comment_on_case(case, by=cast.coordinator, reason="已问过")

    lead = explained(client, case)["lead"]

    assert (lead["party"], lead["responsibility"]) == (cast.lead.party.code, "held")
    assert (lead["event"]["kind"], lead["event"]["details"]["lead"]) == ("assigned", cast.lead.party.code)
    assert lead["event"]["details"]["mandates"] == lead["ledger"]["mandates"]
    assert (lead["ledger"]["state"], lead["ledger"]["leads"]) == ("clear", [cast.lead.party.code])


def test_explain_tells_when_the_ledger_says_otherwise_by_now(cast: Cast, client: ApiClient) -> None:
    case = cast.logged()
    ruling = RulingFactory(lead=cast.other.party, need_item=case.need_item)

    lead = explained(client, case)["lead"]

    assert lead["party"] == cast.lead.party.code
    assert (lead["ledger"]["leads"], lead["ledger"]["ruling"]) == ([cast.other.party.code], ruling.pk)


def test_explain_knows_no_answer_of_the_ledger_without_a_place(cast: Cast, client: ApiClient) -> None:
    told = explained(client, cast.unlocated())

    assert told["lead"] == {"party": None, "responsibility": "unlocated", "event": None, "ledger": None}


def test_explain_reckons_each_deadline(cast: Cast, client: ApiClient) -> None:
    case = cast.logged()

    deadlines = explained(client, case)["deadlines"]

    assert [each["clock"] for each in deadlines] == ["sign", "contact", "resolve"]
    answer = client.read(f"cases/{case.number}/")
    assert [each["due_at"] for each in deadlines] == [
        answer["sign_due_at"],
        answer["contact_due_at"],
        answer["resolve_due_at"],
    ]
    assert all(each["lines"] and each["rule"] for each in deadlines)
    assert deadlines[2]["lines"][0] == {"label": "Opened", "value": "Mon 16 Nov 10:14"}


def test_explain_shows_what_moved_a_deadline(cast: Cast, client: ApiClient) -> None:
    case = cast.asks_for_time()
    decide_extension(case, by=cast.coordinator, grant=True, reason="属实")

    resolve = explained(client, case)["deadlines"][-1]

    assert [change["kind"] for change in resolve["changes"]] == ["extension"]


def test_explain_shows_the_evidence_of_a_fault_and_its_ladder(cast: Cast, client: ApiClient) -> None:
    case = cast.asked()

    [finding] = explained(client, case)["findings"]

    assert finding["kind"] == "multi_head"
    assert set(finding["evidence"]["parties"]) == {cast.lead.party.code, cast.other.party.code}
    assert finding["steps"]
    assert {step["trigger"] for step in finding["steps"]} == {"multi_head"}


def test_explain_costs_the_same_for_any_history(
    cast: Cast, client: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = cast.asked()
    MandateFactory(item="1.1")
    extend_case(cast.handling(), by=cast.lead, amount=1, unit="working_day", reason="x")
    client.read("me/")

    with django_assert_num_queries(9):  # who, the case, findings, steps, rules, the event, mandates, rulings, parties
        explained(client, case)
