"""Close a case that is checked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies, timers
from cases.history import Line
from cases.models import Case, CaseEvent, Custody
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def close_case(case: Case, *, by: Membership, reason: str = "", at: datetime | None = None) -> Case:
    """End a resolved case. The party that handled it cannot close it.

    Closing needs a check (核查): where nobody has verified the work yet, `reason` says how it was checked, and counts
    as that. Raises ValidationError when it is missing. Statutory time limits that run end with the case.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.CLOSE)
    lines = []
    if case.verified_at is None:
        if not reason:
            raise ValidationError({"reason": _("Say how it was checked: nobody has verified it yet.")})
        case.verified_at = at
        lines.append(Line(CaseEvent.Kind.VERIFIED, at, by, {"reason": reason}))
        reason = ""
    case.stage, case.closed_at = stage_after(Stage(case.stage), Action.CLOSE), at
    custody.end(case, at=at, ending=Custody.Ending.CLOSED)
    lines += timers.stop_all(case, by=by, at=at)
    lines.append(Line(CaseEvent.Kind.CLOSED, at, by, {"reason": reason} if reason else {}))
    bookkeeping.enter(case, *lines, at=at, changed=("stage", "closed_at", "verified_at", *timers.FIELDS))
    return case
