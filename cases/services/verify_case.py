"""Verify that the work on a case was really done."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def verify_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Note that a check (核查) found the work done; `reason` says how. Never for the party that did it."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.VERIFY)
    case.verified_at = at
    bookkeeping.enter(case, Line(CaseEvent.Kind.VERIFIED, at, by, {"reason": reason}), at=at, changed=("verified_at",))
    return case
