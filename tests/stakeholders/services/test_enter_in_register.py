"""New rows of registers: in the own area, noted, and with cells at once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoCaptureOnCommitCallbacks

from stakeholders.models import Area, Building, Drift, Episode, Estate, Grid, NeedClass, NeedItem, Party, Resident
from stakeholders.services.check_episodes import check_episodes
from stakeholders.services.enter_in_register import enter_in_register
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "440106001000"


def item(**values: Any) -> NeedItem:
    given = {"code": "3.99", "name": "新", "position": 99, "usual_lead_kind": "STREET", "urgency": "G"}
    return NeedItem(**given | {"need_class": NeedClass.objects.get(code="3")} | values)


def test_enter_in_register_notes_who_added_what() -> None:
    by = MembershipFactory(administrator=True)

    area = enter_in_register(Area(code="379926101777", name="新社区"), by=by)

    entry = LogEntry.objects.get()
    assert Area.objects.get(code=area.code).name == "新社区"
    assert (entry.user, entry.object_id, entry.action_flag, entry.object_repr) == (
        by.user,
        "379926101777",
        ADDITION,
        "新社区",
    )
    assert json.loads(entry.change_message) == [{"added": {}}]


def test_enter_in_register_writes_no_name_of_a_resident_into_the_log() -> None:
    resident = Resident(household=HouseholdFactory(), name="刘桂兰", phone="13800002607")

    enter_in_register(resident, by=MembershipFactory(administrator=True))

    assert LogEntry.objects.get().object_repr == "刘**"


@pytest.mark.parametrize("role", ["coordinator", "auditor", "api_client"])
def test_enter_in_register_is_for_administrators(role: str) -> None:
    with pytest.raises(PermissionDenied):
        enter_in_register(Area(code="379926101777", name="新社区"), by=MembershipFactory(**{role: True}))
    assert not Area.objects.filter(code="379926101777").exists()


@pytest.mark.parametrize(
    "row",
    [
        lambda: Grid(code=f"{ELSEWHERE}001", name="x", area=AreaFactory(code=ELSEWHERE)),
        lambda: Party(code="x", name="x", kind="OTHER", area=AreaFactory(code="370000000000")),
        lambda: Building(
            code="x", name="x", estate=(there := EstateFactory(grid__area__code=ELSEWHERE)), grid=there.grid
        ),
        lambda: Resident(household=HouseholdFactory(building__estate__grid__area__code=ELSEWHERE), name="x"),
    ],
)
def test_enter_in_register_ends_at_the_area_of_the_actor(row: Callable[[], Any]) -> None:
    new = row()

    with pytest.raises(PermissionDenied):
        enter_in_register(new, by=MembershipFactory(administrator=True))
    assert not type(new)._default_manager.filter(name="x").exists()
    assert not LogEntry.objects.exists()


def test_enter_in_register_refuses_a_division_outside_at_its_code() -> None:
    with pytest.raises(ValidationError) as refusal:
        enter_in_register(Area(code=ELSEWHERE, name="x"), by=MembershipFactory(administrator=True))

    assert list(refusal.value.message_dict) == ["code"]


def test_enter_in_register_leaves_needs_that_others_share() -> None:
    by = MembershipFactory(administrator=True)
    enter_in_register(item(), by=by)
    AreaFactory(code="370000000000")  # a division above is nobody else's
    enter_in_register(item(code="3.98"), by=by)
    EstateFactory(grid__area__code="379926102001")

    with pytest.raises(PermissionDenied):
        enter_in_register(item(code="3.97"), by=by)
    with pytest.raises(PermissionDenied):
        enter_in_register(NeedClass(code="99", name="x", position=99), by=by)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (lambda: Area(code="3799", name="x"), "code"),
        (lambda: Area(code="37992610100a", name="x"), "code"),
        (lambda: Area(code=TownFactory().code, name="x"), "code"),
        (lambda: Grid(code="379926101999001", name="x", area=AreaFactory(code="379926101998")), "area"),
        (lambda: Grid(code=(there := GridFactory()).code, name="x", area=there.area), "code"),
        (lambda: Estate(code="x", name="x", kind="old", area=AreaFactory(), grid=GridFactory()), "grid"),
        (lambda: Estate(code="a b", name="x", kind="old", area=(g := GridFactory()).area, grid=g), "code"),
        (lambda: Building(code="x", name="x", estate=EstateFactory(), grid=GridFactory()), "grid"),
        (lambda: Building(code=(b := BuildingFactory()).code, name="x", estate=b.estate, grid=b.grid), "code"),
        (lambda: Party(code=PartyFactory().code, name="x", kind="OTHER", area=TownFactory()), "code"),
        (lambda: NeedClass(code="a", name="x", position=1), "code"),
        (lambda: item(code="3"), "code"),
    ],
)
def test_enter_in_register_names_the_field_that_is_not_right(row: Callable[[], Any], field: str) -> None:
    new = row()

    with pytest.raises(ValidationError) as refusal:
        enter_in_register(new, by=MembershipFactory(administrator=True))

    assert list(refusal.value.message_dict) == [field]
    assert not LogEntry.objects.exists()


def test_enter_in_register_never_writes_over_a_row() -> None:
    town = TownFactory()

    with pytest.raises(ValidationError):
        enter_in_register(Area(code=town.code, name="x"), by=MembershipFactory(administrator=True))
    assert Area.objects.get(code=town.code).name == town.name


def test_new_place_and_item_have_their_episodes_once_committed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    MandateFactory(item="3.1")
    by, grid = MembershipFactory(administrator=True), GridFactory()
    refresh_episodes()
    estate = Estate(code="new", name="新", kind="old", area=grid.area, grid=grid)

    with django_capture_on_commit_callbacks(execute=True):
        enter_in_register(estate, by=by)
    items = NeedItem.objects.count()
    assert Episode.objects.open_at().filter(estate=estate, state="vacuum").count() == items - 1
    with django_capture_on_commit_callbacks(execute=True):
        building = enter_in_register(Building(code="new", name="新", estate=estate, grid=grid), by=by)
    assert Episode.objects.open_at().filter(building=building, state="vacuum").count() == items - 1
    with django_capture_on_commit_callbacks(execute=True):
        new = enter_in_register(item(), by=by)
    assert Episode.objects.open_at().filter(need_item=new, state="vacuum").count() == 2

    assert check_episodes() == 0
    assert not Drift.objects.exists()
