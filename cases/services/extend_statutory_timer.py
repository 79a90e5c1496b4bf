"""Extend a statutory time limit as far as its article allows."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies, timers
from cases.history import Line
from cases.models import Case, CaseEvent, StatutoryRule
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def extend_statutory_timer(
    case: Case, *, rule: StatutoryRule, amount: int, reason: str, by: Membership, at: datetime | None = None
) -> Case:
    """Move the end of a running time limit by `amount` of its own unit, once, and never past its article.

    The database refuses what lies past it, too. Raises ValidationError by field.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.EXTEND_TIMER)
    timer = timers.running(case, rule)
    before = timer.due_at
    timers.extend(timer, amount, Rulebook().calendar, at=at)
    timers.note(case)
    details = {"timer": rule.code, "before": before, "due_at": timer.due_at, "reason": reason}
    bookkeeping.enter(case, Line(CaseEvent.Kind.TIMER_EXTENDED, at, by, details), at=at, changed=timers.FIELDS)
    return case
