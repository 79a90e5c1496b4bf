"""Find cases whose person in charge has left."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases import bookkeeping, findings
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Finding
from cases.rulebook import Rulebook
from stakeholders.models import Membership

BATCH = 500


def sweep_unattended(*, at: datetime | None = None) -> int:
    """Take whoever has left off their open cases, and open a finding on each; return how many there were.

    Somebody has left whose membership has ended, or who may not sign in any more. Works in batches of their own
    transactions; any number may run at once.
    """
    at = at or timezone.now()
    rules = Rulebook()
    cleared = 0
    while newly := _clear_batch(rules, at):
        cleared += newly
    return cleared


@transaction.atomic
def _clear_batch(rules: Rulebook, at: datetime) -> int:
    left = Membership.objects.filter(Q(until__lte=at) | Q(user__is_active=False))
    unattended = Case.objects.open().filter(in_charge__in=left, lead__isnull=False).order_by("pk")
    locked = unattended.select_for_update(of=("self",), skip_locked=True)
    cases = list(locked.select_related("lead", "in_charge__user").defer("description", "search_text")[:BATCH])
    if not cases:
        return 0
    lines = {case.pk: [_left(case, at)] for case in cases}
    for case in cases:
        case.in_charge = None
    at_work = [case for case in cases if case.resolved_at is None]
    faults = [Fault(case, Finding.Kind.UNATTENDED, at, {"party": case.lead.code}) for case in at_work if case.lead]
    findings.open_all(faults, rules, at=at)
    for fault in faults:
        lines[fault.case.pk].append(fault.line(at))
    bookkeeping.enter_all([(case, lines[case.pk]) for case in cases], at=at, changed=("in_charge",), rules=rules)
    return len(cases)


def _left(case: Case, at: datetime) -> Line:
    assert case.in_charge is not None  # noqa: S101 -- that is how it was found
    return Line(CaseEvent.Kind.LEFT, at, details={"person": case.in_charge.user.name})
