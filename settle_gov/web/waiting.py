"""What waits for a coordinator: faults only a person can mend, cases that need a place, and what is overdue."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from cases.models import Case, Finding
from cases.models.case import CaseQuerySet
from cases.models.finding import FindingQuerySet
from stakeholders.models import Membership

UNLOCATED = Case.Responsibility.UNLOCATED.value
OVERDUE = Finding.Kind.OVERDUE.value
TO_DECIDE = (Finding.Kind.VACUUM.value, Finding.Kind.MULTI_HEAD.value, Finding.Kind.BACKSTOP.value, UNLOCATED)
KINDS = (*TO_DECIDE, OVERDUE)
CAP = 100  # what is counted to; beyond, it only matters that it is many


class Row(NamedTuple):
    """One matter: its kind, since when it waits, and the id of its case."""

    kind: str
    since: datetime
    case: int


def count_by_kind(membership: Membership) -> Counter[str]:
    """How much of each kind waits, counted up to `CAP` each."""
    return Counter({kind: _pile(membership, kind)[:CAP].count() for kind in KINDS})


def count_to_cap(membership: Membership) -> int:
    """How much there is to decide, counted up to `CAP`, in one query."""
    both = _faults(membership).exclude(kind=OVERDUE).order_by().values_list("id")
    return both.union(_unlocated(membership).order_by().values_list("id"), all=True)[:CAP].count()


def oldest_first(membership: Membership, kinds: tuple[str, ...], behind: Row | None, size: int) -> list[Row]:
    """The next rows behind one (None for the first), in the order of `KINDS`, and of a kind the longest wait first.

    Each kind is a pile that is asked by itself, and only until there are enough rows.
    """
    rows: list[Row] = []
    for kind in kinds:
        if behind and KINDS.index(kind) < KINDS.index(behind.kind):
            continue
        pile = _pile(membership, kind)
        if behind and kind == behind.kind:
            # Written so that an index over both serves it from its first column on.
            pile = pile.filter(Q(since__gt=behind.since) | Q(matter__gt=behind.case), since__gte=behind.since)
        rows += [Row(kind, since, case) for since, case in pile.values_list("since", "matter")[: size - len(rows)]]
        if len(rows) == size:
            break
    return rows


def _pile(membership: Membership, kind: str) -> QuerySet[Any]:
    """What waits of one kind, oldest first: `since` when, and the id of the case as `matter`."""
    pile: QuerySet[Any]
    if kind == UNLOCATED:
        pile = _unlocated(membership).annotate(since=F("reported_at"), matter=F("pk"))
    else:
        pile = _faults(membership).filter(kind=kind).annotate(matter=F("case_id"))
    return pile.order_by("since", "matter")


def _faults(membership: Membership) -> FindingQuerySet:
    return Finding.objects.open().exclude(kind=UNLOCATED).visible_to(membership)


def _unlocated(membership: Membership) -> CaseQuerySet:
    return Case.objects.to_locate().visible_to(membership)
