"""Send a case back: the check found that it is not done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, clocks, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def rework_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Put a resolved case back into handling (返工). Its clock runs on as if it had not stopped; it may be overdue."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.REWORK)
    case.stage = stage_after(Stage(case.stage), Action.REWORK)
    case.resolved_at = case.verified_at = None
    case.reworks += 1
    is_moved = clocks.reckon_again(case, Rulebook().calendar)  # the calendar may have been corrected meanwhile
    details = {"reason": reason} | ({"due_at": case.resolve_due_at} if is_moved else {})
    changed = ("stage", "resolved_at", "verified_at", "reworks", *clocks.FIELDS)
    bookkeeping.enter(case, Line(CaseEvent.Kind.REWORKED, at, by, details), at=at, changed=changed)
    return case
