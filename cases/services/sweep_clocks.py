"""Find what time has brought: what was not signed for, not answered, falls due, is overdue, lies still."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, clocks, faults, findings, history
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Finding
from cases.rulebook import Rulebook
from stakeholders.models import Party

BATCH = 2000
OF_THE_LEAD = (Finding.Kind.UNSIGNED, Finding.Kind.STALLED)  # whose fault it is is part of the evidence
CHECKED = ("checked_at", "next_check_at")
RESUMED = ("stage", "hold_until", *clocks.FIELDS)
# What rules about time look at; the rest of a case is long
READ = (
    "number",
    "stage",
    "responsibility",
    "lead",
    "in_charge",
    "returns",
    "handoffs",
    "passed_before",
    "reported_at",
    "opened_at",
    "contacted_at",
    "resolved_at",
    "reopened_at",
    "ruled_at",
    "hold_until",
    "acted_at",
    "sign_due_at",
    "contact_due_at",
    "due_soon_at",
    "resolve_due_at",
    "timer_due_at",
    *history.LINKED,
)


def sweep_clocks(*, at: datetime | None = None) -> int:
    """Open a finding for each fault that time has brought, clear what time has ended; return how many were opened.

    Also ends holds whose time is over. Works in batches of their own transactions: a sweep that dies keeps what it has
    done and the next one goes on. Any number may run at once: a batch passes over the cases that another one holds.
    """
    at = at or timezone.now()
    rules = Rulebook()
    while _end_holds(rules, at):
        pass
    opened = 0
    while (newly := _check_batch(rules, at)) is not None:
        opened += newly
    return opened


@transaction.atomic
def _end_holds(rules: Rulebook, at: datetime) -> int:
    """Resume some of what was put on hold until now; the clocks go on with what was left of them."""
    over = Case.objects.to_check(at).filter(stage=Case.Stage.ON_HOLD, hold_until__lt=at)
    locked = over.select_for_update(of=("self",), skip_locked=True)
    cases = list(locked.select_related("lead").defer("description", "search_text")[:BATCH])
    for case in cases:
        clocks.resume(case, rules.calendar, at=case.hold_until or at)
        case.stage, case.hold_until = Case.Stage.HANDLING, None
        case.acted_at = at  # nobody could work on it meanwhile
    resumed = [(case, [Line(CaseEvent.Kind.RESUMED, at, details={"due_at": case.resolve_due_at})]) for case in cases]
    bookkeeping.enter_all(resumed, at=at, changed=RESUMED, rules=rules)
    return len(cases)


@transaction.atomic
def _check_batch(rules: Rulebook, at: datetime) -> int | None:
    """Look at some cases; return how many findings were opened, None when there was no case to look at."""
    due = Case.objects.to_check(at).exclude(stage=Case.Stage.ON_HOLD, hold_until__lt=at)
    locked = due.select_for_update(of=("self",), skip_locked=True)
    cases = list(locked.only(*READ)[:BATCH])
    if not cases:
        return None
    review = findings.review(cases, at=at)
    newly = [
        (case, kind, began)
        for case in cases
        for kind, began in faults.brought_by(case, at)
        if (case.pk, kind) not in review.open
    ]
    codes = _codes_of_leads(case for case, kind, _began in newly if kind in OF_THE_LEAD)
    found = [
        Fault(case, kind, began, {"party": codes[case.lead_id]} if kind in OF_THE_LEAD else {})
        for case, kind, began in newly
    ]
    findings.open_all(found, rules, at=at)
    lines = {case.pk: list(review.lines.get(case.pk, ())) for case in cases}
    for fault in found:
        lines[fault.case.pk].append(fault.line(at))
    for case in cases:
        case.checked_at = at
        case.next_check_at = faults.next_check(case)
    history.record_many([(case, lines[case.pk]) for case in cases], changed=CHECKED, is_shown=False)
    return len(found)


def _codes_of_leads(cases: Iterable[Case]) -> dict[int | None, str]:
    """Who has the cases that stand still or are not signed for."""
    leads = {case.lead_id for case in cases if case.lead_id}
    return dict(Party.objects.filter(pk__in=leads).values_list("pk", "code")) if leads else {}
