"""Writing the ladder: no step is changed once it is there, for what has fired stays on record with what it was."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.models import EscalationRule
from cases.rule_log import What, note
from stakeholders.models import Membership

LONGEST = 999  # of whatever unit; a step that far off is a slip of the pen


def put(
    step: EscalationRule, *, by: Membership, at: datetime, instead_of: EscalationRule | None = None
) -> EscalationRule:
    """Add a step, or switch the like of it on again, and return it; faults that stand already do not get it.

    Raises ValidationError for a trigger, unit or action that there is not, for an amount out of bounds, and for a step
    that is on the ladder already.
    """
    step.clean_fields()
    if not 0 <= step.amount <= LONGEST:
        raise ValidationError({"amount": _("Give a number from 0 to %(longest)d.") % {"longest": LONGEST}})
    rule, is_new = EscalationRule.objects.select_for_update().get_or_create(
        trigger=step.trigger, amount=step.amount, unit=step.unit, action=step.action
    )
    if not is_new and rule.is_active:
        message = _("There is such a step already: %(step)s.") % {"step": rule}
        raise ValidationError({"amount": ValidationError(message, code="twice")})
    details = {"instead_of": str(instead_of)} if instead_of else {}
    if is_new:
        note(rule, What.ADDED, by=by, at=at, **details)
    else:
        switch(rule, True, by=by, at=at, **details)
    return rule


def switch(rule: EscalationRule, is_active: bool, *, by: Membership, at: datetime, **details: str) -> None:
    """Take a step off the ladder or put it back; what was laid out of it until now stays laid out."""
    rule.is_active = is_active
    rule.save(update_fields=["is_active"])
    what = What.SWITCHED_ON if is_active else What.SWITCHED_OFF
    note(rule, what, fields=["active"], by=by, at=at, **details)
