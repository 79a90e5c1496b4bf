"""The deadlines of a case: which rule counts, and the arithmetic, written down on the case when it is done."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.deadlines import due
from cases.models import Case, DeadlineRule
from cases.work_calendar import load_work_calendar
from cases.worktime import Unit

CLOCKS = {
    DeadlineRule.Clock.SIGN: "sign_due_at",
    DeadlineRule.Clock.CONTACT: "contact_due_at",
    DeadlineRule.Clock.RESOLVE: "resolve_due_at",
}
FIELDS = (*CLOCKS.values(), "due_is_provisional", "deadlines")


def rules_in_force() -> list[DeadlineRule]:
    """All deadline rules, in one query."""
    return list(DeadlineRule.objects.select_related("area"))


def pick(rules: Iterable[DeadlineRule], case: Case, clock: DeadlineRule.Clock) -> DeadlineRule | None:
    """Return the most specific rule that fits a case, or None when no rule does."""
    fitting = [rule for rule in rules if rule.clock == clock and _fits(rule, case)]
    return max(fitting, key=lambda rule: rule.rank, default=None)


def start_clocks(case: Case, *, at: datetime, rules: Sequence[DeadlineRule] | None = None) -> None:
    """Set the contact and resolve deadlines of a case that is opened at `at`; the caller saves the case."""
    rules = rules_in_force() if rules is None else rules
    for clock in (DeadlineRule.Clock.CONTACT, DeadlineRule.Clock.RESOLVE):
        set_clock(case, clock, pick(rules, case, clock), at=at)


def start_sign_clock(case: Case, *, at: datetime) -> None:
    """Set the deadline to sign for a case that is handed to a party at `at`; the caller saves the case."""
    clock = DeadlineRule.Clock.SIGN
    set_clock(case, clock, pick(rules_in_force(), case, clock), at=at)


def set_clock(case: Case, clock: DeadlineRule.Clock, rule: DeadlineRule | None, *, at: datetime) -> None:
    """Write a deadline, the rule it comes from and its arithmetic on the case; without a rule there is none."""
    if rule is None:
        setattr(case, CLOCKS[clock], None)
        case.deadlines.pop(clock, None)
    else:
        span = due(at, rule.amount, Unit(rule.unit), load_work_calendar())
        setattr(case, CLOCKS[clock], span.at)
        case.deadlines[clock] = {
            "rule": rule.pk,
            "amount": rule.amount,
            "unit": rule.unit,
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
