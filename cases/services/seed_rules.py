"""Fill in the deadline rules and the escalation ladder of a fresh installation."""

from django.db import transaction

from cases.models import DeadlineRule, EscalationRule, Finding
from cases.models.rule import Unit
from stakeholders.models import NeedItem
from stakeholders.models.need import Urgency
from stakeholders.seed import need_items

Clock = DeadlineRule.Clock
Action = EscalationRule.Action

# Time to sign for a case, by urgency; customary, see docs/architecture.md
SIGN = {
    Urgency.EMERGENCY: (1, Unit.HOUR),
    Urgency.URGENT: (2, Unit.HOUR),
    Urgency.GENERAL: (2, Unit.WORK_HOUR),
    Urgency.COMPLEX: (4, Unit.WORK_HOUR),
    Urgency.PROJECT: (1, Unit.WORKING_DAY),
}
# Whatever no other rule fits, such as a matter that is not classified yet
RESOLVE_ANYTHING = (15, Unit.CALENDAR_DAY)

LADDER = [
    (Finding.Kind.VACUUM, 0, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.VACUUM, 2, Unit.WORKING_DAY, Action.RAISE),
    (Finding.Kind.MULTI_HEAD, 0, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.MULTI_HEAD, 2, Unit.WORKING_DAY, Action.RAISE),
    (Finding.Kind.BACKSTOP, 0, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.UNLOCATED, 1, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.UNLOCATED, 3, Unit.WORKING_DAY, Action.RAISE),
    (Finding.Kind.OVERDUE, 0, Unit.WORKING_DAY, Action.REMIND),
    (Finding.Kind.OVERDUE, 1, Unit.WORKING_DAY, Action.RAISE),
    (Finding.Kind.OVERDUE, 3, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
]


@transaction.atomic
def seed_rules() -> int:
    """Write the default rules where there are none yet; rules that somebody has edited are left alone."""
    return _seed_deadlines() + _seed_ladder()


def _seed_deadlines() -> int:
    if DeadlineRule.objects.exists():
        return 0
    items = {item.code: item for item in NeedItem.objects.all()}
    rules = [
        DeadlineRule(clock=Clock.SIGN, urgency=urgency, amount=amount, unit=unit)
        for urgency, (amount, unit) in SIGN.items()
    ]
    for row in need_items():
        for clock, step in ((Clock.CONTACT, "contact"), (Clock.RESOLVE, "resolve")):
            amount, unit = int(row[f"{step}_amount"]), row[f"{step}_unit"]
            rules.append(DeadlineRule(clock=clock, need_item=items[row["code"]], amount=amount, unit=unit))
    amount, unit = RESOLVE_ANYTHING
    rules.append(DeadlineRule(clock=Clock.RESOLVE, amount=amount, unit=unit))
    return len(DeadlineRule.objects.bulk_create(rules))


def _seed_ladder() -> int:
    if EscalationRule.objects.exists():
        return 0
    steps = [
        EscalationRule(trigger=trigger, amount=amount, unit=unit, action=action)
        for trigger, amount, unit, action in LADDER
    ]
    return len(EscalationRule.objects.bulk_create(steps))
