"""The history of cases: the one place that writes events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from cases.models import Case, CaseEvent
from stakeholders.models import Membership

HEAD = ("version", "head_seq", "head_digest", "updated_at")
BATCH = 500

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
    case_events = _chain(case, lines)
    case.save(update_fields=[*changed, *HEAD])
    _store(case_events)


def record_many(entries: Sequence[tuple[Case, Sequence[Line]]], *, changed: Sequence[str] = ()) -> None:
    """Do the same for many cases in a handful of statements."""
    case_events = [event for case, lines in entries for event in _chain(case, lines)]
    Case.objects.bulk_update([case for case, _ in entries], [*changed, *HEAD], batch_size=BATCH)
    _store(case_events)


def begin(entries: Sequence[tuple[Case, Sequence[Line]]]) -> None:
    """Insert new, numbered cases together with the first lines of their history: every row is written once."""
    case_events = [event for case, lines in entries for event in _chain(case, lines)]
    Case.objects.bulk_create([case for case, _ in entries], batch_size=BATCH)
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
    chained = []
    for line in lines:
        event = CaseEvent(
            case=case, seq=case.head_seq + 1, kind=line.kind, at=line.at, by=line.by, details=line.details
        )
        event.digest = event.digest_after(case.head_digest)
        case.head_seq, case.head_digest = event.seq, event.digest
        chained.append(event)
    case.version += 1
    case.updated_at = timezone.now()
    return chained


def _store(case_events: Sequence[CaseEvent]) -> None:
    """Insert the events; once they are committed have a worker tell those concerned.

    A message that the broker loses does no harm: `publish_forgotten_events` finds the event by its empty stamp.
    """
    CaseEvent.objects.bulk_create(case_events, batch_size=BATCH)
    if not _is_told.get():
        return
    for start in range(0, len(case_events), BATCH):
        ids = [event.pk for event in case_events[start : start + BATCH]]
        transaction.on_commit(partial(current_app.send_task, "cases.publish_events", [ids]), robust=True)
