"""Decide whether a case is put on hold."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, more_time, policies
from cases.holds import begin_hold
from cases.models import Case, CaseEvent
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def decide_hold(case: Case, *, grant: bool, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Grant the hold that was asked for, or refuse it. Raises ValidationError to grant one that is over by now."""
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.DECIDE_HOLD)
    request = more_time.pending(case)
    if grant and request.until is not None and request.until <= at:
        raise ValidationError({"grant": _("The time it was asked for is over; refuse it.")})
    more_time.decide(request, grant=grant, reason=reason, by=by, at=at)
    if grant:
        begin_hold(case, request, at=at)
    else:
        line = more_time.decided_line(request, CaseEvent.Kind.REFUSED)
        bookkeeping.enter(case, line, at=at, changed=("asked",))
    return case
