"""Find periodic jobs that stand still, and say when they run again."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from cases.heartbeats import heartbeats
from cases.models import JobFault, JobRun
from cases.schedule import WATCH

logger = logging.getLogger(__name__)


@transaction.atomic
def watch_jobs(*, at: datetime | None = None) -> int:
    """Open a fault for every job that is late, clear those of jobs that are not; return how many faults changed.

    Jobs that are new in the table are noted, so that they count from now. Rows are locked for as long as this takes:
    of two watches at once the second finds what the first has written.
    """
    at = at or timezone.now()
    late = {each.job.name: each.late_since for each in heartbeats(_noted(at), at=at) if each.late_since}
    known = dict(JobFault.objects.open().values_list("name", "pk"))
    over = [pk for name, pk in known.items() if name not in late]
    new = [JobFault(name=name, since=since, found_at=at) for name, since in late.items() if name not in known]
    if over:
        moment = Value(at, output_field=DateTimeField())
        JobFault.objects.filter(pk__in=over).update(cleared_at=Greatest("found_at", moment))
    JobFault.objects.bulk_create(new)
    for fault in new:
        logger.warning("periodic job %s is late since %s", fault.name, fault.since.isoformat())
    return len(over) + len(new)


def watch_if_nobody_does() -> None:
    """Watch the jobs, the watch itself among them, unless that was done lately: called after every other job."""
    lately = timezone.now() - settings.PERIODIC_JOBS[WATCH].patience
    if not JobRun.objects.filter(name=WATCH, last_finished_at__gt=lately).exists():
        watch_jobs()


def _noted(at: datetime) -> dict[str, JobRun]:
    runs = {run.name: run for run in JobRun.objects.select_for_update()}
    new = [JobRun(name=name, known_since=at) for name in settings.PERIODIC_JOBS if name not in runs]
    JobRun.objects.bulk_create(new, ignore_conflicts=True)
    return runs | {run.name: run for run in new}
