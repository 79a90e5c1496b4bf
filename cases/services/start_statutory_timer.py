"""Start a time limit that a law sets."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies, timers
from cases.history import Line
from cases.models import Case, CaseEvent, StatutoryRule
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.models import Membership
from stakeholders.years import OUTSIDE, is_meant


@transaction.atomic
def start_statutory_timer(
    case: Case,
    *,
    rule: StatutoryRule,
    by: Membership,
    started_at: datetime | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Case:
    """Count down a statutory time limit from the moment the law names, which may lie behind.

    Raises ValidationError where it runs already, is not in use, or would begin in the future.
    """
    at = at or timezone.now()
    started_at = started_at or at
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.START_TIMER)
    if not rule.is_active:
        raise ValidationError({"rule": _("This time limit is not in use.")})
    if started_at > at:
        raise ValidationError({"started_at": _("A time limit cannot begin in the future.")})
    if not is_meant(started_at):
        raise ValidationError({"started_at": OUTSIDE})
    if case.timers.running().filter(rule=rule).exists():
        raise ValidationError({"rule": _("This time limit runs already.")})
    timer = timers.start(case, rule, Rulebook().calendar, at=started_at)
    details = {"timer": rule.code, "due_at": timer.due_at} | ({"reason": reason} if reason else {})
    bookkeeping.enter(case, Line(CaseEvent.Kind.TIMER_STARTED, at, by, details), at=at, changed=timers.FIELDS)
    return case
