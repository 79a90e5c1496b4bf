"""Flag what has fallen due."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import findings, history
from cases.findings import Fault
from cases.models import Case, Finding
from cases.rulebook import Rulebook

BATCH = 500


def sweep_overdue(*, at: datetime | None = None) -> int:
    """Open a finding on every case whose deadline to resolve has passed; return how many were newly flagged.

    Works in batches of their own transactions: a sweep that dies keeps what it has done and the next one goes on.
    Any number may run at once: a batch passes over the cases that another one holds.
    """
    at = at or timezone.now()
    flagged = 0
    rules = Rulebook()
    while newly := _flag_batch(rules, at):
        flagged += newly
    return flagged


@transaction.atomic
def _flag_batch(rules: Rulebook, at: datetime) -> int:
    due = Case.objects.overdue(at).filter(overdue_flagged_at__isnull=True).order_by("resolve_due_at")
    cases = list(due.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    if not cases:
        return 0
    for case in cases:
        case.overdue_flagged_at = at
    faults = [Fault(case, Finding.Kind.OVERDUE, case.resolve_due_at or at) for case in cases]
    lines = findings.open_all(faults, rules, at=at)
    history.record_many([(case, [lines[case]]) for case in cases], changed=("overdue_flagged_at",))
    return len(cases)
