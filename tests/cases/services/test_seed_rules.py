"""The rules of a fresh installation."""

import pytest

from cases.models import DeadlineRule, EscalationRule
from cases.services.seed_rules import seed_rules
from stakeholders.models import NeedItem

pytestmark = pytest.mark.django_db


def test_seed_rules_gives_every_item_a_time_to_contact_and_to_resolve() -> None:
    rules = DeadlineRule.objects.filter(need_item__isnull=False).values_list("need_item__code", "clock")

    codes = NeedItem.objects.values_list("code", flat=True)
    assert sorted(rules) == sorted((code, clock) for code in codes for clock in ("contact", "resolve"))


def test_seed_rules_gives_anything_else_15_calendar_days() -> None:
    rule = DeadlineRule.objects.get(clock="resolve", need_item__isnull=True)

    assert (rule.amount, rule.unit, rule.rank) == (15, "calendar_day", (0, 0, 0))


def test_seed_rules_leaves_edited_rules_alone() -> None:
    DeadlineRule.objects.filter(need_item__code="3.1").delete()
    EscalationRule.objects.update(is_active=False)

    assert seed_rules() == 0
    assert not DeadlineRule.objects.filter(need_item__code="3.1").exists()
