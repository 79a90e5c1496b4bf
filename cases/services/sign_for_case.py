"""Sign for a case: the party that got it takes it up."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def sign_for_case(case: Case, *, by: Membership, reason: str = "", at: datetime | None = None) -> Case:
    """Move a dispatched case into handling; `reason` is a remark, if there is one."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.ACCEPT)
    case.stage, case.signed_at = stage_after(Stage(case.stage), Action.ACCEPT), at
    remark = {"reason": reason} if reason else {}
    bookkeeping.enter(case, Line(CaseEvent.Kind.SIGNED, at, by, remark), at=at, changed=("stage", "signed_at"))
    return case
