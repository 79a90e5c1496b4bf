"""Decide whether a deadline is extended."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, clocks, custody, more_time, policies
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from cases.workflow import Action
from cases.worktime import Unit, WorkCalendar
from stakeholders.models import Membership


@transaction.atomic
def decide_extension(case: Case, *, grant: bool, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Grant the extension that was asked for, or refuse it; `reason` is read by the party.

    What was asked for before the deadline is granted after it, too: the party could not know. Then “overdue” goes.
    Raises ValidationError to grant a moment that the deadline has passed by itself, as by a correction of the item.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.DECIDE_EXTENSION)
    request = more_time.pending(case)
    before = case.resolve_due_at
    if grant and before is not None and request.until is not None and request.until <= before:
        raise ValidationError({"grant": _("The deadline lies later than that by now; refuse it.")})
    more_time.decide(request, grant=grant, reason=reason, by=by, at=at)
    if not grant:
        line = more_time.decided_line(request, CaseEvent.Kind.REFUSED)
    else:
        unit = Unit(request.unit) if request.unit else None
        calendar = Rulebook().calendar
        clocks.extend(case, calendar, at=at, amount=request.amount, unit=unit, until=request.until)
        _require_still_allowed(case, before, calendar)
        moved = {"before": before, "due_at": case.resolve_due_at}
        line = more_time.decided_line(request, CaseEvent.Kind.EXTENDED, **moved)
    bookkeeping.enter(case, line, at=at, changed=("asked", *clocks.FIELDS))
    return case


def _require_still_allowed(case: Case, before: datetime | None, calendar: WorkCalendar) -> None:
    """Raise ValidationError at `grant` where place, item or urgency were corrected since, and allow less by now."""
    if before is None or case.resolve_due_at is None:
        return
    try:
        more_time.require_within_limit(case, before, case.resolve_due_at, calendar)
    except ValidationError as error:
        raise ValidationError({"grant": error.messages}) from error
