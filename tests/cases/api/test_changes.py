"""GET /api/v1/changes/: the change feed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from cases.bulk import save_fields
from cases.changes import number_changes
from cases.models import Case, Change, Finding
from cases.services.comment_on_case import comment_on_case
from cases.services.locate_case import locate_case
from cases.services.reassign_case import reassign_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import AreaFactory, BuildingFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


def changes(client: ApiClient, after: str = "0", **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.read("changes/", after=after, **parameters)["results"]
    return found


def end(client: ApiClient) -> str:
    """The cursor behind all that there is by now."""
    cursor: str = client.read("changes/", page_size=1000)["next"]
    return cursor


def kinds(found: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(change["kind"], change["op"]) for change in found}


def test_changes_tell_of_a_new_case_and_what_lies_beside_it(client: ApiClient) -> None:
    case = logged_case()

    found = changes(client)

    assert kinds(found) == {("case", "upsert"), ("finding", "upsert")}
    shown = client.read(f"cases/{case.number}/")
    for name in ("is_overdue", "overdue_for", "allowed_actions"):
        del shown[name]
    assert found[0] | {"object": ...} == {
        "cursor": "1",
        "kind": "case",
        "id": case.number,
        "op": "upsert",
        "at": found[0]["at"],
        "object": ...,
    }
    assert found[0]["at"].endswith("+08:00")
    assert found[0]["object"] == shown
    told = next(change for change in found if change["kind"] == "finding")
    assert told["object"] == client.read("findings/")["results"][0]


def test_changes_tell_of_whoever_holds_it(client: ApiClient) -> None:
    party = MandateFactory(item="3.1").party
    after = end(client)
    case = logged_case()

    custody = next(change for change in changes(client, after) if change["kind"] == "custody")

    row = case.custodies.get()
    assert (custody["kind"], custody["id"]) == ("custody", row.pk)
    assert custody["object"] == {
        "id": row.pk,
        "case": case.number,
        "party": party.code,
        "role": "lead",
        "since": "2026-11-16T09:14:00+08:00",
        "until": None,
        "ending": "",
    }


def test_changes_go_on_behind_a_cursor_and_end_with_an_empty_page(client: ApiClient) -> None:
    first, second, third = (logged_case() for _ in range(3))
    whole = changes(client)

    after, walked = "0", []
    while page := changes(client, after, page_size=2):
        assert len(page) <= 2
        walked += page
        after = page[-1]["cursor"]

    assert walked == whole
    numbers = dict.fromkeys(change["id"] for change in walked if change["kind"] == "case")
    assert list(numbers) == [first.number, second.number, third.number]
    comment_on_case(second, reason="已问过", by=second.logged_by)
    assert [(change["id"], change["op"]) for change in changes(client, after)] == [(second.number, "upsert")]


def test_changes_show_a_record_as_it_is_now_however_old_the_change(client: ApiClient) -> None:
    case = logged_case()
    comment_on_case(case, reason="已问过", by=case.logged_by)

    versions = [change["object"]["version"] for change in changes(client) if change["kind"] == "case"]

    assert len(versions) > 1
    assert set(versions) == {2}


def test_changes_tell_of_the_ledger(client: ApiClient, coordinator: Membership) -> None:
    mandate = MandateFactory(item="3.1")
    after = end(client)

    withdraw_mandate(mandate, by=coordinator)

    (change,) = changes(client, after)
    assert (change["kind"], change["id"], change["op"]) == ("mandate", mandate.pk, "upsert")
    assert change["object"] == client.read(f"mandates/{mandate.pk}/")
    assert change["object"]["withdrawn_at"] is not None


def test_changes_tell_only_of_what_the_client_sees(client: ApiClient) -> None:
    elsewhere = ApiClient(MembershipFactory(coordinator=True, area=AreaFactory()))
    logged_case()

    assert changes(elsewhere) == []
    assert changes(client)


def test_changes_pass_by_what_the_client_does_not_see() -> None:
    away = BuildingFactory(estate__grid__area=AreaFactory())
    elsewhere = ApiClient(MembershipFactory(coordinator=True, area=away.estate.area))
    for _each in range(3):
        logged_case()
    case = logged_case(building=away)

    assert [change["id"] for change in changes(elsewhere, page_size=1)] == [case.number]


def test_changes_say_that_a_case_was_moved_out_of_sight(coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    worker = ApiClient(MembershipFactory(grid_worker=True, grid=case.grid))
    assert kinds(changes(worker)) == {("case", "upsert"), ("finding", "upsert")}
    after = end(worker)
    other = BuildingFactory()

    locate_case(case, estate=other.estate, building=other, need_item=item(), by=coordinator)

    found = changes(worker, after)
    assert kinds(found) == {("case", "delete"), ("finding", "delete")}
    assert {change["object"] for change in found} == {None}
    assert next(change for change in found if change["kind"] == "case")["id"] == case.number


def test_changes_bring_all_of_a_case_to_whoever_gets_to_see_it(coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    handler = MembershipFactory()
    client = ApiClient(handler)
    assert changes(client) == []
    after = end(client)

    reassign_case(case, lead=handler.party, reason="先办", by=coordinator)

    found = changes(client, after)
    assert {change["kind"] for change in found} == {"case", "custody", "finding"}
    assert {change["op"] for change in found} == {"upsert"}


def test_changes_bring_what_was_before_a_move_to_whoever_sees_it_then(coordinator: Membership) -> None:
    case, other = logged_case(by=coordinator), BuildingFactory()
    worker = ApiClient(MembershipFactory(grid_worker=True, grid=other.grid))
    assert changes(worker) == []
    after = end(worker)

    locate_case(case, estate=other.estate, building=other, need_item=item(), by=coordinator)

    assert {change["kind"] for change in changes(worker, after) if change["op"] == "upsert"} == {"case", "finding"}


def test_changes_say_that_there_is_a_record_no_more(client: ApiClient) -> None:
    case = logged_case()
    after, finding = end(client), case.findings.get()
    key = finding.pk
    case.escalations.all().delete()
    finding.delete()

    gone, shown = changes(client, after)
    assert gone | {"at": ..., "cursor": ...} == {
        "kind": "finding",
        "id": key,
        "op": "delete",
        "object": None,
        "at": ...,
        "cursor": ...,
    }
    assert (shown["id"], shown["object"]["open_findings"]) == (case.number, [])


def test_changes_are_noted_whoever_writes(client: ApiClient) -> None:
    cases = [logged_case() for _ in range(3)]
    after = end(client)

    Case.objects.filter(pk=cases[0].pk).update(version=70)
    cases[1].version = 71
    save_fields([cases[1]], ["version"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET version = 72 WHERE id = %s", [cases[2].pk])

    assert [change["object"]["version"] for change in changes(client, after)] == [70, 71, 72]


def test_changes_are_not_made_by_a_sweep_that_finds_nothing(client: ApiClient) -> None:
    MandateFactory(item="3.1")
    case = logged_case()
    Case.objects.filter(pk=case.pk).update(next_check_at=MONDAY)
    after = end(client)

    sweep_clocks(at=MONDAY + timedelta(seconds=1))

    assert Case.objects.get().checked_at is not None
    assert changes(client, after) == []


def test_changes_of_a_handler_without_the_ledger_are_those_of_cases(coordinator: Membership) -> None:
    party = MandateFactory(item="3.1").party
    logged_case(by=coordinator)

    found = changes(ApiClient(MembershipFactory(party=party)))

    assert "case" in {change["kind"] for change in found}


def test_numbers_are_given_in_the_order_of_commits_not_of_writing(client: ApiClient) -> None:
    logged_case()
    number_changes()
    last = Change.objects.latest("seq")
    # A slow writer drew its id before the others and commits behind them.
    late = Change.objects.create(id=-1, kind="case", record=Case.objects.get().pk, key="late", at=MONDAY)

    number_changes()

    late.refresh_from_db()
    assert late.seq == last.seq + 1
    assert changes(client, str(last.seq))[0]["cursor"] == str(late.seq)


def test_numbers_stay_when_there_is_nothing_new(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    logged_case()
    number_changes()
    before = list(Change.objects.order_by("id").values_list("id", "seq"))

    with django_assert_num_queries(1):
        number_changes()

    assert list(Change.objects.order_by("id").values_list("id", "seq")) == before
    assert sorted(seq for _id, seq in before) == list(range(1, len(before) + 1))


@pytest.mark.parametrize("count", [1, 3])
def test_changes_ask_the_same_however_many_there_are(
    client: ApiClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MandateFactory(item="3.1")
    for _each in range(count):
        logged_case()
        logged_case(need_item=item("5.2"))
    assert Finding.objects.count() == count
    changes(client)

    # The token, the last number, the page, 4 of cases, custodies, findings, mandates, and whether there is more
    with django_assert_num_queries(11):
        changes(client, page_size=1000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("after", "x"),
        ("after", "-1"),
        ("after", ""),
        ("after", "9" * 20),
        ("after", "²"),
        ("page_size", "0"),
        ("page_size", "1001"),
        ("page_size", "1.5"),
        ("kind", "case"),
    ],
)
def test_changes_take_no_nonsense(client: ApiClient, name: str, value: str) -> None:
    refused(client.get(f"{ROOT}changes/", {name: value}), 400, name)


def test_changes_behind_the_end_are_none(client: ApiClient) -> None:
    logged_case()

    assert changes(client, str(2**63 - 1)) == []


def test_changes_are_for_members() -> None:
    refused(ApiClient().get(f"{ROOT}changes/"), 401)
