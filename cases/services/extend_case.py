"""Ask for an extension of the deadline to resolve."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, more_time, policies
from cases.models import Case
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def extend_case(  # noqa: PLR0913 -- each is a part of what is asked
    case: Case,
    *,
    reason: str,
    by: Membership,
    amount: int | None = None,
    unit: str = "",
    until: datetime | None = None,
    at: datetime | None = None,
) -> Case:
    """Ask for more time (延期); a coordinator decides by `decide_extension`, and until then nothing moves.

    It is asked for before the deadline, once in each round, and within what the urgency allows. Raises ValidationError
    by field where it is not.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.EXTEND)
    more_time.require_span(amount, unit, until, at=at)
    due_at = case.resolve_due_at
    if due_at is None or due_at <= at:
        raise ValidationError(_("An extension is asked for before the deadline."), code="late")
    if case.time_requests.filter(kind=Case.Asked.EXTENSION, cycle=case.cycle, is_granted=True).exists():
        raise ValidationError(_("The deadline has been extended once; it is not extended again."), code="twice")
    calendar = Rulebook().calendar
    new = more_time.deadline_with(case, calendar, amount=amount, unit=unit, until=until, at=at)
    more_time.require_within_limit(case, due_at, new or due_at, calendar)
    request = more_time.ask(
        case, Case.Asked.EXTENSION, by=by, reason=reason, at=at, amount=amount, unit=unit, until=until
    )
    bookkeeping.enter(case, more_time.asked_line(request), at=at, changed=("asked",))
    return case
