"""The rules of deadlines and escalation by REST."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from pytest_django import DjangoAssertNumQueries

from cases.models import DeadlineRule, EscalationRule
from stakeholders.models import Estate
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import EstateFactory, MembershipFactory, TownFactory

pytestmark = pytest.mark.django_db
RULE = {"clock": "resolve", "need_item": "3.1", "urgency": "P", "amount": 3, "unit": "working_day", "basis": "合同"}
STEP = {"trigger": "overdue", "amount": 77, "unit": "hour", "action": "remind"}


@pytest.fixture
def keeper() -> ApiClient:
    return ApiClient(MembershipFactory(administrator=True))


def change(client: ApiClient, path: str, body: Any, **extra: Any) -> Any:
    return client.patch(ROOT + path, body, content_type="application/json", **extra)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", ["deadline-rules/", "escalation-rules/"])
def test_rules_come_in_as_many_queries_for_one_as_for_three(
    django_assert_num_queries: DjangoAssertNumQueries, path: str, rows: int
) -> None:
    client = ApiClient(MembershipFactory(coordinator=True))
    client.read(path)

    with django_assert_num_queries(2):
        assert len(client.read(path, page_size=rows)["results"]) == rows


def test_deadline_rule_is_written_changed_and_removed(keeper: ApiClient) -> None:
    response = keeper.send("deadline-rules/", RULE)
    answer = response.json()
    path = f"deadline-rules/{answer.pop('id')}/"
    assert (response.status_code, answer) == (201, {**RULE, "need_class": None, "area": None, "estate": None})
    read = keeper.get(ROOT + path)
    assert read["ETag"] == response["ETag"]

    changed = change(keeper, path, {"amount": 5}, headers={"if-match": read["ETag"]})
    assert (changed.status_code, changed.json()["amount"]) == (200, 5)
    refused(change(keeper, path, {"amount": 6}, headers={"if-match": read["ETag"]}), 412)
    assert keeper.delete(ROOT + path, headers={"if-match": changed["ETag"]}).status_code == 204
    refused(keeper.get(ROOT + path), 404)
    assert LogEntry.objects.count() == 3


def test_escalation_step_is_added_changed_and_switched(keeper: ApiClient) -> None:
    answer = keeper.send("escalation-rules/", STEP).json()
    path = f"escalation-rules/{answer['id']}/"
    assert answer == {**STEP, "id": answer["id"], "is_active": True}

    fresh = change(keeper, path, {"amount": 78}).json()
    assert fresh == {**STEP, "id": fresh["id"], "amount": 78, "is_active": True}
    assert fresh["id"] != answer["id"]
    assert keeper.read(path)["is_active"] is False
    assert change(keeper, path, {"is_active": True}).json()["is_active"] is True
    refused(keeper.delete(ROOT + path), 405)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"amount": 0}, ["amount"]),
        ({"amount": 10**30}, ["amount"]),
        ({"amount": "3"}, ["amount"]),
        ({"clock": "x", "unit": "year"}, ["clock", "unit"]),
        ({"need_item": "99.9", "basis": "a\0"}, ["basis", "need_item"]),
        ({"colour": "red"}, ["colour"]),
    ],
)
def test_deadline_rule_names_what_is_wrong(keeper: ApiClient, body: Any, names: list[str]) -> None:
    before = DeadlineRule.objects.count()

    refused(keeper.send("deadline-rules/", {**RULE, **body}), 400, *names)
    refused(change(keeper, f"deadline-rules/{DeadlineRule.objects.earliest('id').pk}/", body), 400, *names)
    assert DeadlineRule.objects.count() == before


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, ["amount"]),
        ({"amount": -1}, ["amount"]),
        ({"is_active": True, "amount": 1}, ["is_active"]),
        ({"is_active": "no"}, ["is_active"]),
        ({"trigger": "overdue"}, ["trigger"]),
    ],
)
def test_escalation_step_names_what_is_wrong(keeper: ApiClient, body: Any, names: list[str]) -> None:
    refused(change(keeper, f"escalation-rules/{EscalationRule.objects.earliest('id').pk}/", body), 400, *names)


@pytest.mark.parametrize(("path", "body"), [("deadline-rules/", RULE), ("escalation-rules/", STEP)])
def test_rules_are_read_by_who_sees_an_area_and_written_by_administrators(path: str, body: Any) -> None:
    reader = ApiClient(MembershipFactory(coordinator=True))

    first = reader.read(path)["results"][0]["id"]
    refused(reader.send(path, body), 403)
    refused(change(reader, f"{path}{first}/", {}), 403)
    refused(ApiClient(MembershipFactory()).get(ROOT + path), 403)
    refused(reader.get(f"{ROOT}{path}999999999999999999/"), 404)


@pytest.mark.parametrize(
    "path",
    [
        "deadline-rules/",
        "deadline-rules/1/",
        "escalation-rules/",
        "escalation-rules/1/",
        "escalation-rules/dry-run/",
        "work-calendar/",
        "work-calendar/2026-11-19/",
        "work-calendar/2026/confirm/",
        "work-calendar/2026/withdraw/",
    ],
)
def test_rules_say_of_options_only_that_there_is_no_such_method(keeper: ApiClient, path: str) -> None:
    refused(keeper.options(ROOT + path), 405)


@pytest.fixture
def narrow() -> tuple[ApiClient, Estate]:
    """An administrator of one community, and its estate; there is another one elsewhere."""
    here = EstateFactory()
    EstateFactory()
    return ApiClient(MembershipFactory(administrator=True, area=here.area)), here


def test_administrator_of_a_part_keeps_the_deadline_rules_of_that_part(narrow: tuple[ApiClient, Estate]) -> None:
    client, here = narrow

    made = client.send("deadline-rules/", {**RULE, "estate": here.code}).json()
    path = f"deadline-rules/{made['id']}/"

    assert change(client, path, {"amount": 5}).json()["amount"] == 5
    assert change(client, path, {"estate": None, "area": here.area_id}).json()["area"] == here.area_id
    assert "whole installation" in refused(change(client, path, {"area": None}), 403)["detail"]
    assert client.delete(ROOT + path).status_code == 204


def test_administrator_of_a_part_changes_nothing_that_holds_for_others(narrow: tuple[ApiClient, Estate]) -> None:
    client, here = narrow
    other = DeadlineRule.objects.create(clock="resolve", amount=3, unit="hour", estate=EstateFactory())
    everywhere, step = DeadlineRule.objects.earliest("id"), EscalationRule.objects.earliest("id")
    before = list(DeadlineRule.objects.values()), list(EscalationRule.objects.values())

    for body in (RULE, {**RULE, "area": TownFactory().code}):
        refused(client.send("deadline-rules/", body), 403)
    refused(client.send("deadline-rules/", {**RULE, "estate": other.estate.code}), 400, "estate")
    for rule in (other, everywhere):
        refused(change(client, f"deadline-rules/{rule.pk}/", {"amount": 9}), 403)
        refused(change(client, f"deadline-rules/{rule.pk}/", {"estate": here.code}), 403)
        refused(client.delete(f"{ROOT}deadline-rules/{rule.pk}/"), 403)
    for body in ({"is_active": False}, {"amount": 9}):
        answer = change(client, f"escalation-rules/{step.pk}/", body)
        assert "holds for the whole installation" in refused(answer, 403)["detail"]
    refused(client.send("escalation-rules/", STEP), 403)

    assert (list(DeadlineRule.objects.values()), list(EscalationRule.objects.values())) == before
    assert {rule["id"] for rule in client.read("deadline-rules/", page_size=200)["results"]} >= {other.pk}
