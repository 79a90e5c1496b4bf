"""Fill in the rules of a fresh installation: deadlines, the ladder, levels of disputes, statutory time limits."""

from django.db import transaction

from cases.models import DeadlineRule, DisputeLevel, EscalationRule, Finding, StatutoryRule
from cases.models.rule import Unit
from cases.seed import statutory_limits
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
    (Finding.Kind.OVERDUE, 10, Unit.WORKING_DAY, Action.LIST),
    (Finding.Kind.UNSIGNED, 0, Unit.WORKING_DAY, Action.REMIND),
    (Finding.Kind.UNSIGNED, 1, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.UNCONTACTED, 0, Unit.WORKING_DAY, Action.REMIND),
    (Finding.Kind.DUE_SOON, 0, Unit.WORKING_DAY, Action.REMIND),
    (Finding.Kind.DISPUTED, 0, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.DISPUTED, 5, Unit.WORKING_DAY, Action.RAISE),
    (Finding.Kind.PING_PONG, 0, Unit.WORKING_DAY, Action.TELL_COORDINATOR),
    (Finding.Kind.STALLED, 0, Unit.WORKING_DAY, Action.REMIND),
    (Finding.Kind.STALLED, 3, Unit.WORKING_DAY, Action.RAISE),
    (Finding.Kind.UNATTENDED, 0, Unit.WORKING_DAY, Action.REMIND),
    (Finding.Kind.STATUTORY, 0, Unit.WORKING_DAY, Action.RAISE),
]

# Who settles a dispute, and how long each has; recommended, see docs/architecture.md
DISPUTE_LEVELS = [
    ("街道办事处（镇政府）", "Town office", 2),
    ("联席会议", "Joint meeting", 5),
    ("上一级提级办理", "Level above", 5),
]


@transaction.atomic
def seed_rules() -> int:
    """Write the default rules where there are none yet; rules that somebody has edited are left alone."""
    return _seed_deadlines() + _seed_ladder() + _seed_dispute_levels() + _seed_statutory()


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
    """Give each kind of fault its steps that has none at all yet: a later version may bring new kinds."""
    known = set(EscalationRule.objects.values_list("trigger", flat=True))
    steps = [
        EscalationRule(trigger=trigger, amount=amount, unit=unit, action=action)
        for trigger, amount, unit, action in LADDER
        if trigger not in known
    ]
    return len(EscalationRule.objects.bulk_create(steps))


def _seed_dispute_levels() -> int:
    if DisputeLevel.objects.exists():
        return 0
    levels = [
        DisputeLevel(position=position, name=name, name_en=name_en, amount=amount, unit=Unit.WORKING_DAY)
        for position, (name, name_en, amount) in enumerate(DISPUTE_LEVELS, start=1)
    ]
    return len(DisputeLevel.objects.bulk_create(levels))


def _seed_statutory() -> int:
    """Limits that are known stay as they are; a later version may bring others."""
    known = set(StatutoryRule.objects.values_list("code", flat=True))
    rules = [
        StatutoryRule(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            article=row["article"],
            amount=int(row["amount"]),
            unit=row["unit"],
            extension_amount=int(row["extension_amount"]) if row["extension_amount"] else None,
        )
        for row in statutory_limits()
        if row["code"] not in known
    ]
    return len(StatutoryRule.objects.bulk_create(rules))
