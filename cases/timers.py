"""Statutory timers of a case: the one place that writes them and the soonest of their ends on the case.

They run beside the deadlines of the office: hold, extension and reopening of the case do not move them. A corrected
work calendar does, and takes their outermost end along: the article counts in the same days.
"""

from collections import defaultdict
from collections.abc import Sequence
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
DATES = ("due_at", "limit_at", "written")


def start(case: Case, rule: StatutoryRule, calendar: WorkCalendar, *, at: datetime) -> StatutoryTimer:
    """Set a timer running from a moment, with how far its article lets it be moved; the caller saves `FIELDS`."""
    unit = Unit(rule.unit)
    span = due(at, rule.amount, unit, calendar)
    # The article counts the whole from the beginning: 60 days and at most 30 more are at most 90.
    limit = due(at, rule.amount + (rule.extension_amount or 0), unit, calendar)
    timer = StatutoryTimer.objects.create(
        case=case,
        rule=rule,
        started_at=at,
        due_at=span.at,
        limit_at=limit.at,
        written=_written(span, amount=rule.amount, more=0, at_most=rule.extension_amount),
    )
    note(case)
    return timer


def extend(timer: StatutoryTimer, amount: int, calendar: WorkCalendar, *, at: datetime) -> None:
    """Move the end of a timer and save it. Raises ValidationError at `amount` where the article does not allow it."""
    article, at_most = timer.rule.article, timer.written["at_most"]
    if at_most is None:
        raise ValidationError({"amount": _("%(article)s allows no extension.") % {"article": article}})
    if timer.extended_at is not None:
        raise ValidationError({"amount": _("It has been extended once already.")})
    if not 1 <= amount <= at_most:
        allowed = _("%(article)s allows at most %(amount)d more.")
        raise ValidationError({"amount": allowed % {"article": article, "amount": at_most}})
    timer.extended_at = at
    timer.written["more"] = amount
    reckon(timer, calendar)
    timer.save(update_fields=[*DATES, "extended_at"])


def reckon(timer: StatutoryTimer, calendar: WorkCalendar) -> bool:
    """Reckon a timer from what is written on it, whatever its rule says by now; return whether its end has moved.

    The caller saves `DATES`.
    """
    amount, more, at_most = (timer.written[name] for name in ("amount", "more", "at_most"))
    unit, before = Unit(timer.rule.unit), timer.due_at
    span = due(timer.started_at, amount + more, unit, calendar)
    limit = due(timer.started_at, amount + (at_most or 0), unit, calendar)
    timer.due_at, timer.limit_at = span.at, limit.at
    timer.written = _written(span, amount=amount, more=more, at_most=at_most)
    return timer.due_at != before


def reckon_again(cases: Sequence[Case], calendar: WorkCalendar) -> dict[int, list[tuple[str, datetime, datetime]]]:
    """Have the running timers of these cases follow a changed calendar, and note them; the caller saves `FIELDS`.

    Return by the id of the case which rule has moved from when to when.
    """
    by_id = {case.pk: case for case in cases if case.has_timer}
    moved: dict[int, list[tuple[str, datetime, datetime]]] = defaultdict(list)
    if not by_id:
        return moved
    timers = list(StatutoryTimer.objects.running().filter(case__in=by_id).select_related("rule"))
    for timer in timers:
        before = timer.due_at
        if reckon(timer, calendar):
            moved[timer.case_id].append((timer.rule.code, before, timer.due_at))
    StatutoryTimer.objects.bulk_update(timers, DATES)
    for pk in moved:
        by_id[pk].timer_due_at = min(timer.due_at for timer in timers if timer.case_id == pk)
    return moved


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


def _written(span: Due, *, amount: int, more: int, at_most: int | None) -> dict[str, object]:
    facts = {"amount": amount, "more": more, "at_most": at_most}
    return {**facts, "provisional": span.is_provisional, "steps": list(span.steps)}
