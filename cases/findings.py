"""Opening and clearing faults: the one place that writes findings, and has the ladder laid out for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Value, prefetch_related_objects
from django.db.models.functions import Greatest

from cases import bulk, rungs
from cases.faults import UNOWNED, stands
from cases.history import Line
from cases.models import Case, CaseEvent, Escalation, Finding
from cases.rulebook import Rulebook

__all__ = ["UNOWNED", "Fault", "Review", "clear", "close_all", "open_all", "review"]


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


def open_all(faults: Sequence[Fault], rules: Rulebook, *, at: datetime) -> list[Line]:
    """Open findings and lay out the steps that follow if nobody mends them; return what goes into each history.

    The caller holds the cases locked and knows that no finding of the kind is open on them.
    """
    rows = [
        {
            "case_id": each.case.pk,
            "kind": str(each.kind),
            "since": each.since,
            "opened_at": at,
            "evidence": each.evidence,
        }
        for each in faults
    ]
    rungs.lay_out(bulk.insert(Finding, rows), [(each.kind, each.since) for each in faults], rules)
    return [each.line(at) for each in faults]


def clear(case: Case, kinds: Iterable[Finding.Kind], *, at: datetime) -> list[Line]:
    """Clear the open findings of these kinds, cancel what was still to come of their ladder; return the lines."""
    return close_all(list(Finding.objects.open().filter(case=case, kind__in=kinds)), at=at)[case.pk]


def review(cases: Sequence[Case], *, at: datetime) -> "Review":
    """Clear what does not stand any more on these cases, as they are by now; two queries more where anything goes."""
    by_id = {case.pk: case for case in cases}
    open_findings = list(Finding.objects.open().filter(case__pk__among=by_id))
    if unattended := [by_id[each.case_id] for each in open_findings if each.kind == Finding.Kind.UNATTENDED]:
        prefetch_related_objects(unattended, "lead")  # whose person left, which sweeps do not read
    over = [each for each in open_findings if not stands(each, by_id[each.case_id], at)]
    gone = {each.pk for each in over}
    still = {(each.case_id, Finding.Kind(each.kind)) for each in open_findings if each.pk not in gone}
    return Review(close_all(over, at=at), still)


@dataclass(frozen=True)
class Review:
    """What was cleared, as lines by the id of the case, and what still stands."""

    lines: Mapping[int, list[Line]]
    open: Set[tuple[int, Finding.Kind]]


def close_all(findings: Sequence[Finding], *, at: datetime) -> dict[int, list[Line]]:
    """Clear these findings and cancel what was still to come of their ladder; the lines are by the id of the case.

    A clock that was put back does not clear a fault before it was found.
    """
    lines: dict[int, list[Line]] = defaultdict(list)
    Finding.objects.filter(pk__among=[each.pk for each in findings]).update(cleared_at=Greatest("opened_at", Value(at)))
    planned = Escalation.objects.filter(finding__pk__among=[each.pk for each in findings])
    planned.filter(fired_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=at)
    for finding in findings:
        lines[finding.case_id].append(Line(CaseEvent.Kind.CLEARED, at, details={"finding": finding.kind}))
    return lines
