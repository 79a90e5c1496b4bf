"""Changes of rows in registers: of what may change, in the own area, noted by field."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from stakeholders.models import Episode, NeedClass, NeedItem
from stakeholders.registers import LASTING
from stakeholders.services.change_in_register import change_in_register
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
    ResidentFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "440106001000"
MADE: list[Callable[[], Any]] = [
    AreaFactory,
    GridFactory,
    EstateFactory,
    BuildingFactory,
    HouseholdFactory,
    ResidentFactory,
    PartyFactory,
    lambda: NeedClass.objects.get(code="3"),
    lambda: NeedItem.objects.get(code="3.1"),
]


def test_change_in_register_notes_who_changed_which_field() -> None:
    by, estate = MembershipFactory(administrator=True), EstateFactory()
    values = {"name": "清风苑", "kind": estate.kind, "property_party": PartyFactory()}

    with translation.override("zh-hans"):
        changed = change_in_register(estate, values=values, by=by)

    entry = LogEntry.objects.get()
    assert (changed.name, changed.property_party) == ("清风苑", values["property_party"])
    assert (entry.user, entry.object_id, entry.action_flag) == (by.user, str(estate.pk), CHANGE)
    assert json.loads(entry.change_message) == [{"changed": {"fields": ["Name", "Property company"]}}]
    assert entry.get_change_message() == "Changed Name and Property company."


def test_change_in_register_notes_nothing_where_nothing_changes() -> None:
    estate = EstateFactory()

    change_in_register(estate, values={"name": estate.name}, by=MembershipFactory(administrator=True))

    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("made", MADE)
def test_change_in_register_never_changes_what_is_lasting(made: Callable[[], Any]) -> None:
    row = made()
    by = MembershipFactory(administrator=True)

    for name in LASTING[type(row)]:
        with pytest.raises(ValidationError) as refusal:
            change_in_register(row, values={name: getattr(row, name)}, by=by)
        assert refusal.value.error_dict[name][0].code == "lasting"


@pytest.mark.parametrize("role", ["coordinator", "auditor", "api_client"])
def test_change_in_register_is_for_administrators(role: str) -> None:
    with pytest.raises(PermissionDenied):
        change_in_register(EstateFactory(), values={"name": "x"}, by=MembershipFactory(**{role: True}))


@pytest.mark.parametrize(
    "made",
    [
        lambda: AreaFactory(code="379926000000"),
        lambda: PartyFactory(area__code="370000000000"),
        lambda: EstateFactory(grid__area__code=ELSEWHERE),
        lambda: BuildingFactory(estate__grid__area__code=ELSEWHERE),
    ],
)
def test_change_in_register_leaves_what_lies_above_or_elsewhere(made: Callable[[], Any]) -> None:
    row = made()

    with pytest.raises(PermissionDenied):
        change_in_register(row, values={"name": "x"}, by=MembershipFactory(administrator=True))
    row.refresh_from_db()
    assert row.name != "x"


def test_change_in_register_leaves_needs_that_others_share() -> None:
    by, row = MembershipFactory(administrator=True), NeedItem.objects.get(code="3.1")
    assert change_in_register(row, values={"urgency": "U"}, by=by).urgency == "U"
    BuildingFactory(estate__grid__area__code=ELSEWHERE)

    with pytest.raises(PermissionDenied):
        change_in_register(row, values={"urgency": "G"}, by=by)


@pytest.mark.parametrize(
    ("made", "name", "other"),
    [
        (PartyFactory, "area", lambda: AreaFactory(code="370000000000")),
        (HouseholdFactory, "building", lambda: BuildingFactory(estate__grid__area__code=ELSEWHERE)),
        (ResidentFactory, "household", lambda: HouseholdFactory(building__estate__grid__area__code=ELSEWHERE)),
    ],
)
def test_nothing_is_moved_out_of_the_area_of_the_actor(
    made: Callable[[], Any], name: str, other: Callable[[], Any]
) -> None:
    row, away = made(), other()

    with pytest.raises(PermissionDenied):
        change_in_register(row, values={name: away}, by=MembershipFactory(administrator=True))
    assert getattr(type(row)._default_manager.get(pk=row.pk), name) != away


def test_nothing_is_moved_into_the_area_of_the_actor() -> None:
    party = PartyFactory(area__code=ELSEWHERE)

    with pytest.raises(PermissionDenied):
        change_in_register(party, values={"area": TownFactory()}, by=MembershipFactory(administrator=True))
    party.refresh_from_db()
    assert party.area_id == ELSEWHERE


def test_change_in_register_names_the_field_that_is_not_right() -> None:
    by, party = MembershipFactory(administrator=True), PartyFactory()
    for row, values in [
        (party, {"supervisor": party}),
        (EstateFactory(), {"grid": GridFactory()}),
        (BuildingFactory(), {"grid": GridFactory()}),
        (GridFactory(), {"area": TownFactory()}),
    ]:
        with pytest.raises(ValidationError) as refusal:
            change_in_register(row, values=values, by=by)
        assert list(refusal.value.message_dict) == list(values)
    assert not LogEntry.objects.exists()


def test_party_that_is_closed_down_leaves_its_duties_to_nobody(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    building, mandate, at = BuildingFactory(), MandateFactory(item="3.1"), datetime(2026, 11, 21, tzinfo=UTC)
    refresh_episodes()
    of_cell = Episode.objects.filter(building=building, need_item=mandate.need_item, since=at, state="vacuum")
    assert not of_cell.exists()

    with django_capture_on_commit_callbacks(execute=True):
        change_in_register(mandate.party, values={"closed_at": at}, by=MembershipFactory(administrator=True))

    assert of_cell.exists()
    assert json.loads(LogEntry.objects.get().change_message) == [{"changed": {"fields": ["Closed down"]}}]
