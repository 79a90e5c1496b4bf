"""Do the rows of a bulk job, each in its own transaction together with the note of what became of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases.models import BulkJob, BulkRow, Case
from cases.models.bulk_job import LEASE
from stakeholders.models import Membership

BATCH = 20  # rows between two looks whether the membership still holds; far less than a lease
LONG_ENOUGH = 60  # seconds after which a worker makes room for others


@dataclass
class RowRefusedError(Exception):
    """A row cannot be done: `errors` is what is told about it, each `name`, `code` and `reason`."""

    errors: Sequence[Mapping[str, str]]


Do = Callable[[BulkRow, Membership], Case]


def work_off_bulk_job(job_id: int, *, do: Do, at: datetime | None = None, seconds: float = LONG_ENOUGH) -> int:
    """Do waiting rows for so many seconds at most; return how many were dealt with.

    `do` does one row for a membership, or raises RowRefusedError. Nothing is done twice, however often this is called
    for a job: a row is locked while it is done, and its result commits with what it did. The lease only saves workers
    from treading on each other's toes; one that died holds it for a minute, and then another goes on. Where three runs
    in a row have ended at the same row, it is refused, for it would end all others.
    """
    if not _claim(job_id, at or timezone.now()):
        return 0
    job = BulkJob.objects.get(pk=job_id)
    count, until = 0, time.monotonic() + seconds
    with translation.override(job.language):
        if job.tries > BulkJob.MOST_TRIES:
            count += _refuse_next_row(job)
        while (dealt_with := _batch(job, do)) and time.monotonic() < until:
            count += dealt_with
    BulkJob.objects.filter(pk=job_id).update(lease_until=None, tries=0)
    _finish(job, BulkJob.State.DONE)
    return count + dealt_with


def _claim(job_id: int, now: datetime) -> bool:
    free = BulkJob.objects.filter(pk=job_id).unclaimed(now)
    begun, tries = Coalesce("started_at", now), F("tries") + 1
    return bool(free.update(state=BulkJob.State.RUNNING, started_at=begun, lease_until=now + LEASE, tries=tries))


def _batch(job: BulkJob, do: Do) -> int:
    BulkJob.objects.unfinished().filter(pk=job.pk).update(lease_until=timezone.now() + LEASE)
    current = Membership.objects.current().select_related("user", "party", "area")
    by = current.filter(pk=job.by_id).first()
    if by is None:
        return _stop(job)
    dealt_with = 0
    while dealt_with < BATCH and _next_row(job, by, do):
        dealt_with += 1
    return dealt_with


@transaction.atomic
def _next_row(job: BulkJob, by: Membership, do: Do) -> bool:
    """Do the first row that waits and that no other worker has; False where there is none."""
    row = job.rows.waiting().order_by("index").select_for_update(skip_locked=True).first()
    if row is None:
        return False
    row.job = job
    try:
        with transaction.atomic():
            row.case = do(row, by)
        row.state = BulkRow.State.DONE
    except RowRefusedError as refusal:
        row.case, row.state, row.errors = None, BulkRow.State.REFUSED, list(refusal.errors)
    row.body = None
    row.save(update_fields=["state", "body", "case", "errors"])
    _note_progress(job)
    return True


@transaction.atomic
def _refuse_next_row(job: BulkJob) -> int:
    """Refuse the row at which runs end that end without a word."""
    reason = _("Work on this row has ended %(tries)d times without a result.") % {"tries": BulkJob.MOST_TRIES}
    errors = [{"name": "", "code": "error", "reason": reason}]
    first = job.rows.waiting().order_by("index").values("pk")[:1]
    count = job.rows.waiting().filter(pk__in=first).update(state=BulkRow.State.REFUSED, body=None, errors=errors)
    _note_progress(job)
    return count


def _note_progress(job: BulkJob) -> None:
    """Count tries anew, once a run: it has got on."""
    if job.tries:
        BulkJob.objects.filter(pk=job.pk).update(tries=0)
        job.tries = 0


@transaction.atomic
def _stop(job: BulkJob) -> int:
    """Whoever sent it does not act for that party any more: what is left is refused."""
    reason = _("Who sent this does not act in this capacity any more.")
    errors = [{"name": "", "code": "membership_ended", "reason": reason}]
    count = job.rows.waiting().update(state=BulkRow.State.REFUSED, body=None, errors=errors)
    _finish(job, BulkJob.State.STOPPED if count else BulkJob.State.DONE)
    return count


def _finish(job: BulkJob, state: BulkJob.State) -> None:
    """Note the end, once, if no row is left."""
    over = BulkJob.objects.filter(pk=job.pk).worked_off()
    over.update(state=state, finished_at=timezone.now(), lease_until=None)
