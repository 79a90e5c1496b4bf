"""Disputes: opening them on the second return, and raising them to the next level. They end in `bookkeeping`."""

from collections.abc import Sequence
from datetime import datetime

from cases import findings, routing
from cases.deadlines import due
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Dispute, DisputeLevel, Finding
from cases.rulebook import Rulebook
from cases.worktime import Unit
from stakeholders.models import Party

RETURNS_TO_DISPUTE = 2


def is_to_be_disputed(case: Case) -> bool:
    """Say whether a case has been returned for the second time since its clocks began."""
    returned = case.custodies.filter(ending=Custody.Ending.RETURNED, until__gte=case.cycle_began_at)
    return returned.count() >= RETURNS_TO_DISPUTE


def open_dispute(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Set the clock of a dispute running beside that of the case, which goes on with the first receiver (首接负责制).

    Whoever could be the first receiver and is closed down by now is passed over; where there is none, nobody has the
    case, and the dispute says so. The caller saves `routing.FIELDS`.
    """
    level = next(iter(rules.levels), None)
    due_at = _due(level, rules, at)
    Dispute.objects.create(case=case, opened_at=at, level=level, level_since=at, level_due_at=due_at)
    case.responsibility = Case.Responsibility.DISPUTED
    said = [each.party.code for each in case.stances.standing().select_related("party")]
    findings.open_all([Fault(case, Finding.Kind.DISPUTED, at, {"parties": said})], rules, at=at)
    details = {"parties": said, "level": level.name if level else None, "due_at": due_at}
    if (first := first_receiver(case, at=at)) is not None:
        routing.assign(case, first, rules, at=at)
        details["lead"] = first.code
    return [Line(CaseEvent.Kind.DISPUTE_OPENED, at, details=details)]


def go_on(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Find whoever has a disputed case meanwhile when its holder is gone; the caller saves `routing.FIELDS`."""
    if (first := first_receiver(case, at=at)) is None:
        return []
    routing.assign(case, first, rules, at=at)
    return [Line(CaseEvent.Kind.ASSIGNED, at, details={"lead": first.code, "meanwhile": True})]


def raise_dispute(dispute: Dispute, rules: Rulebook, *, at: datetime) -> Line:
    """Take a dispute to the next level, whose time begins now; after the last one its clock has no more to say."""
    position = dispute.level.position if dispute.level else -1
    above = next((each for each in rules.levels if each.position > position), None)
    before, dispute.level_since = dispute.level, at
    dispute.level, dispute.level_due_at = above or before, _due(above, rules, at)
    details = {
        "from": before.name if before else None,
        "level": above.name if above else None,
        "due_at": dispute.level_due_at,
    }
    return Line(CaseEvent.Kind.DISPUTE_RAISED, at, details=details)


def reckon_again(cases: Sequence[Case], rules: Rulebook) -> int:
    """Have the clocks of disputes on these cases follow a changed calendar; return how many moved."""
    disputes = Dispute.objects.open().filter(case__in=cases, level_due_at__isnull=False).select_related("level")
    moved = []
    for dispute in disputes:
        before, dispute.level_due_at = dispute.level_due_at, _due(dispute.level, rules, dispute.level_since)
        if dispute.level_due_at != before:
            moved.append(dispute)
    Dispute.objects.bulk_update(moved, ["level_due_at"])
    return len(moved)


def _due(level: DisputeLevel | None, rules: Rulebook, at: datetime) -> datetime | None:
    return due(at, level.amount, Unit(level.unit), rules.calendar).at if level else None


def first_receiver(case: Case, *, at: datetime) -> Party | None:
    """Who had the case first in this round and is not closed down; None where there is nobody."""
    led = case.custodies.filter(role=Custody.Role.LEAD, since__gte=case.cycle_began_at).select_related("party")
    standing = (each.party for each in led.order_by("since", "pk"))
    return next((party for party in standing if party.is_working(at)), None)
