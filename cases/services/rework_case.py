"""Send a case back: the check found that it is not done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import custody, history, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def rework_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Put a resolved case back into handling. The first deadline still holds, so it may be overdue at once."""
    at = at or timezone.now()
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.REWORK)
    case.stage, case.resolved_at = stage_after(Stage(case.stage), Action.REWORK), None
    case.overdue_flagged_at = None
    changed = ("stage", "resolved_at", "overdue_flagged_at")
    history.record(case, Line(CaseEvent.Kind.REWORKED, at, by, {"reason": reason}), changed=changed)
    return case
