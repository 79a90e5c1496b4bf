"""Look for histories that somebody bent: every line against the one before, and the last one against its case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseEvent
from cases.models.case import CaseQuerySet

BATCH = 500
SHOWN = ("id", "number", "head_seq", "head_digest")


class Fault(models.TextChoices):
    """What is wrong with a line."""

    CHANGED = "changed", _("does not fit its digest")
    MISSING = "missing", _("is missing")
    FORGED = "forged", _("is not the last one that the case knows")


@dataclass(frozen=True)
class Break:
    """The first line of a history that is not as it was written."""

    number: str
    seq: int
    fault: Fault
    kind: str  # what happened in the line; empty where there is none


def verify_history(cases: CaseQuerySet, *, progress: Callable[[int], object] = lambda done: None) -> Iterator[Break]:
    """Reckon the chains of these cases again, and yield the first break of each broken one.

    Works in batches of cases, two queries each, so that memory does not grow with the number of cases. `progress` is
    told how many cases were looked at since it was told last. Work need not stop meanwhile: a case that looks broken
    may just have got another line, so it is read again while nobody can write it.
    """
    ordered, last = cases.only(*SHOWN).order_by("pk"), 0
    while batch := list(ordered.filter(pk__gt=last)[:BATCH]):
        for suspect in list(_breaks(batch)):
            with transaction.atomic():
                again = Case.objects.only(*SHOWN).select_for_update(of=("self",)).filter(number=suspect.number)
                confirmed = list(_breaks(list(again)))
            yield from confirmed
        last = batch[-1].pk
        progress(len(batch))


def _breaks(cases: list[Case]) -> Iterator[Break]:
    """The first break of each case whose chain does not hold."""
    lines = CaseEvent.objects.filter(case__in=cases).defer("recorded_at", "published_at").order_by("case_id", "seq")
    chains = groupby(lines.iterator(chunk_size=BATCH), key=lambda line: line.case_id)
    ahead = next(chains, None)
    for case in cases:  # in the order of their ids, as the lines are
        chain: Iterator[CaseEvent] = iter(())
        if ahead is not None and ahead[0] == case.pk:
            chain = ahead[1]
        found = _first_break(case, chain)
        if found:
            yield found
        if ahead is not None and ahead[0] == case.pk:
            ahead = next(chains, None)


def _first_break(case: Case, chain: Iterator[CaseEvent]) -> Break | None:
    seq, digest, kind = 0, "", ""
    for line in chain:
        if line.seq != seq + 1:
            return Break(case.number, seq + 1, Fault.MISSING, "")
        line.case = case  # its number is part of the digest
        if line.digest_after(digest) != line.digest:
            return Break(case.number, line.seq, Fault.CHANGED, line.kind)
        seq, digest, kind = line.seq, line.digest, line.kind
    if seq < case.head_seq:
        return Break(case.number, seq + 1, Fault.MISSING, "")
    if (seq, digest) != (case.head_seq, case.head_digest):
        return Break(case.number, seq, Fault.FORGED, kind)
    return None
