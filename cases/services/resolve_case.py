"""Report a case as done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership

# Whoever has done the work has answered the question whose it was, for this case
MOOT = (Case.Responsibility.DISPUTED, Case.Responsibility.MULTI_HEAD)


@transaction.atomic
def resolve_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Stop the clock of a case in handling; `reason` says what was done. Somebody else must verify it."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.RESOLVE)
    case.stage = stage_after(Stage(case.stage), Action.RESOLVE)
    case.resolved_at = max(at, case.reported_at)  # a clock that ran ahead when it was reported may be right by now
    if case.responsibility in MOOT:
        case.responsibility = Case.Responsibility.HELD
    changed = ("stage", "resolved_at", "responsibility")
    bookkeeping.enter(case, Line(CaseEvent.Kind.RESOLVED, at, by, {"reason": reason}), at=at, changed=changed)
    return case
