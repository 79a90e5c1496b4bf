"""What waits for a coordinator: what only a person can decide, and what has to be watched."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from cases.models import Case, Finding, TimeRequest
from cases.models.case import CaseQuerySet
from cases.models.finding import FindingQuerySet
from cases.signs import LISTED
from stakeholders.models import Membership

Kind = Finding.Kind

UNLOCATED = Kind.UNLOCATED.value
OVERDUE = Kind.OVERDUE.value
PING_PONG = Kind.PING_PONG.value
ASKED = "asked"  # for more time, or a hold
OPEN_QUESTIONS = (Kind.VACUUM.value, Kind.MULTI_HEAD.value, Kind.DISPUTED.value, Kind.BACKSTOP.value)
TO_DECIDE = (*OPEN_QUESTIONS, PING_PONG, ASKED, UNLOCATED)
TO_WATCH = (OVERDUE, Kind.STATUTORY.value, LISTED)
KINDS = (*TO_DECIDE, *TO_WATCH)
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
    to_decide = _faults(membership).filter(Q(kind__in=OPEN_QUESTIONS) | _PASSED_ON)
    others = [each.order_by().values_list("id") for each in (_unlocated(membership), _asked(membership))]
    return to_decide.order_by().values_list("id").union(*others, all=True)[:CAP].count()


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
    pile = _PILES.get(kind)
    found = pile(membership) if pile else _faults(membership).filter(kind=kind).annotate(matter=F("case_id"))
    return found.order_by("since", "matter")


def _faults(membership: Membership) -> FindingQuerySet:
    return Finding.objects.open().visible_to(membership)


def _unlocated(membership: Membership) -> CaseQuerySet:
    return Case.objects.to_locate().visible_to(membership)


def _asked(membership: Membership) -> QuerySet[TimeRequest]:
    """Requests that nobody has decided, as long as there is anything to decide."""
    visible = Case.objects.visible_to(membership).filter(stage=Case.Stage.HANDLING)
    return TimeRequest.objects.pending().filter(case__in=visible)


def _listed(membership: Membership) -> CaseQuerySet:
    return Case.objects.open().visible_to(membership).filter(listed_at__isnull=False, resolved_at__isnull=True)


# What goes back and forth though some party has it; where none has, it waits already as that
_PASSED_ON = Q(kind=PING_PONG) & ~Q(case__responsibility__in=OPEN_QUESTIONS)

# What is not simply the open faults of a kind
_PILES: dict[str, Callable[[Membership], QuerySet[Any]]] = {
    PING_PONG: lambda by: _faults(by).filter(_PASSED_ON).annotate(matter=F("case_id")),
    ASKED: lambda by: _asked(by).annotate(since=F("asked_at"), matter=F("case_id")),
    UNLOCATED: lambda by: _unlocated(by).annotate(since=F("reported_at"), matter=F("pk")),
    LISTED: lambda by: _listed(by).annotate(since=F("listed_at"), matter=F("pk")),
}
