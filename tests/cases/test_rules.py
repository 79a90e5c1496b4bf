"""Rules by name, also while they are being written."""

from cases.models import DeadlineRule, EscalationRule


def test_rule_has_a_name_before_it_has_a_number() -> None:
    assert [str(rule) for rule in (DeadlineRule(), DeadlineRule(pk=7))] == ["DL-", "DL-007"]
    assert [str(rule) for rule in (EscalationRule(), EscalationRule(pk=12))] == ["ES-", "ES-012"]
