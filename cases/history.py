"""The history of cases: the one place that writes events. Services call it through `cases/bookkeeping.py`."""

from collections.abc import Iterable, Iterator, Sequence
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
from cases.models.event import digest_of
from stakeholders.models import Membership

LINKED = ("version", "head_seq", "head_digest")  # what the next line is linked to
HEAD = (*LINKED, "updated_at")
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
    chained = [(case, _chain(case, lines)) for case, lines in entries]
    cases = [case for case, _ in entries]
    for case, lines in entries:
        if lines or is_shown:
            case.version, case.updated_at = case.version + 1, now
    for start in range(0, len(cases), BATCH):
        bulk.save_fields(cases[start : start + BATCH], [*changed, *HEAD])
    _store(chained)


def begin(entries: Sequence[tuple[Case, Sequence[Line]]]) -> None:
    """Insert new, numbered cases together with the first lines of their history: every row is written once."""
    chained = [(case, _chain(case, lines)) for case, lines in entries]
    for case, _ in entries:
        case.version, case.updated_at = case.version + 1, timezone.now()
    Case.objects.bulk_create([case for case, _ in entries], batch_size=BATCH)
    _store(chained)


@contextmanager
def untold() -> Iterator[None]:
    """Send no messages for what is stored inside: whoever replays thousands of events publishes them afterwards."""
    before = _is_told.set(False)
    try:
        yield
    finally:
        _is_told.reset(before)


def _chain(case: Case, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Make the events, as rows that want only their case, and move the head of the case behind them."""
    chained, now = [], timezone.now()
    for line in lines:
        event = {
            "seq": case.head_seq + 1,
            "kind": str(line.kind),
            "at": line.at,
            "by_id": line.by.pk if line.by else None,
            "details": line.details,
            "recorded_at": now,
        }
        digest = digest_of(event, case.head_digest, case.number)
        case.head_seq, case.head_digest = case.head_seq + 1, digest
        chained.append(event | {"digest": digest})
    return chained


def _store(chained: Iterable[tuple[Case, Sequence[dict[str, Any]]]]) -> None:
    """Insert the events; once they are committed have a worker tell those concerned.

    A message that the broker loses does no harm: `publish_forgotten_events` finds the event by its empty stamp.
    """
    rows = [{"case_id": case.pk, **row} for case, case_rows in chained for row in case_rows]
    for start in range(0, len(rows), BATCH):
        keys = bulk.insert(CaseEvent, rows[start : start + BATCH])
        if _is_told.get():
            _send_after_commit(keys)


def _send_after_commit(ids: Sequence[int]) -> None:
    def send() -> None:  # a function, for Django wants to name what failed, and a partial has no name
        current_app.send_task("cases.publish_events", [ids])

    transaction.on_commit(send, robust=True)
