"""POST and PATCH of every register, and POST of parties/{code}/close/."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from stakeholders.models import NeedClass, NeedItem, Party, Resident
from stakeholders.registers import LASTING
from stakeholders.roles import Role
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "440106001000"


@dataclass(frozen=True)
class Kept:
    """A register: how a row of it is made, what is sent to add one, how one changes, how one elsewhere is made."""

    made: Callable[[], Any]
    new: Callable[[], dict[str, Any]]
    change: dict[str, Any]
    elsewhere: Callable[[], Any] | None = None
    shown: dict[str, Any] | None = None  # where it is not what was sent


def new_estate() -> dict[str, Any]:
    grid = GridFactory()
    return {"code": "new", "name": "清风苑", "kind": "old", "area": grid.area_id, "grid": grid.code}


def new_building() -> dict[str, Any]:
    estate = EstateFactory()
    return {"code": "new-1", "name": "1 栋", "estate": estate.code, "grid": estate.grid_id}


def new_item() -> dict[str, Any]:
    told = {"code": "3.99", "name": "新事项", "need_class": "3", "position": 99}
    return told | {"usual_lead_kind": "STREET", "urgency": "G"}


REGISTERS = {
    "areas": Kept(
        AreaFactory,
        lambda: {"code": "379926101777", "name": "新社区"},
        {"name_en": "New"},
        lambda: AreaFactory(code=ELSEWHERE),
    ),
    "grids": Kept(
        GridFactory,
        lambda: {"code": f"{(area := AreaFactory()).code}777", "name": "第七网格", "area": area.code},
        {"name": "第八网格"},
        lambda: GridFactory(area__code=ELSEWHERE),
    ),
    "estates": Kept(
        EstateFactory,
        new_estate,
        {"kind": "shanty", "property_party": None},
        lambda: EstateFactory(grid__area__code=ELSEWHERE),
    ),
    "buildings": Kept(
        BuildingFactory, new_building, {"name": "2 栋"}, lambda: BuildingFactory(estate__grid__area__code=ELSEWHERE)
    ),
    "households": Kept(
        HouseholdFactory,
        lambda: {"code": "new-1-101", "building": BuildingFactory().code, "unit": "", "room": "101", "kind": "tenant"},
        {"unit": "2"},
        lambda: HouseholdFactory(building__estate__grid__area__code=ELSEWHERE),
    ),
    "residents": Kept(
        ResidentFactory,
        lambda: {"household": HouseholdFactory().code, "name": "陈桂英", "phone": "13800001111"},
        {"moved_out_at": "2026-11-20T00:00:00+08:00"},
        lambda: ResidentFactory(household__building__estate__grid__area__code=ELSEWHERE),
        {"name": "陈**", "phone": "138****1111"},
    ),
    "parties": Kept(
        PartyFactory,
        lambda: {"code": "new", "name": "新单位", "kind": "FIRE", "area": TownFactory().code, "supervisor": None},
        {"kind": "OTHER"},
        lambda: PartyFactory(area__code=ELSEWHERE),
    ),
    "need-classes": Kept(
        lambda: NeedClass.objects.get(code="3"), lambda: {"code": "99", "name": "新类", "position": 99}, {"position": 7}
    ),
    "need-items": Kept(lambda: NeedItem.objects.get(code="3.1"), new_item, {"urgency": "U", "legal_basis": "条例"}),
}
ALL = pytest.mark.parametrize("path", REGISTERS)
WITH_AREA = pytest.mark.parametrize("path", [path for path, kept in REGISTERS.items() if kept.elsewhere])

QUERIES = {  # to add a row, and to change one
    "areas": (7, 11),
    "grids": (12, 15),
    "estates": (14, 17),
    "buildings": (11, 15),
    "households": (9, 15),
    "residents": (8, 15),
    "parties": (12, 16),
    "need-classes": (8, 14),
    "need-items": (10, 15),
}


@pytest.fixture
def keeper() -> ApiClient:
    return ApiClient(MembershipFactory(administrator=True))


def address(path: str, row: Any) -> str:
    return f"{path}/{row.pk if isinstance(row, Resident) else row.code}/"


def change(client: ApiClient, at: str, body: Any, **extra: Any) -> Any:
    return client.patch(ROOT + at, body, content_type="application/json", **extra)


@ALL
def test_row_is_added_and_stands_where_the_answer_says(keeper: ApiClient, path: str) -> None:
    kept = REGISTERS[path]
    body = kept.new()

    response = keeper.send(f"{path}/", body)

    answer = response.json()
    assert response.status_code == 201, answer
    assert {name: answer[name] for name in body} == body | (kept.shown or {})
    read = keeper.get(response["Location"])
    assert (read.json(), read["ETag"]) == (answer, response["ETag"])
    assert LogEntry.objects.count() == 1


@ALL
def test_row_is_changed(keeper: ApiClient, path: str) -> None:
    kept = REGISTERS[path]
    at = address(path, kept.made())
    before = keeper.read(at)

    response = change(keeper, at, kept.change)

    assert (response.status_code, response.json()) == (200, before | kept.change)
    assert keeper.read(at) == before | kept.change
    assert LogEntry.objects.count() == 1


@ALL
def test_row_is_changed_only_as_it_was_read(keeper: ApiClient, path: str) -> None:
    kept = REGISTERS[path]
    at = address(path, kept.made())
    read = keeper.get(ROOT + at)
    assert keeper.get(f"{ROOT}{at}?fields={next(iter(kept.change))}")["ETag"] == read["ETag"]

    changed = change(keeper, at, kept.change, headers={"if-match": read["ETag"]})

    assert changed.status_code == 200
    assert changed["ETag"] not in {read["ETag"], ""}
    refused(change(keeper, at, {}, headers={"if-match": read["ETag"]}), 412)
    assert change(keeper, at, {}, headers={"if-match": changed["ETag"]}).status_code == 200
    assert LogEntry.objects.count() == 1


@ALL
def test_lasting_field_is_refused(keeper: ApiClient, path: str) -> None:
    row = REGISTERS[path].made()
    at = address(path, row)
    lasting = LASTING[type(row)]

    problem = refused(change(keeper, at, dict.fromkeys(lasting, "other")), 400, *lasting)

    assert {error["code"] for error in problem["errors"]} == {"lasting"}
    assert not LogEntry.objects.exists()


@ALL
def test_unknown_field_is_refused(keeper: ApiClient, path: str) -> None:
    kept = REGISTERS[path]
    at = address(path, kept.made())

    refused(keeper.send(f"{path}/", kept.new() | {"colour": "red"}), 400, "colour")
    refused(change(keeper, at, kept.change | {"colour": "red", "is_reckoned": True}), 400, "colour", "is_reckoned")
    assert not LogEntry.objects.exists()


@ALL
def test_row_without_what_it_needs_names_all_of_it(keeper: ApiClient, path: str) -> None:
    kept = REGISTERS[path]
    needed = set(kept.new()) - {"unit", "phone", "supervisor"}

    refused(keeper.send(f"{path}/", {}), 400, *needed)
    refused(keeper.send(f"{path}/", dict.fromkeys(needed)), 400, *needed)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("areas", "379926101\u0667\u0667\u0667"),
        ("grids", "379926101777\u0667\u0667\u0667"),
        ("need-classes", "\u0667"),
        ("need-items", "3.\u0667"),
        ("estates", "新"),
        ("parties", "a b"),
        ("buildings", "a/b"),
        ("households", "a?"),
    ],
)
def test_code_that_is_no_address_is_refused(keeper: ApiClient, path: str, code: str) -> None:
    AreaFactory(code="379926101777")
    body = REGISTERS[path].new() | {"code": code}

    refused(keeper.send(f"{path}/", body | ({"area": "379926101777"} if path == "grids" else {})), 400, "code")


@pytest.mark.parametrize("path", [path for path in REGISTERS if path != "residents"])
def test_code_that_is_taken_is_refused_at_its_field(keeper: ApiClient, path: str) -> None:
    body = REGISTERS[path].new()
    assert keeper.send(f"{path}/", body).status_code == 201

    problem = refused(keeper.send(f"{path}/", body), 400, "code")

    assert problem["errors"][0]["code"] == "unique"


@ALL
def test_key_adds_once(keeper: ApiClient, path: str) -> None:
    body = REGISTERS[path].new()

    first = keeper.send(f"{path}/", body, headers={"idempotency-key": "k"})
    again = keeper.send(f"{path}/", body, headers={"idempotency-key": "k"})

    assert (again.status_code, again.json()) == (201, first.json())
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert LogEntry.objects.count() == 1


@ALL
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_register_is_kept_by_administrators_alone(path: str, role: Role) -> None:
    kept = REGISTERS[path]
    client = ApiClient(MembershipFactory(**{} if role is Role.HANDLER else {role.value: True}))

    refused(client.send(f"{path}/", kept.new()), 403)
    assert change(client, address(path, kept.made()), kept.change).status_code in {403, 404}
    assert not LogEntry.objects.exists()


@WITH_AREA
def test_what_lies_elsewhere_is_not_there(keeper: ApiClient, path: str) -> None:
    kept = REGISTERS[path]
    assert kept.elsewhere is not None
    other = kept.elsewhere()

    refused(change(keeper, address(path, other), kept.change), 404)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("path", "name", "made"),
    [
        ("areas", "code", lambda: ELSEWHERE),
        ("grids", "area", lambda: AreaFactory(code=ELSEWHERE).code),
        ("estates", "area", lambda: AreaFactory(code=ELSEWHERE).code),
        ("estates", "grid", lambda: GridFactory(area__code=ELSEWHERE).code),
        ("estates", "property_party", lambda: PartyFactory(area__code=ELSEWHERE).code),
        ("buildings", "estate", lambda: EstateFactory(grid__area__code=ELSEWHERE).code),
        ("households", "building", lambda: BuildingFactory(estate__grid__area__code=ELSEWHERE).code),
        ("residents", "household", lambda: REGISTERS["households"].elsewhere().code),  # type: ignore[misc]
        ("parties", "area", lambda: AreaFactory(code=ELSEWHERE).code),
        ("parties", "supervisor", lambda: PartyFactory(area__code=ELSEWHERE).code),
    ],
)
def test_nothing_elsewhere_can_be_named(keeper: ApiClient, path: str, name: str, made: Callable[[], str]) -> None:
    refused(keeper.send(f"{path}/", REGISTERS[path].new() | {name: made()}), 400, name)


def test_what_is_shared_with_others_can_be_read_and_not_changed(keeper: ApiClient) -> None:
    above = PartyFactory(area__code="370000000000")
    EstateFactory(grid__area__code=ELSEWHERE)

    for at in (f"areas/{above.area_id}/", f"parties/{above.code}/", "need-classes/3/", "need-items/3.1/"):
        keeper.read(at)
        refused(change(keeper, at, {"name": "x"}), 403)
    for path in ("need-classes", "need-items"):
        refused(keeper.send(f"{path}/", REGISTERS[path].new()), 403)
    refused(keeper.send("parties/", REGISTERS["parties"].new() | {"area": above.area_id}), 403)
    assert not LogEntry.objects.exists()


@ALL
@pytest.mark.parametrize("row_count", [1, 3])
def test_write_costs_the_same_whatever_else_there_is(
    keeper: ApiClient, path: str, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept = REGISTERS[path]
    rows = [kept.made() for _each in range(row_count)]
    keeper.read("me/")
    body = kept.new()
    ContentType.objects.get_for_model(rows[0])  # kept by Django once it was asked for

    with django_assert_num_queries(QUERIES[path][0]):
        assert keeper.send(f"{path}/", body).status_code == 201
    with django_assert_num_queries(QUERIES[path][1]):
        assert change(keeper, address(path, rows[-1]), kept.change).status_code == 200


def test_party_is_closed_at_an_address_of_its_own(
    keeper: ApiClient, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    building, mandate = BuildingFactory(), MandateFactory(item="3.1")
    refresh_episodes()
    at = f"parties/{mandate.party.code}/"
    cell = {"estate": building.estate.code, "building": building.code, "need_item": "3.1"}
    assert keeper.read("coverage/", **cell)["results"][0]["state"] == "clear"

    problem = refused(change(keeper, at, {"closed_at": "2026-11-01T00:00:00+08:00"}), 400, "closed_at")
    assert problem["errors"][0] == {
        "name": "closed_at",
        "code": "elsewhere",
        "reason": "Close a party down by POST to its close/ address.",
    }
    read = keeper.get(ROOT + at)
    with django_capture_on_commit_callbacks(execute=True):
        closed = keeper.send(
            f"{at}close/", {"closed_at": "2026-11-01T00:00:00+08:00"}, headers={"if-match": read["ETag"]}
        )

    assert (closed.status_code, closed.json()["closed_at"]) == (200, "2026-11-01T00:00:00+08:00")
    refused(keeper.send(f"{at}close/", {}, headers={"if-match": read["ETag"]}), 412)
    assert keeper.read("coverage/", **cell)["results"][0]["state"] == "vacuum"
    assert keeper.read("coverage/episodes/", building=building.code, need_item="3.1", open="true")["results"]
    assert keeper.send(f"{at}close/", {"closed_at": None}).json()["closed_at"] is None
    assert LogEntry.objects.count() == 2


def test_party_is_closed_now_unless_a_moment_is_given(keeper: ApiClient) -> None:
    party = PartyFactory()

    assert keeper.send(f"parties/{party.code}/close/").json()["closed_at"]

    assert Party.objects.get(pk=party.pk).closed_at is not None
    refused(keeper.send(f"parties/{party.code}/close/", {"at": "x"}), 400, "at")
    refused(keeper.send(f"parties/{PartyFactory(area__code=ELSEWHERE).code}/close/"), 404)
    refused(keeper.send(f"parties/{PartyFactory(area__code='370000000000').code}/close/"), 403)


def test_new_place_is_in_coverage_and_in_episodes(
    keeper: ApiClient, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    body = new_estate()
    with django_capture_on_commit_callbacks(execute=True):
        keeper.send("estates/", body)
    with django_capture_on_commit_callbacks(execute=True):
        keeper.send("buildings/", {"code": "new-1", "name": "1 栋", "estate": "new", "grid": body["grid"]})

    cells = keeper.read("coverage/", estate="new", need_item="3.1")["results"]
    assert [(cell["building"], cell["state"]) for cell in cells] == [(None, "vacuum"), ("new-1", "vacuum")]
    found = keeper.read("coverage/episodes/", estate="new", need_item="3.1")["results"]
    assert sorted(str(each["building"]) for each in found) == ["None", "new-1"]
