"""Run a periodic job and note when it ran, how long it took, and how it ended."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from cases.models import JobRun
from cases.schedule import PeriodicJob


def run_job(job: PeriodicJob, work: Callable[[], int]) -> int | None:
    """Do the work and return how much it did; None if the job is one to run alone and runs already.

    Nothing is locked while it works: any number may run at once, and a run that is killed stays noted as begun. What
    the work raises is counted as a failure and raised.
    """
    JobRun.objects.get_or_create(name=job.name)
    this = JobRun.objects.filter(name=job.name)
    now = timezone.now()
    free = this.idle(at=now, limit=timedelta(seconds=job.time_limit)) if job.is_alone else this
    if not free.update(last_started_at=now):
        return None
    clock = time.perf_counter()
    try:
        did = work()
    except Exception as error:  # whatever it is, it is counted and goes on its way
        this.note_failed(error, at=timezone.now())
        raise
    this.note_finished(at=timezone.now(), seconds=round(time.perf_counter() - clock, 3), did=did)
    return did
