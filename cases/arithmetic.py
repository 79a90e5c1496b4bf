"""The arithmetic of a deadline in words: from start to end, one line a step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.deadlines import Step
from cases.models import Case, DeadlineRule, StatutoryTimer
from cases.wording import clock_words, day_words, moment_words, weekday_words
from cases.worktime import Unit

Clock = DeadlineRule.Clock


@dataclass(frozen=True)
class Sum:
    """How a deadline was reckoned: lines of a label and a value, the last of them the result."""

    lines: list[tuple[str, str]]
    total: tuple[str, str]
    remarks: list[str]


def arithmetic(case: Case, clock: DeadlineRule.Clock) -> Sum | None:
    """Say how a deadline of the case came about; None when it has none."""
    written = case.deadlines.get(clock)
    if written is None:
        return None
    steps = [(Step(step["step"]), step) for step in written["steps"]]
    *lines, total = [_WORDS[kind](case, clock, step) for kind, step in steps if kind in _WORDS]
    return Sum(lines, total, _remarks(clock, written))


def amount_words(amount: int, unit: Unit) -> str:
    """A period in the unit it is counted in: 5 working days."""
    match unit:
        case Unit.HOUR:
            words = ngettext("%(count)d hour", "%(count)d hours", amount)
        case Unit.WORK_HOUR:
            words = ngettext("%(count)d working hour", "%(count)d working hours", amount)
        case Unit.WORKING_DAY:
            words = ngettext("%(count)d working day", "%(count)d working days", amount)
        case Unit.CALENDAR_DAY:
            words = ngettext("%(count)d calendar day", "%(count)d calendar days", amount)
    return words % {"count": amount}


_Line = tuple[str, str]
_Step = dict[str, Any]


def _start(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    moment = datetime.fromisoformat(step["at"])
    if clock == Clock.SIGN:
        label = _("Handed to the party")
    else:
        label = _("Reopened") if moment == case.reopened_at else _("Opened")
    return label, f"{weekday_words(timezone.localdate(moment))} {clock_words(moment)}"


def _amount(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    subject = [case.get_urgency_display()]
    if clock != Clock.SIGN and case.need_item is not None:
        subject.insert(0, str(case.need_item))
    return pgettext("between facts", " · ").join(subject), amount_words(step["amount"], Unit(step["unit"]))


def _count_from(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    if "at" in step:
        return _("Outside working hours; counted from"), moment_words(datetime.fromisoformat(step["at"]))
    return _("The day itself does not count; first day"), weekday_words(date.fromisoformat(step["date"]))


def _passed_over(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    days = ngettext("%(count)d day", "%(count)d days", step["days_off"]) % {"count": step["days_off"]}
    worked = [day_words(date.fromisoformat(day)) for day in step["make_up_days"]]
    if not worked:
        return _("Days off on the way"), days
    made_up = pgettext("between names", ", ").join(worked)
    return _("Days off on the way; %(days)s made up for") % {"days": made_up}, days


def _last_day(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    return _("Last day"), weekday_words(date.fromisoformat(step["date"]))


def _rolled_forward(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    return _("That is a day off; next working day"), weekday_words(date.fromisoformat(step["date"]))


def _end(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    by_the_day = case.deadlines[clock]["unit"] in (Unit.WORKING_DAY, Unit.CALENDAR_DAY)
    label = _("Close of business of that day") if by_the_day else _("So it ends")
    return label, moment_words(datetime.fromisoformat(step["at"]))


def _extended(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    granted = day_words(timezone.localdate(datetime.fromisoformat(step["at"])))
    if "amount" in step:
        amount = amount_words(step["amount"], Unit(step["unit"]))
        label = _("Extended by %(amount)s, granted %(day)s") % {"amount": amount, "day": granted}
    else:
        label = _("Extended, granted %(day)s") % {"day": granted}
    return label, moment_words(datetime.fromisoformat(step["end"]))


def _paused(case: Case, clock: DeadlineRule.Clock, step: _Step) -> _Line:
    since, until = (moment_words(datetime.fromisoformat(step[edge])) for edge in ("since", "until"))
    label = _("On hold %(since)s – %(until)s") % {"since": since, "until": until}
    return label, moment_words(datetime.fromisoformat(step["end"]))


def _remarks(clock: DeadlineRule.Clock, written: _Step) -> list[str]:
    remarks = [provisional_words(step["year"]) for step in written["steps"] if step["step"] == Step.PROVISIONAL]
    if written["rule"] is not None:
        rule = f"DL-{written['rule']:03}"
        if clock == Clock.SIGN:
            remarks.append(_("Rule %(rule)s.") % {"rule": rule})
        else:
            remarks.append(_("Rule %(rule)s; returning or reassigning does not reset it.") % {"rule": rule})
    else:
        remarks.append(_("Set by hand."))
    return remarks


def provisional_words(year: int) -> str:
    """Why a deadline may still move."""
    return _("Provisional: the days off of %(year)d are not announced yet.") % {"year": year}


_WORDS: dict[Step, Callable[[Case, DeadlineRule.Clock, _Step], _Line]] = {
    Step.START: _start,
    Step.AMOUNT: _amount,
    Step.COUNT_FROM: _count_from,
    Step.PASSED_OVER: _passed_over,
    Step.LAST_DAY: _last_day,
    Step.ROLLED_FORWARD: _rolled_forward,
    Step.END: _end,
    Step.EXTENDED: _extended,
    Step.PAUSED: _paused,
}


def timer_arithmetic(case: Case, timer: StatutoryTimer) -> Sum:
    """Say how the end of a statutory time limit of the case came about, and how far its article lets it be moved."""
    rule = timer.rule
    lines = []
    for step in timer.written["steps"]:
        match kind := Step(step["step"]):
            case Step.START:
                lines.append((_("Runs from"), moment_words(datetime.fromisoformat(step["at"]))))
            case Step.AMOUNT:
                lines.append((str(rule), amount_words(step["amount"], Unit(step["unit"]))))
            case Step.COUNT_FROM | Step.PASSED_OVER | Step.LAST_DAY | Step.ROLLED_FORWARD:
                lines.append(_WORDS[kind](case, Clock.RESOLVE, step))
    remarks = [provisional_words(step["year"]) for step in timer.written["steps"] if step["step"] == Step.PROVISIONAL]
    return Sum(lines, (_("So it ends"), moment_words(timer.due_at)), [*remarks, _limit(timer)])


def _limit(timer: StatutoryTimer) -> str:
    said = {"article": timer.rule.article, "limit": moment_words(timer.limit_at)}
    if timer.rule.extension_amount is None:
        return _("%(article)s; it allows no extension.") % said
    if timer.extended_at is not None:
        return _("%(article)s; extended once, and at the latest %(limit)s.") % said
    return _("%(article)s; at the latest %(limit)s.") % said
