"""Asking for more time and deciding on it: the one place that writes requests."""

from copy import copy, deepcopy
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases import clocks
from cases.deadlines import due
from cases.history import Line
from cases.models import Case, CaseEvent, TimeRequest
from cases.worktime import Unit, WorkCalendar
from stakeholders.models import Membership
from stakeholders.models.need import Urgency
from stakeholders.roles import Permission

# By how much a deadline may be extended, once in each round; customary in city hotlines (Shandong: at most 10 working
# days). Emergencies are not extended: they end with a report that the danger is contained. None is without a limit.
EXTENSION_AT_MOST: dict[str, tuple[int, Unit] | None] = {
    Urgency.URGENT: (3, Unit.CALENDAR_DAY),
    Urgency.GENERAL: (5, Unit.WORKING_DAY),
    Urgency.COMPLEX: (10, Unit.WORKING_DAY),
    Urgency.PROJECT: None,
}

# For how long a case may be set aside at a time; for longer it is set aside again, with a reason of its own.
HOLD_AT_MOST = timedelta(days=183)

MOST = 9_999  # of any unit: more is a slip of the finger, and ends past what a calendar holds


def decides(by: Membership) -> bool:
    """Say whether somebody decides what others ask for."""
    return by.allows(Permission.ASSIGN_CASE)


def ask(  # noqa: PLR0913 -- each is a part of what is asked
    case: Case,
    kind: Case.Asked,
    *,
    by: Membership,
    reason: str,
    at: datetime,
    amount: int | None,
    unit: str,
    until: datetime | None,
) -> TimeRequest:
    """Write down what is asked for; the caller saves `asked`."""
    case.asked = kind
    return TimeRequest.objects.create(
        case=case,
        kind=kind,
        cycle=case.cycle,
        amount=amount,
        unit=unit,
        until=until,
        reason=reason,
        asked_at=at,
        asked_by=by,
    )


def decide(request: TimeRequest, *, grant: bool, reason: str, by: Membership, at: datetime) -> None:
    """Write down what was decided; the caller saves `asked` of the case, and does what was granted."""
    request.case.asked = ""
    request.is_granted, request.decision, request.decided_by, request.decided_at = grant, reason, by, at
    request.save(update_fields=["is_granted", "decision", "decided_by", "decided_at"])


def is_moot(case: Case) -> bool:
    """Say whether more time is asked for that the case has no use for any more: nobody handles it by now."""
    return bool(case.asked) and case.stage != Case.Stage.HANDLING


def lapse(case: Case, *, at: datetime) -> Line:
    """Refuse, without a person, what nobody can decide any more; the caller saves `asked`."""
    request = pending(case)
    case.asked = ""
    request.is_granted, request.decided_at = False, max(at, request.asked_at)
    request.save(update_fields=["is_granted", "decided_at"])
    return Line(
        CaseEvent.Kind.REFUSED, at, details={**_said(request), "party": request.asked_by.party.code, "lapsed": True}
    )


def pending(case: Case) -> TimeRequest:
    """The request that waits to be decided; there is one where `asked` says so."""
    request = case.time_requests.pending().select_related("asked_by__party", "asked_by__user").get()
    request.case = case
    return request


def deadline_with(
    case: Case, calendar: WorkCalendar, *, amount: int | None, unit: str, until: datetime | None, at: datetime
) -> datetime | None:
    """The deadline to resolve as it would be if this were granted; the case stays as it is.

    Raises ValidationError where it would not be later.
    """
    trial = copy(case)
    trial.deadlines = deepcopy(case.deadlines)
    clocks.extend(trial, calendar, at=at, amount=amount, unit=Unit(unit) if unit else None, until=until)
    return trial.resolve_due_at


def asked_line(request: TimeRequest) -> Line:
    """What goes into the history when more time is asked for."""
    return Line(CaseEvent.Kind.ASKED, request.asked_at, request.asked_by, {**_said(request), "reason": request.reason})


def decided_line(request: TimeRequest, kind: CaseEvent.Kind, **details: object) -> Line:
    """What goes into the history when it is decided: what was asked for, by whom, and why so."""
    assert request.decided_at is not None  # noqa: S101 -- it was decided just now
    asked_by = request.asked_by.party.code
    said = {**_said(request), "party": asked_by, "reason": request.decision, **details}
    return Line(kind, request.decided_at, request.decided_by, said)


def _said(request: TimeRequest) -> dict[str, object]:
    return {"request": request.kind, "amount": request.amount, "unit": request.unit, "until": request.until}


def require_span(amount: int | None, unit: str, until: datetime | None, *, at: datetime) -> None:
    """Raise ValidationError unless just one of an amount with its unit and a moment ahead is given."""
    if (until is None) == (amount is None):
        raise ValidationError({"until": _("Say until when, or for how long.")})
    if until is not None and until <= at:
        raise ValidationError({"until": _("That is past already.")})
    if until is not None and until > at + timedelta(days=MOST):
        raise ValidationError({"until": _("That is too far ahead; %(most)d days are the most.") % {"most": MOST}})
    if amount is None and unit:
        raise ValidationError({"unit": _("Without an amount nothing is counted.")})
    if amount is not None and unit not in list(Unit):
        raise ValidationError({"unit": _("Say what the amount is counted in.")})
    if amount is not None and not 1 <= amount <= MOST:
        raise ValidationError({"amount": _("Give a number from 1 to %(most)d.") % {"most": MOST}})


def require_may_wait(case: Case, until: datetime | None, *, at: datetime) -> None:
    """Raise ValidationError for a case that cannot be set aside, or not that long: it would be forgotten."""
    if case.urgency not in EXTENSION_AT_MOST:
        raise ValidationError(_("An emergency is not put on hold."), code="emergency")
    if until is not None and until - at > HOLD_AT_MOST:
        raise ValidationError({"until": _("A case is put on hold for half a year at most; then decide again.")})


def require_within_limit(case: Case, due_at: datetime, new: datetime, calendar: WorkCalendar) -> None:
    """Raise ValidationError where a deadline moves from `due_at` further than cases of this urgency allow."""
    if case.urgency not in EXTENSION_AT_MOST:
        raise ValidationError({"until": _("An emergency is not extended.")})
    limit = EXTENSION_AT_MOST[case.urgency]
    if limit is not None and new > due(due_at, *limit, calendar).at:
        raise ValidationError({"until": _("That is more than cases of this urgency may be extended by.")})
