"""How each periodic job stands at a moment: in time, running, failed or late. Reckoned from its row alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import JobRun
from cases.schedule import PeriodicJob


class State(models.TextChoices):
    """What is to be said of a job first."""

    LATE = "late", _("late")
    FAILED = "failed", _("failed")
    BROKEN_OFF = "broken_off", _("broken off")
    RUNNING = "running", _("running")
    WAITING = "waiting", _("not yet run")
    ON_TIME = "on_time", _("on time")


@dataclass(frozen=True)
class Heartbeat:
    """One job, the note of its runs, and the moment at which both are looked at."""

    job: PeriodicJob
    run: JobRun
    at: datetime

    @property
    def late_since(self) -> datetime | None:
        """Since when it is late; one that never ended a run is counted from when it was first heard of."""
        due = (self.run.last_finished_at or self.run.known_since) + self.job.patience
        return due if due <= self.at else None

    @property
    def state(self) -> State:
        """The worst that holds."""
        if self.late_since:
            return State.LATE
        if self.run.is_unfinished:
            begun = self.run.last_started_at or self.at
            over = self.at - begun > timedelta(seconds=self.job.time_limit)
            return State.BROKEN_OFF if over else State.RUNNING
        if self.run.has_failed:
            return State.FAILED
        return State.ON_TIME if self.run.last_finished_at else State.WAITING


def heartbeats(runs: Mapping[str, JobRun], *, at: datetime) -> list[Heartbeat]:
    """Return every job with its row in `runs`, by name.

    One without a row is new, and `watch_jobs` will soon note it; where there is no row at all, no job was ever begun,
    and that is late at once.
    """
    jobs = settings.PERIODIC_JOBS
    return [
        Heartbeat(job, runs.get(name) or _unheard_of(job, at, bool(runs)), at) for name, job in sorted(jobs.items())
    ]


def _unheard_of(job: PeriodicJob, at: datetime, others_run: bool) -> JobRun:
    return JobRun(name=job.name, known_since=at if others_run else at - job.patience)
