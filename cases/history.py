"""The history of cases: the one place that writes events. Services call it through `cases/bookkeeping.py`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from cases import bulk
from cases.models import Case, CaseEvent
from stakeholders.models import Membership

HEAD = ("version", "head_seq", "head_digest", "updated_at")
BATCH = 1000

_is_told = ContextVar("_is_told", default=True)


@dataclass(frozen=True)
class Line:
    """What happened: one line to be added to a history. `by` is None for what the system does by itself."""

    kind: CaseEvent.Kind
    at: datetime
    by: Membership | None = None
    details: dict[str, Any] = field(default_factory=dict)


def record(case: Case, *lines: Line, changed: Sequence[str] = ()) -> None:
    """Add lines to the history of one case and save its `changed` fields; call it inside a transaction."""
    record_many([(case, lines)], changed=changed)


def record_many(
    entries: Sequence[tuple[Case, Sequence[Line]]], *, changed: Sequence[str] = (), is_shown: bool = True
) -> None:
    """Do the same for many cases in a handful of statements.

    Where nothing of `changed` is shown to anybody, a case without a line keeps its version.
    """
    now = timezone.now()
    case_events = [event for case, lines in entries for event in _chain(case, lines)]
    cases = [case for case, _ in entries]
    for case, lines in entries:
        if lines or is_shown:
            case.version, case.updated_at = case.version + 1, now
    for start in range(0, len(cases), BATCH):
        bulk.save_fields(cases[start : start + BATCH], [*changed, *HEAD])
    _store(case_events)


def begin(entries: Sequence[tuple[Case, Sequence[Line]]]) -> None:
    """Insert new, numbered cases together with the first lines of their history: every row is written once."""
    case_events = [event for case, lines in entries for event in _chain(case, lines)]
    for case, _ in entries:
        case.version, case.updated_at = case.version + 1, timezone.now()
    Case.objects.bulk_create([case for case, _ in entries], batch_size=BATCH)
    for event in case_events:
        event.case_id = event.case.pk  # which it has only now
    _store(case_events)


@contextmanager
def untold() -> Iterator[None]:
    """Send no messages for what is stored inside: whoever replays thousands of events publishes them afterwards."""
    before = _is_told.set(False)
    try:
        yield
    finally:
        _is_told.reset(before)


def _chain(case: Case, lines: Sequence[Line]) -> list[CaseEvent]:
    """Make the events and move the head of the case behind them."""
    chained, now = [], timezone.now()
    for line in lines:
        event = CaseEvent(
            case=case,
            seq=case.head_seq + 1,
            kind=line.kind,
            at=line.at,
            by_id=line.by.pk if line.by else None,
            details=line.details,
            recorded_at=now,
        )
        event.digest = event.digest_after(case.head_digest)
        case.head_seq, case.head_digest = event.seq, event.digest
        chained.append(event)
    return chained


def _store(case_events: Sequence[CaseEvent]) -> None:
    """Insert the events; once they are committed have a worker tell those concerned.

    A message that the broker loses does no harm: `publish_forgotten_events` finds the event by its empty stamp.
    """
    for start in range(0, len(case_events), BATCH):
        bulk.insert(case_events[start : start + BATCH])
    if not _is_told.get():
        return
    for start in range(0, len(case_events), BATCH):
        _send_after_commit([event.pk for event in case_events[start : start + BATCH]])


def _send_after_commit(ids: Sequence[int]) -> None:
    def send() -> None:  # a function, for Django wants to name what failed, and a partial has no name
        current_app.send_task("cases.publish_events", [ids])

    transaction.on_commit(send, robust=True)
