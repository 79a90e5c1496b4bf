"""Stop a statutory time limit: what the law asks for is done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies, timers
from cases.models import Case, StatutoryRule
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def stop_statutory_timer(
    case: Case, *, rule: StatutoryRule, reason: str, by: Membership, at: datetime | None = None
) -> Case:
    """Stop a time limit that runs; `reason` says what was done. Raises ValidationError where it does not run."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.STOP_TIMER)
    line = timers.stop(timers.running(case, rule), by=by, at=at, reason=reason)
    timers.note(case)
    bookkeeping.enter(case, line, at=at, changed=timers.FIELDS)
    return case
