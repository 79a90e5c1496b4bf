"""When a fault stands: one rule a kind, over the case alone.

A finding is open exactly as long as its rule holds. What time alone brings has a moment at which it begins; the case
keeps the next of these moments (`next_check_at`), so that a sweep is one look into one index, however many cases there
are and whatever can go wrong with them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from cases.models import Case, Finding
from cases.workflow import OPEN, UNSOLVED, WITH_LEAD, Stage

Kind = Finding.Kind

# A week without a hand of its party on it: weekly is how often offices go through their ledgers (台账).
STALLED_AFTER = timedelta(days=7)
# Returned or handed on so often is 踢皮球; the second return opens a dispute, the third change of hands is a fault.
PING_PONG_FROM = 3

UNOWNED = (Kind.VACUUM, Kind.MULTI_HEAD, Kind.BACKSTOP, Kind.UNLOCATED)


def _unsolved(case: Case) -> bool:
    return case.stage in UNSOLVED and case.resolved_at is None


def _sign(case: Case) -> datetime | None:
    return case.sign_due_at if case.stage == Stage.DISPATCHED else None


def _contact(case: Case) -> datetime | None:
    return case.contact_due_at if _unsolved(case) and case.contacted_at is None else None


def _soon(case: Case) -> datetime | None:
    return case.due_soon_at if _unsolved(case) else None


def _overdue(case: Case) -> datetime | None:
    return case.resolve_due_at if _unsolved(case) else None


def _stalled(case: Case) -> datetime | None:
    return (case.acted_at or case.cycle_began_at) + STALLED_AFTER if case.stage in WITH_LEAD else None


def _statutory(case: Case) -> datetime | None:
    return case.timer_due_at


# What time brings: from when a fault of the kind stands; None is never, as the case is now
BEGINS: dict[Finding.Kind, Callable[[Case], datetime | None]] = {
    Kind.UNSIGNED: _sign,
    Kind.UNCONTACTED: _contact,
    Kind.DUE_SOON: _soon,
    Kind.OVERDUE: _overdue,
    Kind.STALLED: _stalled,
    Kind.STATUTORY: _statutory,
}


def next_check(case: Case) -> datetime | None:
    """The next moment at which time brings something: a fault, or the end of a hold."""
    moments = [moment for begins in BEGINS.values() if (moment := begins(case)) is not None]
    if case.stage == Stage.ON_HOLD and case.hold_until is not None:
        moments.append(case.hold_until)
    since = case.checked_at
    return min((moment for moment in moments if since is None or moment >= since), default=None)


def brought_by(case: Case, at: datetime) -> Iterator[tuple[Finding.Kind, datetime]]:
    """The faults that stand at a moment because time has passed, each with its beginning."""
    for kind, begins in BEGINS.items():
        began = begins(case)
        if began is not None and began < at and not (kind == Kind.DUE_SOON and _is_past(case, at)):
            yield kind, began


def stands(finding: Finding, case: Case, at: datetime) -> bool:
    """Say whether what an open finding says is still so."""
    kind = Kind(finding.kind)
    if kind in BEGINS:
        return kind in dict(brought_by(case, at))
    if kind == Kind.PING_PONG:
        return is_ping_pong(case)
    if kind == Kind.UNATTENDED:
        return (
            case.stage in WITH_LEAD | {Stage.ON_HOLD}
            and case.in_charge_id is None
            and case.lead is not None
            and case.lead.code == finding.evidence.get("party")
        )
    return case.stage in OPEN and case.responsibility == kind


def is_ping_pong(case: Case) -> bool:
    """Say whether a case has gone back and forth too often in this round and nobody has ruled on it."""
    passed = case.returns + case.handoffs - case.passed_before
    return _unsolved(case) and case.ruled_at is None and passed >= PING_PONG_FROM


def _is_past(case: Case, at: datetime) -> bool:
    return case.resolve_due_at is not None and case.resolve_due_at < at
