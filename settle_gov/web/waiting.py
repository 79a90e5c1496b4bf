"""What waits for a coordinator: faults only a person can mend, cases that need a place, and what is overdue."""

from collections import Counter
from datetime import datetime

from django.db.models import Case as Rank
from django.db.models import Count, QuerySet, Value, When

from cases.models import Case, Finding
from cases.models.case import CaseQuerySet
from cases.models.finding import FindingQuerySet
from stakeholders.models import Membership

UNLOCATED = Case.Responsibility.UNLOCATED.value
OVERDUE = Finding.Kind.OVERDUE.value
TO_DECIDE = (Finding.Kind.VACUUM.value, Finding.Kind.MULTI_HEAD.value, Finding.Kind.BACKSTOP.value, UNLOCATED)
KINDS = (*TO_DECIDE, OVERDUE)
Row = tuple[int, str, datetime, int]
CAP = 100  # what the bar counts to; beyond, it only matters that it is many


def count_by_kind(membership: Membership) -> Counter[str]:
    """How much of each kind waits, in two queries."""
    found = _faults(membership).order_by().values_list("kind").annotate(Count("id"))
    return Counter(dict(found)) + Counter({UNLOCATED: _unlocated(membership).count()})


def count_to_cap(membership: Membership) -> int:
    """How much there is to decide, counted up to `CAP`, in one query."""
    both = _faults(membership).exclude(kind=OVERDUE).order_by().values_list("id")
    return both.union(_unlocated(membership).order_by().values_list("id"), all=True)[:CAP].count()


def oldest_first(membership: Membership, kinds: tuple[str, ...]) -> QuerySet[Finding, Row]:
    """Rank, kind, since when, and case of what waits; in the order of `KINDS`, and of a kind the longest wait first."""
    rank = Rank(*(When(kind=kind, then=KINDS.index(kind)) for kind in kinds), default=len(KINDS))
    faults = _faults(membership).filter(kind__in=kinds).order_by().annotate(rank=rank)
    rows = faults.values_list("rank", "kind", "since", "case_id")
    if UNLOCATED in kinds:
        place_in_order = Value(KINDS.index(UNLOCATED))
        unlocated = _unlocated(membership).order_by().annotate(rank=place_in_order, kind=Value(UNLOCATED))
        rows = rows.union(unlocated.values_list("rank", "kind", "reported_at", "id"), all=True)
    return rows.order_by("rank", "since", "case_id")


def _faults(membership: Membership) -> FindingQuerySet:
    return Finding.objects.open().exclude(kind=UNLOCATED).visible_to(membership)


def _unlocated(membership: Membership) -> CaseQuerySet:
    return Case.objects.to_locate().visible_to(membership)
