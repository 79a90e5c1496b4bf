"""Statutory timers of a case: the one place that writes them and the soonest of their ends on the case.

They run beside the deadlines of the office: hold, extension and reopening of the case do not move them.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils.translation import gettext as _

from cases.deadlines import Due, due
from cases.history import Line
from cases.models import Case, CaseEvent, StatutoryRule, StatutoryTimer
from cases.worktime import Unit, WorkCalendar
from stakeholders.models import Membership

FIELDS = ("timer_due_at",)


def start(case: Case, rule: StatutoryRule, calendar: WorkCalendar, *, at: datetime) -> StatutoryTimer:
    """Set a timer running from a moment, with how far its article lets it be moved; the caller saves `FIELDS`."""
    unit = Unit(rule.unit)
    span = due(at, rule.amount, unit, calendar)
    # The article counts the whole from the beginning: 60 days and at most 30 more are at most 90.
    limit = due(at, rule.amount + (rule.extension_amount or 0), unit, calendar)
    timer = StatutoryTimer.objects.create(
        case=case, rule=rule, started_at=at, due_at=span.at, limit_at=limit.at, written=_written(span)
    )
    note(case)
    return timer


def extend(timer: StatutoryTimer, amount: int, calendar: WorkCalendar, *, at: datetime) -> None:
    """Move the end of a timer and save it. Raises ValidationError at `amount` where the article does not allow it."""
    rule = timer.rule
    if rule.extension_amount is None:
        raise ValidationError({"amount": _("%(article)s allows no extension.") % {"article": rule.article}})
    if timer.extended_at is not None:
        raise ValidationError({"amount": _("It has been extended once already.")})
    if not 1 <= amount <= rule.extension_amount:
        allowed = _("%(article)s allows at most %(amount)d more.")
        raise ValidationError({"amount": allowed % {"article": rule.article, "amount": rule.extension_amount}})
    span = due(timer.started_at, rule.amount + amount, Unit(rule.unit), calendar)
    timer.due_at, timer.written, timer.extended_at = min(span.at, timer.limit_at), _written(span), at
    timer.save(update_fields=["due_at", "written", "extended_at"])


def stop(timer: StatutoryTimer, *, by: Membership | None, at: datetime, reason: str = "") -> Line:
    """Stop a timer and save it; the caller notes it on the case."""
    timer.stopped_at = max(at, timer.started_at)
    timer.save(update_fields=["stopped_at"])
    details = {"timer": timer.rule.code, "due_at": timer.due_at, "late": at > timer.due_at}
    return Line(CaseEvent.Kind.TIMER_STOPPED, at, by, details | ({"reason": reason} if reason else {}))


def stop_all(case: Case, *, by: Membership, at: datetime) -> list[Line]:
    """Stop whatever runs for a case that ends: there is nobody left who could; the caller saves `FIELDS`."""
    if not case.has_timer:
        return []
    case.timer_due_at = None
    return [stop(timer, by=by, at=at) for timer in case.timers.running().select_related("rule")]


def running(case: Case, rule: StatutoryRule) -> StatutoryTimer:
    """The timer of a rule that runs for a case; raises ValidationError where none does."""
    timer = case.timers.running().filter(rule=rule).select_related("rule").first()
    if timer is None:
        raise ValidationError({"rule": _("This time limit does not run for the case.")})
    return timer


def note(case: Case) -> None:
    """Keep the end of the timer that ends first on the case; the caller saves `FIELDS`."""
    case.timer_due_at = case.timers.running().aggregate(soonest=Min("due_at"))["soonest"]


def _written(span: Due) -> dict[str, object]:
    return {"provisional": span.is_provisional, "steps": list(span.steps)}
