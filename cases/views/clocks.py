"""All clocks of a case as its page shows them: deadlines, dispute, hold, requests for more time, laws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.arithmetic import Sum, arithmetic, timer_arithmetic
from cases.models import Case, CaseEvent, DeadlineRule, Dispute, StatutoryTimer, TimeRequest
from cases.timeline import Entry
from cases.watch import Reading, Watch
from cases.wording import moment_words, span_words, work_words
from cases.worktime import IN_WORKING_TIME, Unit

Clock = DeadlineRule.Clock
Kind = CaseEvent.Kind


@dataclass(frozen=True)
class ShownClock:
    """One deadline with how it stands, how it was reckoned, and what there is to know of it."""

    label: str
    reading: Reading
    sum: Sum | None = None
    is_open: bool = False  # whether the arithmetic is unfolded
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class ShownHold:
    """Until when a case is set aside, why, and who granted it."""

    until: str
    request: TimeRequest | None


@dataclass(frozen=True)
class Asked:
    """What waits to be decided: the sentence of the request and its reason."""

    sentence: SafeString
    reason: str


def deadlines(case: Case, watch: Watch) -> list[ShownClock]:
    """The deadline to resolve first and, while it runs, with its arithmetic open; then the others."""
    shown = []
    for clock in (Clock.RESOLVE, Clock.CONTACT, Clock.SIGN):
        if (reading := watch.read(case, clock)) is not None:
            is_open = clock == Clock.RESOLVE and case.is_open
            shown.append(ShownClock(str(clock.label), reading, arithmetic(case, clock), is_open))
    return shown


def dispute(case: Case, entries: Iterable[Entry], watch: Watch) -> ShownClock | None:
    """The clock of the open dispute, with the levels that have not settled it; None where there is none. A query."""
    if case.responsibility != Case.Responsibility.DISPUTED:
        return None
    found = Dispute.objects.open().filter(case=case).select_related("level").first()
    if found is None:
        return None
    remarks = [_("Disputed since %(since)s.") % {"since": moment_words(found.opened_at)}]
    if found.level is not None:
        remarks.append(
            _("%(level)s has it since %(since)s.") % {"level": found.level, "since": moment_words(found.level_since)}
        )
    remarks += [
        entry.sentence
        for entry in entries
        if entry.event.kind == Kind.DISPUTE_RAISED and entry.event.at >= found.opened_at
    ]
    return ShownClock(_("Settle the dispute"), _reading(watch, found.level_due_at, _unit_of(found)), remarks=remarks)


def timers(case: Case, watch: Watch) -> list[ShownClock]:
    """The statutory time limits, those that run first. One query."""
    found = StatutoryTimer.objects.filter(case=case).select_related("rule")
    return [
        ShownClock(
            str(timer.rule),
            _reading(watch, timer.due_at, timer.rule.unit, timer.stopped_at),
            timer_arithmetic(case, timer),
        )
        for timer in sorted(found, key=lambda each: (each.stopped_at is not None, each.due_at))
    ]


def hold(case: Case, requests: Sequence[TimeRequest]) -> ShownHold | None:
    """The hold that lasts; `requests` are those of the case, the latest first."""
    if case.stage != Case.Stage.ON_HOLD or case.hold_until is None:
        return None
    granted = (each for each in requests if each.kind == Case.Asked.HOLD and each.is_granted)
    return ShownHold(moment_words(case.hold_until), next(granted, None))


def asked(case: Case, entries: Iterable[Entry]) -> Asked | None:
    """The request that waits, as the story, newest first, tells it."""
    if not case.asked:
        return None
    return next((Asked(each.sentence, each.quotation) for each in entries if each.event.kind == Kind.ASKED), None)


def _unit_of(found: Dispute) -> str:
    return found.level.unit if found.level else Unit.WORKING_DAY


def _reading(watch: Watch, due_at: datetime | None, unit: str, stopped_at: datetime | None = None) -> Reading:
    """How a clock stands that is none of the deadlines of the office."""
    if due_at is None:
        text = _("no level above")
        return Reading("", text, text, None)
    at = stopped_at or watch.now
    over = at > due_at
    since, until = (due_at, at) if over else (at, due_at)
    worked = watch.worked(since, until)
    span = {"span": work_words(worked, watch.calendar) if unit in IN_WORKING_TIME else span_words(until - since)}
    if stopped_at is not None:
        text = _("Late by %(span)s") % span if over else _("In time, %(span)s early") % span
        return Reading("late" if over else "done", text, text, due_at)
    if over:
        text = _("Overdue by %(span)s") % span
        return Reading("over", text, text, due_at)
    text = _("%(span)s left") % span
    return Reading("soon" if worked <= watch.calendar.working_day_length else "", text, text, due_at)
