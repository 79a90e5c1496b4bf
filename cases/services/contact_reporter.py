"""Note that the reporter was contacted."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def contact_reporter(case: Case, *, by: Membership, reason: str = "", at: datetime | None = None) -> Case:
    """Write down a contact; the first one stops the contact clock."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.CONTACT)
    case.contacted_at = case.contacted_at or at
    line = Line(CaseEvent.Kind.CONTACTED, at, by, {"reason": reason})
    bookkeeping.enter(case, line, at=at, changed=("contacted_at",))
    return case
