"""Change a step of the ladder: another one takes its place."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import ladder, policies
from cases.models import EscalationRule
from stakeholders.models import Membership


@transaction.atomic
def change_escalation_step(
    rule: EscalationRule, *, amount: int, unit: str, action: str, by: Membership, at: datetime | None = None
) -> EscalationRule:
    """Switch a step off and put another one in its place, which is returned.

    Faults that stand keep the steps that were laid out for them. Raises ValidationError where nothing changes, for a
    step that is off, for what makes no step, and for one that is there.
    """
    policies.permit_for_all(by)
    at = at or timezone.now()
    rule = EscalationRule.objects.select_for_update().get(pk=rule.pk)
    if not rule.is_active:
        raise ValidationError(_("This step is switched off."), code="off")
    if (rule.amount, rule.unit, rule.action) == (amount, unit, action):
        raise ValidationError({"amount": ValidationError(_("Nothing would change."), code="unchanged")})
    step = EscalationRule(trigger=rule.trigger, amount=amount, unit=unit, action=action)
    fresh = ladder.put(step, by=by, at=at, instead_of=rule)
    ladder.switch(rule, False, by=by, at=at)
    return fresh
