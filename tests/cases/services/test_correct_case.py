"""Putting right what was reported."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case, DeadlineRule
from cases.services.correct_case import correct_case
from cases.services.hold_case import hold_case
from cases.services.log_case import log_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Building, Household, Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, HouseholdFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _urgency_matters() -> None:
    for urgency, amount, unit in (("E", 2, "hour"), ("C", 10, "working_day")):
        DeadlineRule.objects.create(clock="resolve", need_item=item(), urgency=urgency, amount=amount, unit=unit)


def due(case: Case) -> tuple[str, str]:
    """The deadlines to contact and to resolve, as the hands of the clock stand."""
    return f"{case.contact_due_at:%d %H:%M}", f"{case.resolve_due_at:%d %H:%M}"


def test_correct_case_changes_the_words_and_finds_it_by_them(dispatched: Case, coordinator: Membership) -> None:
    version = dispatched.version

    case = correct_case(dispatched, title=" 水管爆裂 ", location_note="东门", reason="听错了", by=coordinator, at=LATER)

    case.refresh_from_db()
    assert (case.title, case.location_note, case.version) == ("水管爆裂", "东门", version + 1)
    assert list(Case.objects.matching("水管 东门")) == [case]
    assert not Case.objects.matching("垃圾").exists()
    told = case.events.get(kind="corrected")
    assert (told.by, told.at) == (coordinator, LATER)
    assert told.details == {"fields": ["title", "location_note"], "reason": "听错了"}


def test_correct_case_sets_the_deadlines_by_another_urgency_from_the_same_start(
    building: Building, coordinator: Membership
) -> None:
    case = logged_case(building=building)
    again = logged_case(building=building, urgency="E")
    assert due(case) != due(again)
    signing = case.sign_due_at

    case = correct_case(case, urgency="E", by=coordinator, at=LATER)

    assert due(case) == due(again)
    assert case.sign_due_at == signing
    details = case.events.get(kind="corrected").details
    assert (details["fields"], details["before"], details["after"]) == (["urgency"], {"urgency": "G"}, {"urgency": "E"})
    assert details["due_at"] is not None


def test_correct_case_mends_an_overdue_that_was_none(coordinator: Membership, handler: Membership) -> None:
    case = logged_case(urgency="E", by=coordinator)
    late = case.resolve_due_at + timedelta(minutes=1)
    sweep_clocks(at=late)
    assert case.findings.open().filter(kind="overdue").exists()

    correct_case(case, urgency="C", by=coordinator, at=late)

    assert not case.findings.open().filter(kind="overdue").exists()
    waiting = case.escalations.filter(rule__trigger="overdue", fired_at=None, cancelled_at=None)
    assert not waiting.exists()


def test_correct_case_brings_an_overdue_forward(coordinator: Membership, handler: Membership) -> None:
    case = logged_case(urgency="C", by=coordinator)
    assert case.resolve_due_at > MONDAY + timedelta(days=2)

    correct_case(case, urgency="E", by=coordinator, at=MONDAY + timedelta(days=2))
    sweep_clocks(at=MONDAY + timedelta(days=2))

    assert case.findings.open().filter(kind="overdue").exists()


def test_correct_case_keeps_a_hold(handling: Case, coordinator: Membership) -> None:
    held = hold_case(
        handling, reason="等料", until=MONDAY + timedelta(days=3), by=coordinator, at=MONDAY + timedelta(hours=3)
    )
    pauses = held.deadlines["resolve"]["changes"]
    assert [change["kind"] for change in pauses] == ["pause"]

    case = correct_case(held, urgency="C", by=coordinator, at=MONDAY + timedelta(hours=4))

    assert case.deadlines["resolve"]["changes"] == pauses
    assert case.stage == "on_hold"


def test_correct_case_tells_nothing_of_the_reporter(dispatched: Case, coordinator: Membership) -> None:
    case = correct_case(dispatched, reporter_name="刘桂兰", reporter_phone="13800002607", by=coordinator, at=LATER)

    case.refresh_from_db()
    assert (case.reporter_name, case.reporter_phone) == ("刘桂兰", "13800002607")
    assert case.events.get(kind="corrected").details == {"fields": ["reporter"]}

    case = correct_case(case, reporter_is_anonymous=True, by=coordinator, at=LATER)
    assert (case.reporter_name, case.reporter_phone, case.reporter_is_anonymous) == ("", "", True)
    with pytest.raises(ValidationError) as refusal:
        correct_case(case, reporter_phone="1", by=coordinator, at=LATER)
    assert set(refusal.value.message_dict) == {"reporter_name"}
    again = correct_case(case, reporter_phone="1", reporter_is_anonymous=False, by=coordinator, at=LATER)
    assert again.reporter_phone == "1"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"title": " "}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"title": "\0"}, "title"),
        ({"urgency": ""}, "urgency"),
        ({"urgency": "X"}, "urgency"),
        ({"description": "字" * 20_001}, "description"),
        ({"reporter_phone": "1" * 21}, "reporter_phone"),
    ],
)
def test_correct_case_refuses_what_makes_no_sense(
    dispatched: Case, coordinator: Membership, given: Any, name: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        correct_case(dispatched, **given, by=coordinator, at=LATER)

    assert set(refusal.value.message_dict) == {name}
    assert Case.objects.get(pk=dispatched.pk).version == dispatched.version


def test_correct_case_refuses_what_is_so_already(dispatched: Case, coordinator: Membership) -> None:
    for given in ({}, {"title": f" {dispatched.title} "}, {"urgency": dispatched.urgency, "household": None}):
        with pytest.raises(ValidationError) as refusal:
            correct_case(dispatched, **given, by=coordinator, at=LATER)  # type: ignore[arg-type]
        assert refusal.value.code == "unchanged"


def test_correct_case_knows_the_households_of_the_building_alone(
    dispatched: Case, building: Building, coordinator: Membership
) -> None:
    neighbour = HouseholdFactory(building=building)

    assert correct_case(dispatched, household=neighbour, by=coordinator, at=LATER).household == neighbour
    with pytest.raises(ValidationError, match="not in the building"):
        correct_case(dispatched, household=HouseholdFactory(), by=coordinator, at=LATER)
    assert correct_case(dispatched, household=None, by=coordinator, at=LATER).household is None


def test_correct_case_lets_a_channel_number_a_case_once(dispatched: Case, coordinator: Membership) -> None:
    logged_case(channel=dispatched.channel, external_id="12345-7")

    with pytest.raises(ValidationError) as refusal:
        correct_case(dispatched, external_id="12345-7", by=coordinator, at=LATER)
    assert set(refusal.value.message_dict) == {"external_id"}
    case = correct_case(dispatched, external_id="12345-8", by=coordinator, at=LATER)

    assert case.events.get(kind="corrected").details["after"] == {"external_id": "12345-8"}
    correct_case(case, external_id="", by=coordinator, at=LATER)


def test_correct_case_leaves_the_urgency_of_what_is_resolved(resolved: Case, coordinator: Membership) -> None:
    with pytest.raises(ValidationError) as refusal:
        correct_case(resolved, urgency="E", by=coordinator, at=MONDAY + timedelta(hours=4))

    assert set(refusal.value.message_dict) == {"urgency"}
    assert correct_case(resolved, title="水管爆裂", by=coordinator, at=MONDAY + timedelta(hours=4)).title == "水管爆裂"


def test_correct_case_is_for_who_logged_it_and_who_assigns(
    building: Building, worker: Membership, handler: Membership, coordinator: Membership
) -> None:
    case = log_case(title="灯坏了", estate=building.estate, building=building, need_item=item(), by=worker, at=MONDAY)

    assert correct_case(case, title="路灯坏了", by=worker, at=LATER).title == "路灯坏了"
    assert correct_case(case, title="路灯不亮", by=coordinator, at=LATER).title == "路灯不亮"
    with pytest.raises(PermissionDenied):
        correct_case(case, urgency="P", by=handler, at=LATER)  # the party that has it


def test_correct_case_asks_nothing_of_a_household_that_was_moved_meanwhile(
    dispatched: Case, building: Building, coordinator: Membership
) -> None:
    household = HouseholdFactory(building=building)
    correct_case(dispatched, household=household, by=coordinator, at=LATER)
    Household.objects.filter(pk=household.pk).update(building=BuildingFactory())

    assert correct_case(dispatched, title="楼道灯不亮", by=coordinator, at=LATER).title == "楼道灯不亮"
