"""Declare a case void: it should never have been one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies, timers
from cases.history import Line
from cases.models import Case, CaseEvent, Custody
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def void_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """End an unsolved case without a result; it stays readable and counts in no rate. A mistake is reopened."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.VOID)
    case.stage = stage_after(Stage(case.stage), Action.VOID)
    custody.end(case, at=at, ending=Custody.Ending.VOIDED)
    lines = [Line(CaseEvent.Kind.VOIDED, at, by, {"reason": reason}), *timers.stop_all(case, by=by, at=at)]
    bookkeeping.enter(case, *lines, at=at, changed=("stage", *timers.FIELDS))
    return case
