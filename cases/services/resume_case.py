"""Take a case off hold before its time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, clocks, custody, policies
from cases.history import Line
from cases.holds import FIELDS
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def resume_case(case: Case, *, by: Membership, reason: str = "", at: datetime | None = None) -> Case:
    """Go on with a case that was set aside; its clocks go on with what was left of them."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.RESUME)
    clocks.resume(case, Rulebook().calendar, at=at)
    case.stage, case.hold_until = stage_after(Stage(case.stage), Action.RESUME), None
    details = {"due_at": case.resolve_due_at} | ({"reason": reason} if reason else {})
    bookkeeping.enter(case, Line(CaseEvent.Kind.RESUMED, at, by, details), at=at, changed=FIELDS)
    return case
