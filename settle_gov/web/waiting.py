"""What waits for a coordinator's decision: faults only a person can mend, and cases that need a place."""

from collections import Counter
from datetime import datetime

from django.db.models import CharField, Count, QuerySet, Value

from cases.models import Case, Finding
from cases.models.case import CaseQuerySet
from cases.models.finding import FindingQuerySet
from stakeholders.models import Membership

UNLOCATED = Case.Responsibility.UNLOCATED.value
KINDS = (
    Finding.Kind.VACUUM.value,
    Finding.Kind.MULTI_HEAD.value,
    Finding.Kind.BACKSTOP.value,
    UNLOCATED,
    Finding.Kind.OVERDUE.value,
)
Row = tuple[str, datetime, int]
CAP = 100  # what the bar counts to; beyond, it only matters that it is many


def count_by_kind(membership: Membership) -> Counter[str]:
    """How much of each kind waits, in two queries."""
    found = _faults(membership).order_by().values_list("kind").annotate(Count("id"))
    return Counter(dict(found)) + Counter({UNLOCATED: _unlocated(membership).count()})


def count_to_cap(membership: Membership) -> int:
    """How much waits, counted up to `CAP`, in one query."""
    both = _faults(membership).order_by().values_list("id")
    return both.union(_unlocated(membership).order_by().values_list("id"), all=True)[:CAP].count()


def oldest_first(membership: Membership, kinds: tuple[str, ...] = KINDS) -> QuerySet[Finding, Row]:
    """Kind, since when, and case of all that waits; the longest wait first."""
    faults = _faults(membership).filter(kind__in=kinds).order_by().values_list("kind", "since", "case_id")
    if UNLOCATED not in kinds:
        return faults.order_by("since", "case_id")
    kind = Value(UNLOCATED, CharField())
    unlocated = _unlocated(membership).order_by().values_list(kind, "reported_at", "id")
    return faults.union(unlocated, all=True).order_by("since", "case_id")


def _faults(membership: Membership) -> FindingQuerySet:
    return Finding.objects.open().visible_to(membership)


def _unlocated(membership: Membership) -> CaseQuerySet:
    return Case.objects.to_locate().visible_to(membership)
