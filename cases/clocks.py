"""The deadlines of a case: which rule counts, and the arithmetic, written down on the case when it is done."""

from collections.abc import Iterable
from datetime import datetime

from cases.deadlines import due
from cases.models import Case, DeadlineRule
from cases.rulebook import Rulebook
from cases.worktime import Unit, WorkCalendar

CLOCKS = {
    DeadlineRule.Clock.SIGN: "sign_due_at",
    DeadlineRule.Clock.CONTACT: "contact_due_at",
    DeadlineRule.Clock.RESOLVE: "resolve_due_at",
}
FIELDS = (*CLOCKS.values(), "due_is_provisional", "deadlines")


def pick(rules: Iterable[DeadlineRule], case: Case, clock: DeadlineRule.Clock) -> DeadlineRule | None:
    """Return the most specific rule that fits a case, or None when no rule does."""
    fitting = [rule for rule in rules if rule.clock == clock and _fits(rule, case)]
    return max(fitting, key=lambda rule: rule.rank, default=None)


def start_clocks(case: Case, rules: Rulebook, *, at: datetime) -> None:
    """Set the contact and resolve deadlines of a case that is opened at `at`; the caller saves `FIELDS`."""
    for clock in (DeadlineRule.Clock.CONTACT, DeadlineRule.Clock.RESOLVE):
        _start(case, clock, rules, at)


def start_sign_clock(case: Case, rules: Rulebook, *, at: datetime) -> None:
    """Set the deadline to sign for a case that is handed to a party at `at`; the caller saves `FIELDS`."""
    _start(case, DeadlineRule.Clock.SIGN, rules, at)


def _start(case: Case, clock: DeadlineRule.Clock, rules: Rulebook, at: datetime) -> None:
    scope = (clock, case.need_item_id, case.urgency, case.estate_id, case.area_id)
    if scope not in rules.chosen:
        rules.chosen[scope] = pick(rules.deadlines, case, clock)
    rule = rules.chosen[scope]
    if rule is None:
        stop(case, clock)
    else:
        set_clock(case, clock, rule.amount, Unit(rule.unit), rules.calendar, at=at, rule=rule)


def stop(case: Case, clock: DeadlineRule.Clock) -> None:
    """Take a deadline off the case."""
    setattr(case, CLOCKS[clock], None)
    case.deadlines.pop(clock, None)
    case.due_is_provisional = any(each["provisional"] for each in case.deadlines.values())


def set_clock(  # noqa: PLR0913 -- a span has an amount, a unit, a calendar and a start
    case: Case,
    clock: DeadlineRule.Clock,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    at: datetime,
    rule: DeadlineRule | None = None,
) -> None:
    """Write a deadline, the rule it comes from (None: set by hand) and its arithmetic on the case."""
    span = due(at, amount, unit, calendar)
    setattr(case, CLOCKS[clock], span.at)
    case.deadlines[clock] = {
        "rule": rule.pk if rule else None,
        "amount": amount,
        "unit": unit,
        "provisional": span.is_provisional,
        "steps": list(span.steps),
    }
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
