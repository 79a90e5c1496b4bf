"""Switch a step of the ladder off, or on again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import ladder, policies
from cases.models import EscalationRule
from stakeholders.models import Membership


@transaction.atomic
def switch_escalation_step(
    rule: EscalationRule, *, is_active: bool, by: Membership, at: datetime | None = None
) -> EscalationRule:
    """Say whether a step is laid out for faults that open from now on; asking for what is so already does nothing."""
    policies.permit_for_all(by)
    rule = EscalationRule.objects.select_for_update().get(pk=rule.pk)
    if rule.is_active != is_active:
        ladder.switch(rule, is_active, by=by, at=at or timezone.now())
    return rule
