"""Close a case after checking that it is done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import custody, findings, history, policies
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Finding
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def close_case(case: Case, *, by: Membership, reason: str = "", at: datetime | None = None) -> Case:
    """End a resolved case; `reason` says how it was verified. The party that handled it cannot close it."""
    at = at or timezone.now()
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.CLOSE)
    case.stage, case.closed_at = stage_after(Stage(case.stage), Action.CLOSE), at
    custody.end(case, at=at, ending=Custody.Ending.CLOSED)
    cleared = findings.clear(case, Finding.Kind, at=at)
    changed = ("stage", "closed_at")
    history.record(case, Line(CaseEvent.Kind.CLOSED, at, by, {"reason": reason}), *cleared, changed=changed)
    return case
