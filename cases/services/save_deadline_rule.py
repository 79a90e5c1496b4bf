"""Add a deadline rule, or change one."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import policies
from cases.models import DeadlineRule
from cases.rule_log import What, note
from stakeholders.models import Membership

SCOPE = ("clock", "need_class", "need_item", "urgency", "area", "estate")
FIELDS = (*SCOPE, "amount", "unit", "basis")
LONGEST = 999  # of whatever unit


@transaction.atomic
def save_deadline_rule(rule: DeadlineRule, *, by: Membership, at: datetime | None = None) -> DeadlineRule:
    """Save a rule as it stands: clocks that start from now on go by it, those that run keep what was written on them.

    Raises ValidationError for what makes no rule, and for one that holds for the same as another: of two rules that
    are equally specific none could be said to count. Raises PermissionDenied for who does not keep rules where it
    holds, or not where it held before.
    """
    places = DeadlineRule.objects.select_for_update(of=("self",)).select_related("area", "estate")
    before = places.filter(pk=rule.pk).order_by("pk").first()
    if before is not None:
        policies.permit_rule(by, before)
    policies.permit_rule(by, rule)
    same = DeadlineRule.objects.exclude(pk=rule.pk).filter(
        **{name: getattr(rule, name) for name in ("clock", "urgency")}
    )
    twin = same.filter(**_nullable(rule)).first()
    if twin is not None:
        message = _("%(rule)s holds for the very same already; change that one.") % {"rule": twin}
        raise ValidationError(message, code="twice")
    rule.full_clean()
    if rule.amount > LONGEST:
        raise ValidationError({"amount": _("Give a number from 1 to %(longest)d.") % {"longest": LONGEST}})
    rule.save()
    at = at or timezone.now()
    if before is None:
        note(rule, What.ADDED, by=by, at=at)
    elif changed := [name for name in FIELDS if getattr(before, name) != getattr(rule, name)]:
        note(rule, What.CHANGED, fields=changed, by=by, at=at, was=[before.amount, before.unit])
    return rule


def _nullable(rule: DeadlineRule) -> dict[str, object]:
    """Which others have the same scope: in a query, what is empty is asked for in its own way."""
    values = {name: getattr(rule, name) for name in ("need_class", "need_item", "area", "estate")}
    return {name if value else f"{name}__isnull": value or True for name, value in values.items()}
