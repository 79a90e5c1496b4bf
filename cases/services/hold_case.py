"""Put a case on hold, or ask for it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, more_time, policies
from cases.deadlines import due
from cases.holds import begin_hold
from cases.models import Case
from cases.rulebook import Rulebook
from cases.workflow import Action
from cases.worktime import Unit
from stakeholders.models import Membership


@transaction.atomic
def hold_case(  # noqa: PLR0913 -- each is a part of what is asked
    case: Case,
    *,
    reason: str,
    by: Membership,
    amount: int | None = None,
    unit: str = "",
    until: datetime | None = None,
    at: datetime | None = None,
) -> Case:
    """Set a case aside (挂账) until a moment: its clocks stand still, and go on with what was left of them.

    A coordinator decides so at once; the party that has the case asks for it, and a coordinator decides by
    `decide_hold`. Raises ValidationError by field where the end is missing, past or too far off.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.HOLD)
    more_time.require_span(amount, unit, until, at=at)
    if until is None and amount is not None:
        until = due(at, amount, Unit(unit), Rulebook().calendar).at
    more_time.require_may_wait(case, until, at=at)
    request = more_time.ask(case, Case.Asked.HOLD, by=by, reason=reason, at=at, amount=None, unit="", until=until)
    request.case = case
    if not more_time.decides(by):
        bookkeeping.enter(case, more_time.asked_line(request), at=at, changed=("asked",))
        return case
    more_time.decide(request, grant=True, reason=reason, by=by, at=at)
    begin_hold(case, request, at=at)
    return case
