"""The deadlines of a case: which rule counts, and what each event does to them. Here and nowhere else.

What is written on a case per clock are facts: when it started, the amount of the rule, extensions and pauses. The
dates follow from them (`cases/deadlines.py`), so that each event has one effect:

event               clock             effect
------------------  ----------------  ------------------------------------------------------------------------------
opening             contact, resolve  start by the rules in force
handing over        sign              starts anew for the next party; the others run on
hold                contact, resolve  what still runs is paused; its date stays as it is until the hold ends
end of a hold       contact, resolve  what was left runs on from now; what was late when the hold began stays late
extension           resolve           the deadline reached so far moves on
re-classification   contact, resolve  the rule that fits now, from the same start, with the same extensions and pauses
reopening           contact, resolve  start anew by the rules in force, without extension or pause
void, taken back    contact, resolve  run on as if nothing had been; a hold it was in ends as any other does
sending back        resolve           runs on as if it had not stopped
calendar corrected  all               reckoned again from the same facts

What has stopped (signed, contacted, resolved) stays as it was, whatever comes after. The caller saves `FIELDS`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.deadlines import reckon
from cases.models import Case, DeadlineRule
from cases.rulebook import Rulebook
from cases.terms import Change, Extension, Pause, Term, facts_of, term_of
from cases.worktime import Unit, WorkCalendar

Clock = DeadlineRule.Clock

CLOCKS = {
    Clock.SIGN: "sign_due_at",
    Clock.CONTACT: "contact_due_at",
    Clock.RESOLVE: "resolve_due_at",
}
# What stops a clock; the deadline stays for everyone to see whether it was kept
STOPS = {
    Clock.SIGN: "signed_at",
    Clock.CONTACT: "contacted_at",
    Clock.RESOLVE: "resolved_at",
}
FROM_OPENING = (Clock.CONTACT, Clock.RESOLVE)  # the clocks that count from when the case is opened
FIELDS = (*CLOCKS.values(), "due_soon_at", "due_is_provisional", "deadlines")


def pick(rules: Iterable[DeadlineRule], case: Case, clock: DeadlineRule.Clock) -> DeadlineRule | None:
    """Return the most specific rule that fits a case, or None when no rule does."""
    fitting = [rule for rule in rules if rule.clock == clock and _fits(rule, case)]
    return max(fitting, key=lambda rule: rule.rank, default=None)


def start_clocks(case: Case, rules: Rulebook, *, at: datetime) -> None:
    """Start the contact and resolve clocks of a case that is opened at `at`, by the rules in force."""
    for clock in FROM_OPENING:
        _start(case, clock, rules, at)


def start_sign_clock(case: Case, rules: Rulebook, *, at: datetime) -> None:
    """Start the clock of a party to which the case is handed at `at`."""
    _start(case, Clock.SIGN, rules, at)


def stop(case: Case, clock: DeadlineRule.Clock) -> None:
    """Take a deadline off the case."""
    setattr(case, CLOCKS[clock], None)
    if clock == Clock.RESOLVE:
        case.due_soon_at = None
    case.deadlines.pop(clock, None)
    _note_provisional(case)


def set_clock(
    case: Case,
    clock: DeadlineRule.Clock,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    at: datetime,
) -> None:
    """Start a clock with a span that is set by hand, in place of what a rule says."""
    _write(case, clock, None, Term(at, amount, unit), calendar)


def pause(case: Case, *, at: datetime) -> None:
    """Hold the contact and resolve clocks that still run; their dates stay as they are until `resume`."""
    for clock in FROM_OPENING:
        if _runs(case, clock):
            term = term_of(case.deadlines[clock])
            case.deadlines[clock] |= facts_of(replace(term, changes=(*term.changes, Pause(at))))


def resume(case: Case, calendar: WorkCalendar, *, at: datetime) -> None:
    """End the pauses that run: what was left when they began runs on from `at`, and what was late stays late.

    That includes a clock that was stopped during the hold: whoever did it then was not late.
    """
    for clock in FROM_OPENING:
        if clock in case.deadlines:
            term = term_of(case.deadlines[clock])
            changes = tuple(_ended(change, at) for change in term.changes)
            if changes != term.changes:
                _write(case, clock, case.deadlines[clock]["rule"], replace(term, changes=changes), calendar)


def extend(
    case: Case,
    calendar: WorkCalendar,
    *,
    at: datetime,
    amount: int | None = None,
    unit: Unit | None = None,
    until: datetime | None = None,
) -> None:
    """Move the deadline to resolve, by an amount counted on from it or to `until`; granted at `at`.

    Raises ValidationError, on `until`, when that does not lie after the present deadline, and without a field when
    the case has no deadline.
    """
    reached, written = case.resolve_due_at, case.deadlines.get(Clock.RESOLVE)
    if reached is None or written is None:
        raise ValidationError(_("This case has no deadline that could be extended."), code="deadline")
    if until is not None and until <= reached:
        raise ValidationError({"until": ValidationError(_("This must lie after the present deadline."), code="until")})
    term = term_of(written)
    extended = replace(term, changes=(*term.changes, Extension(at, amount, unit, until)))
    _write(case, Clock.RESOLVE, written["rule"], extended, calendar)


def reclassify(case: Case, rules: Rulebook, *, since: datetime) -> None:
    """Set the contact and resolve clocks by the rules that fit now, from the same start, keeping all changes.

    `since` is when they started: when the case was opened, or reopened last. A clock that has stopped stays as it
    was, and so does the time to sign.
    """
    changes = {clock: _changes(case, clock) for clock in FROM_OPENING}
    for clock in FROM_OPENING:
        if getattr(case, STOPS[clock]) is None:
            _start(case, clock, rules, since, changes[clock])


def restart(case: Case, rules: Rulebook, *, at: datetime) -> None:
    """Start the contact and resolve clocks of a case that is reopened at `at` anew, by the rules in force.

    What was extended or paused before counts no more; it stays in the history.
    """
    start_clocks(case, rules, at=at)


def reckon_again(case: Case, calendar: WorkCalendar) -> bool:
    """Reckon every clock that has not stopped from its facts by this calendar; return whether a deadline moved."""
    before = due_dates(case)
    for clock in CLOCKS:
        if _runs(case, clock):
            written = case.deadlines[clock]
            _write(case, clock, written["rule"], term_of(written), calendar)
    return due_dates(case) != before


def due_dates(case: Case) -> dict[str, datetime | None]:
    """The deadline of each clock; None where there is none."""
    return {clock.value: getattr(case, field) for clock, field in CLOCKS.items()}


def _runs(case: Case, clock: DeadlineRule.Clock) -> bool:
    return clock in case.deadlines and getattr(case, STOPS[clock]) is None


def _changes(case: Case, clock: DeadlineRule.Clock) -> tuple[Change, ...]:
    """What has changed a clock; one that the case had no rule for has still been held whenever the case was."""
    if clock in case.deadlines:
        return term_of(case.deadlines[clock]).changes
    others = [term_of(case.deadlines[other]) for other in FROM_OPENING if other in case.deadlines]
    return tuple(change for other in others for change in other.changes if isinstance(change, Pause))


def _ended(change: Change, at: datetime) -> Change:
    return replace(change, until=at) if isinstance(change, Pause) and change.until is None else change


def _start(
    case: Case, clock: DeadlineRule.Clock, rules: Rulebook, at: datetime, changes: tuple[Change, ...] = ()
) -> None:
    scope = (clock, case.need_item_id, case.urgency, case.estate_id, case.area_id)
    if scope not in rules.chosen:
        rules.chosen[scope] = pick(rules.deadlines, case, clock)
    rule = rules.chosen[scope]
    if rule is None:
        stop(case, clock)
    else:
        _write(case, clock, rule.pk, Term(at, rule.amount, Unit(rule.unit), changes), rules.calendar)


def _write(case: Case, clock: DeadlineRule.Clock, rule: int | None, term: Term, calendar: WorkCalendar) -> None:
    """Write a deadline, the rule it comes from (None: set by hand), its facts and its arithmetic on the case."""
    found = reckon(term, calendar)
    setattr(case, CLOCKS[clock], found.at)
    if clock == Clock.RESOLVE:
        case.due_soon_at = found.soon_at
    case.deadlines[clock] = {
        "rule": rule,
        **facts_of(term),
        "soon_at": found.soon_at.isoformat(),
        "provisional": found.is_provisional,
        "steps": list(found.steps),
    }
    _note_provisional(case)


def _note_provisional(case: Case) -> None:
    case.due_is_provisional = any(each["provisional"] for each in case.deadlines.values())


def _fits(rule: DeadlineRule, case: Case) -> bool:
    item = case.need_item
    return (
        (rule.need_item_id is None or rule.need_item_id == case.need_item_id)
        and (rule.need_class_id is None or (item is not None and rule.need_class_id == item.need_class_id))
        and (not rule.urgency or rule.urgency == case.urgency)
        and (rule.estate_id is None or rule.estate_id == case.estate_id)
        and (rule.area is None or rule.area.contains(case.area_id))
    )
