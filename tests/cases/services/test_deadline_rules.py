"""Editing deadline rules: save_deadline_rule, remove_deadline_rule."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import DeadlineRule
from cases.services.remove_deadline_rule import remove_deadline_rule
from cases.services.save_deadline_rule import save_deadline_rule
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import EstateFactory, MandateFactory, MembershipFactory, TownFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Membership:
    return MembershipFactory(administrator=True)


def rule(**given: object) -> DeadlineRule:
    """A rule that gives three hours for waste, not saved."""
    return DeadlineRule(**{"clock": "resolve", "need_item": item(), "amount": 3, "unit": "hour", **given})


def test_save_deadline_rule_counts_for_clocks_that_start_from_then_on(keeper: Membership) -> None:
    MandateFactory(item="3.1")
    before = logged_case()
    estate = EstateFactory()

    saved = save_deadline_rule(rule(estate=estate), by=keeper)

    after = logged_case(estate=estate)
    assert after.deadlines["resolve"]["rule"] == saved.pk
    assert before.deadlines["resolve"]["rule"] != saved.pk


@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"need_item": None, "need_class": "3"},
        {"urgency": "E"},
        {"need_item": None},
    ],
)
def test_save_deadline_rule_refuses_a_tie_and_names_the_other(keeper: Membership, scope: dict[str, object]) -> None:
    scope = {**scope, **({"need_class": item().need_class} if "need_class" in scope else {})}
    DeadlineRule.objects.filter(clock="resolve").delete()
    other = save_deadline_rule(rule(**scope), by=keeper)

    with pytest.raises(ValidationError) as refusal:
        save_deadline_rule(rule(**scope, amount=5), by=keeper)

    assert refusal.value.messages == [f"{other} holds for the very same already; change that one."]


def test_save_deadline_rule_may_save_the_same_rule_again(keeper: Membership) -> None:
    saved = DeadlineRule.objects.get(clock="resolve", need_item=item())
    was = [saved.amount, saved.unit]
    saved.amount, saved.unit = 7, "hour"

    save_deadline_rule(saved, by=keeper, at=MONDAY)

    told = json.loads(LogEntry.objects.get().change_message)
    assert told == [{"changed": {"fields": ["amount", "unit"]}, "what": "changed", "was": was}]


def test_save_deadline_rule_notes_nothing_where_nothing_changes(keeper: Membership) -> None:
    save_deadline_rule(DeadlineRule.objects.first(), by=keeper)

    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("amount", [0, 1000])
def test_save_deadline_rule_refuses_an_amount_out_of_bounds(keeper: Membership, amount: int) -> None:
    with pytest.raises(ValidationError) as refusal:
        save_deadline_rule(rule(estate=EstateFactory(), amount=amount), by=keeper)

    assert "amount" in refusal.value.message_dict


def test_save_deadline_rule_refuses_two_places(keeper: Membership) -> None:
    estate = EstateFactory()

    with pytest.raises(ValidationError, match="Name an area or an estate, not both"):
        save_deadline_rule(rule(estate=estate, area=estate.area), by=keeper)


def test_remove_deadline_rule_leaves_what_runs_as_it_is(keeper: Membership) -> None:
    MandateFactory(item="3.1")
    case = logged_case()
    saved = DeadlineRule.objects.get(pk=case.deadlines["resolve"]["rule"])
    due_at, named = case.resolve_due_at, str(saved)

    remove_deadline_rule(saved, by=keeper)

    case.refresh_from_db()
    assert case.resolve_due_at == due_at
    assert LogEntry.objects.get().object_repr == named
    assert not DeadlineRule.objects.filter(clock="resolve", need_item=item()).exists()


def test_only_administrators_keep_deadline_rules() -> None:
    by, saved = MembershipFactory(coordinator=True), DeadlineRule.objects.first()

    with pytest.raises(PermissionDenied):
        save_deadline_rule(rule(estate=EstateFactory()), by=by)
    with pytest.raises(PermissionDenied):
        remove_deadline_rule(saved, by=by)
    assert DeadlineRule.objects.filter(pk=saved.pk).exists()


def test_deadline_rule_with_a_place_is_kept_by_those_whose_area_contains_it() -> None:
    here, elsewhere = EstateFactory(), EstateFactory()
    by = MembershipFactory(administrator=True, area=here.area)
    saved = save_deadline_rule(rule(estate=here), by=by)
    of_area = save_deadline_rule(rule(area=here.area), by=by)

    for place in ({"estate": elsewhere}, {"area": elsewhere.area}, {"area": TownFactory()}):
        with pytest.raises(PermissionDenied, match="is kept by administrators whose area contains it"):
            save_deadline_rule(rule(**place), by=by)
    remove_deadline_rule(of_area, by=by)

    assert list(DeadlineRule.objects.exclude(area=None, estate=None)) == [saved]


def test_deadline_rule_without_a_place_is_kept_by_those_whose_area_is_the_whole_installation() -> None:
    here = EstateFactory()
    by, saved = MembershipFactory(administrator=True, area=here.area), DeadlineRule.objects.first()
    EstateFactory()

    with pytest.raises(PermissionDenied, match="holds for the whole installation"):
        save_deadline_rule(rule(urgency="P"), by=by)
    with pytest.raises(PermissionDenied, match="holds for the whole installation"):
        remove_deadline_rule(saved, by=by)
    assert save_deadline_rule(rule(urgency="P"), by=MembershipFactory(administrator=True)).pk


def test_deadline_rule_is_moved_neither_in_from_elsewhere_nor_out(keeper: Membership) -> None:
    here, elsewhere = EstateFactory(), EstateFactory()
    by = MembershipFactory(administrator=True, area=here.area)
    near, far = (save_deadline_rule(rule(estate=estate), by=keeper) for estate in (here, elsewhere))
    everywhere = DeadlineRule.objects.first()

    for moved, place in ((near, elsewhere), (near, None), (far, here), (everywhere, here)):
        moved.estate = place
        with pytest.raises(PermissionDenied):
            save_deadline_rule(moved, by=by)
    assert {each.pk: each.estate for each in DeadlineRule.objects.exclude(estate=None)} == {
        near.pk: here,
        far.pk: elsewhere,
    }
