"""Editing the ladder: add_escalation_step, change_escalation_step, switch_escalation_step, and what stays on record."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Escalation, EscalationRule
from cases.services.add_escalation_step import add_escalation_step
from cases.services.change_escalation_step import change_escalation_step
from cases.services.escalate import escalate
from cases.services.switch_escalation_step import switch_escalation_step
from stakeholders.models import Membership
from stakeholders.roles import Role
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
STEP = {"trigger": "vacuum", "amount": 3, "unit": "hour", "action": "list"}


@pytest.fixture
def keeper() -> Membership:
    return MembershipFactory(administrator=True)


@pytest.fixture
def saved() -> EscalationRule:
    """The step of the default ladder that raises a vacuum."""
    return EscalationRule.objects.get(trigger="vacuum", action="raise")


def log() -> list[tuple[str, str, dict[str, Any]]]:
    """Who did what to which rule, oldest first."""
    entries = LogEntry.objects.order_by("pk").select_related("user")
    details = [json.loads(each.change_message)[0] for each in entries]
    return [
        (each.object_repr, told.pop("what"), {name: told[name] for name in told if name == "instead_of"})
        for each, told in zip(entries, details, strict=True)
    ]


def test_add_escalation_step_holds_for_faults_that_open_from_then_on(keeper: Membership) -> None:
    before = logged_case()
    rule = add_escalation_step(**STEP, by=keeper, at=MONDAY)
    after = logged_case()

    assert [each.case for each in Escalation.objects.filter(rule=rule)] == [after]
    assert before.escalations.count() == 2


def test_add_escalation_step_is_on_record_with_who_and_when(keeper: Membership) -> None:
    rule = add_escalation_step(**STEP, by=keeper, at=MONDAY)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_time, entry.object_id) == (keeper.user, MONDAY, str(rule.pk))
    assert log() == [(str(rule), "added", {})]
    assert entry.get_change_message() == "Added."


def test_add_escalation_step_refuses_the_same_step_twice(keeper: Membership) -> None:
    rule = add_escalation_step(**STEP, by=keeper)

    with pytest.raises(ValidationError) as refusal:
        add_escalation_step(**STEP, by=keeper)

    assert refusal.value.message_dict == {"amount": [f"There is such a step already: {rule}."]}


def test_add_escalation_step_switches_the_like_of_it_on_again(keeper: Membership) -> None:
    rule = add_escalation_step(**STEP, by=keeper)
    switch_escalation_step(rule, is_active=False, by=keeper)

    again = add_escalation_step(**STEP, by=keeper)

    assert (again, again.is_active) == (rule, True)
    assert [what for _rule, what, _details in log()] == ["added", "switched_off", "switched_on"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("trigger", "bored"), ("unit", "week"), ("action", "shout"), ("amount", -1), ("amount", 1000), ("amount", 40000)],
)
def test_add_escalation_step_refuses_what_makes_no_step(keeper: Membership, name: str, value: Any) -> None:
    count = EscalationRule.objects.count()

    with pytest.raises(ValidationError) as refusal:
        add_escalation_step(**{**STEP, name: value}, by=keeper)

    assert list(refusal.value.message_dict) == [name]
    assert EscalationRule.objects.count() == count


def test_change_escalation_step_puts_another_one_in_its_place(keeper: Membership, saved: EscalationRule) -> None:
    case = logged_case()

    fresh = change_escalation_step(saved, amount=4, unit="hour", action="hand_over", by=keeper, at=MONDAY)

    saved.refresh_from_db()
    assert (saved.amount, saved.unit, saved.is_active) == (2, "working_day", False)
    assert (fresh.trigger, fresh.amount, fresh.unit, fresh.action) == ("vacuum", 4, "hour", "hand_over")
    assert case.escalations.filter(rule=saved, cancelled_at__isnull=True).exists()
    assert log() == [(str(fresh), "added", {"instead_of": str(saved)}), (str(saved), "switched_off", {})]


def test_change_escalation_step_keeps_what_has_fired(keeper: Membership, saved: EscalationRule) -> None:
    logged_case()
    escalate(at=MONDAY.replace(day=30))

    change_escalation_step(saved, amount=9, unit="hour", action="raise", by=keeper)

    assert [str(each.rule.amount) for each in Escalation.objects.filter(rule=saved, fired_at__isnull=False)] == ["2"]


def test_change_escalation_step_refuses_a_change_of_nothing(keeper: Membership, saved: EscalationRule) -> None:
    with pytest.raises(ValidationError) as refusal:
        change_escalation_step(saved, amount=saved.amount, unit=saved.unit, action=saved.action, by=keeper)

    assert refusal.value.message_dict == {"amount": ["Nothing would change."]}


def test_change_escalation_step_refuses_a_step_that_is_off(keeper: Membership, saved: EscalationRule) -> None:
    switch_escalation_step(saved, is_active=False, by=keeper)

    with pytest.raises(ValidationError, match="This step is switched off"):
        change_escalation_step(saved, amount=9, unit="hour", action="raise", by=keeper)


def test_change_escalation_step_leaves_all_as_it_was_where_the_new_step_is_there(
    keeper: Membership, saved: EscalationRule
) -> None:
    other = add_escalation_step(**{**STEP, "action": "raise"}, by=keeper)

    with pytest.raises(ValidationError, match=str(other)):
        change_escalation_step(saved, amount=3, unit="hour", action="raise", by=keeper)

    saved.refresh_from_db()
    assert saved.is_active


def test_switch_escalation_step_says_whether_it_is_laid_out(keeper: Membership, saved: EscalationRule) -> None:
    switch_escalation_step(saved, is_active=False, by=keeper)
    off = logged_case()
    switch_escalation_step(saved, is_active=True, by=keeper)
    on = logged_case()

    assert [each.case for each in Escalation.objects.filter(rule=saved)] == [on]
    assert off.escalations.count() == 1


def test_switch_escalation_step_does_nothing_twice(keeper: Membership, saved: EscalationRule) -> None:
    switch_escalation_step(saved, is_active=False, by=keeper)
    switch_escalation_step(saved, is_active=False, by=keeper)

    assert log() == [(str(saved), "switched_off", {})]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.GRID_WORKER)])
def test_only_administrators_edit_the_ladder(role: Role, saved: EscalationRule) -> None:
    by = MembershipFactory(role=role)

    with pytest.raises(PermissionDenied):
        add_escalation_step(**STEP, by=by)
    with pytest.raises(PermissionDenied):
        change_escalation_step(saved, amount=9, unit="hour", action="raise", by=by)
    with pytest.raises(PermissionDenied):
        switch_escalation_step(saved, is_active=False, by=by)
    assert not LogEntry.objects.exists()


def test_ladder_is_kept_by_those_whose_area_is_the_whole_installation(saved: EscalationRule) -> None:
    here = EstateFactory()
    by = MembershipFactory(administrator=True, area=here.area)
    EstateFactory()

    for service in (
        lambda: add_escalation_step(**STEP, by=by),
        lambda: change_escalation_step(saved, amount=9, unit="hour", action="list", by=by),
        lambda: switch_escalation_step(saved, is_active=False, by=by),
    ):
        with pytest.raises(PermissionDenied, match="holds for the whole installation"):
            service()
    saved.refresh_from_db()
    assert saved.is_active
