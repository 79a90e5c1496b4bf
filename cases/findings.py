"""Opening and clearing faults: the one place that writes findings and lays out the ladder for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.deadlines import due
from cases.history import Line
from cases.models import Case, CaseEvent, Escalation, EscalationRule, Finding
from cases.rulebook import Rulebook
from cases.worktime import Unit

UNOWNED = (Finding.Kind.VACUUM, Finding.Kind.MULTI_HEAD, Finding.Kind.BACKSTOP, Finding.Kind.UNLOCATED)


@dataclass(frozen=True)
class Fault:
    """A fault to be opened: since when it stands, and what shows it."""

    case: Case
    kind: Finding.Kind
    since: datetime
    evidence: dict[str, Any] = field(default_factory=dict)

    def line(self, at: datetime) -> Line:
        """What goes into the history when it is found."""
        return Line(CaseEvent.Kind.FOUND, at, details={"finding": self.kind, **self.evidence})


def open_all(faults: Sequence[Fault], rules: Rulebook, *, at: datetime) -> dict[Case, Line]:
    """Open findings and lay out the steps that follow if nobody mends them; return what goes into each history.

    The caller holds the cases locked and knows that no finding of the kind is open on them.
    """
    findings = Finding.objects.bulk_create(
        Finding(case=each.case, kind=each.kind, since=each.since, opened_at=at, evidence=each.evidence)
        for each in faults
    )
    _lay_out(findings, rules)
    return {each.case: each.line(at) for each in faults}


def clear(case: Case, kinds: Iterable[Finding.Kind], *, at: datetime) -> list[Line]:
    """Clear the open findings of these kinds, cancel what was still to come of their ladder; return the lines."""
    return list(clear_all([case], kinds, at=at)[case.pk])


def clear_all(cases: Sequence[Case], kinds: Iterable[Finding.Kind], *, at: datetime) -> Mapping[int, Sequence[Line]]:
    """Do the same for many cases in as many statements as for one; the lines are by the id of the case."""
    findings = list(Finding.objects.open().filter(case__in=cases, kind__in=kinds))
    Finding.objects.filter(pk__in=[finding.pk for finding in findings]).update(cleared_at=at)
    pending = Escalation.objects.filter(finding__in=findings, fired_at__isnull=True, cancelled_at__isnull=True)
    pending.update(cancelled_at=at)
    lines: dict[int, list[Line]] = defaultdict(list)
    for finding in findings:
        lines[finding.case_id].append(Line(CaseEvent.Kind.CLEARED, at, details={"finding": finding.kind}))
    return lines


def deadline_moved(case: Case, *, at: datetime) -> list[Line]:
    """Undo "overdue" where the new deadline lies ahead, so that a sweep looks at the case again; return the lines.

    The caller saves `overdue_flagged_at`.
    """
    if case.resolve_due_at is not None and case.resolve_due_at < at:
        return []
    case.overdue_flagged_at = None
    return clear(case, [Finding.Kind.OVERDUE], at=at)


def _lay_out(findings: Iterable[Finding], rules: Rulebook) -> None:
    """Plan the ladder. A step that fired for the case in this cycle stays fired; one that was cancelled starts anew."""
    steps = [
        Escalation(
            case=finding.case,
            finding=finding,
            rule=rule,
            cycle=finding.case.cycle,
            due_at=_due(rule, finding.since, rules),
        )
        for finding in findings
        for rule in rules.ladder
        if rule.trigger == finding.kind
    ]
    cancelled = Escalation.objects.filter(case__in={step.case_id for step in steps}, cancelled_at__isnull=False)
    known = {(each.case_id, each.rule_id, each.cycle): each for each in cancelled}
    again = []
    for step in steps:
        if (old := known.get((step.case_id, step.rule_id, step.cycle))) is not None:
            old.finding, old.due_at, old.cancelled_at = step.finding, step.due_at, None
            again.append(old)
    Escalation.objects.bulk_update(again, ["finding", "due_at", "cancelled_at"])
    Escalation.objects.bulk_create(steps, ignore_conflicts=True)


def _due(rule: EscalationRule, since: datetime, rules: Rulebook) -> datetime:
    return due(since, rule.amount, Unit(rule.unit), rules.calendar).at if rule.amount else since
