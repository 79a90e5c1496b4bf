"""Remove a deadline rule."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import policies
from cases.models import DeadlineRule
from cases.rule_log import What, note
from stakeholders.models import Membership


@transaction.atomic
def remove_deadline_rule(rule: DeadlineRule, *, by: Membership, at: datetime | None = None) -> None:
    """Take a rule away: a wider one counts for the clocks that start from now on.

    Those that run keep their deadline, the amount and the number of the rule; the number is never given again.
    """
    policies.permit_rule(by, rule)
    note(rule, What.REMOVED, by=by, at=at or timezone.now(), was=[rule.amount, rule.unit])
    rule.delete()
