"""Add a remark to a case."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def comment_on_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Write a remark into the history; it changes nothing else."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.COMMENT)
    bookkeeping.enter(case, Line(CaseEvent.Kind.COMMENTED, at, by, {"reason": reason}), at=at)
    return case
