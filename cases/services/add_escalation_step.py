"""Add a step to the ladder."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import ladder, policies
from cases.models import EscalationRule
from stakeholders.models import Membership


@transaction.atomic
def add_escalation_step(
    *, trigger: str, amount: int, unit: str, action: str, by: Membership, at: datetime | None = None
) -> EscalationRule:
    """Put a step on the ladder: it holds for the faults that open from now on.

    A step that was there before and is switched off is switched on again. Raises ValidationError for what makes no
    step, and for one that is there.
    """
    policies.permit_for_all(by)
    step = EscalationRule(trigger=trigger, amount=amount, unit=unit, action=action)
    return ladder.put(step, by=by, at=at or timezone.now())
