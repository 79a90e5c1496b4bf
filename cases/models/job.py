"""The periodic jobs as they ran: heartbeat, durations, and the faults of those that stood still."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ERROR_LENGTH = 500


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def idle(self, *, at: datetime, limit: timedelta) -> Self:
        """Jobs of which no run goes on; one that was begun longer ago than its limit and has not ended has died.

        A run that seems to begin in the future died under a clock that ran ahead; others differ by less.
        """
        ended = Q(last_finished_at__gte=F("last_started_at")) | Q(last_failed_at__gte=F("last_started_at"))
        running = Q(last_started_at__range=(at - limit, at + limit))
        return self.filter(Q(last_started_at__isnull=True) | ended | ~running)

    def note_finished(self, *, at: datetime, seconds: float, did: int) -> None:
        """Count a run that has ended well. The database adds up, so that of two at once none is lost."""
        self.update(
            last_finished_at=at,
            seconds=seconds,
            did=did,
            runs=F("runs") + 1,
            total_seconds=F("total_seconds") + seconds,
            longest_seconds=Greatest("longest_seconds", seconds),
        )

    def note_failed(self, error: Exception, *, at: datetime) -> None:
        """Count a run that has ended in an error.

        Only the first line is kept: PostgreSQL goes on with the values of the row, which may name people.
        """
        first_line = str(error).partition("\n")[0]
        told = f"{type(error).__name__}: {first_line}"[:ERROR_LENGTH]
        self.update(last_failed_at=at, last_error=told, failures=F("failures") + 1)


class JobRun(models.Model):
    """The last run of a periodic job and the sum of all: its heartbeat and how long it takes."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    known_since = models.DateTimeField(_("known since"), default=timezone.now)
    last_started_at = models.DateTimeField(_("last started"), null=True)
    last_finished_at = models.DateTimeField(_("last finished"), null=True)
    last_failed_at = models.DateTimeField(_("last failed"), null=True)
    last_error = models.CharField(_("last error"), max_length=ERROR_LENGTH, blank=True)
    seconds = models.FloatField(_("seconds"), null=True)
    did = models.PositiveBigIntegerField(_("done"), null=True)
    runs = models.PositiveBigIntegerField(_("runs that ended well"), default=0)
    failures = models.PositiveBigIntegerField(_("failures"), default=0)
    total_seconds = models.FloatField(_("seconds of all runs"), default=0)
    longest_seconds = models.FloatField(_("seconds of the longest run"), default=0)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def mean_seconds(self) -> float | None:
        """How long a run takes on average."""
        return self.total_seconds / self.runs if self.runs else None

    @property
    def has_failed(self) -> bool:
        """Whether the last run that ended did so in an error."""
        return bool(self.last_failed_at) and self.last_failed_at == self.last_ended_at

    @property
    def last_ended_at(self) -> datetime | None:
        """When a run last ended, well or not."""
        return max((at for at in (self.last_finished_at, self.last_failed_at) if at), default=None)

    @property
    def is_unfinished(self) -> bool:
        """Whether a run goes on, or has died."""
        started, ended = self.last_started_at, self.last_ended_at
        return started is not None and (ended is None or ended < started)


class JobFaultQuerySet(models.QuerySet["JobFault"]):
    def open(self) -> Self:
        """Faults that still stand."""
        return self.filter(cleared_at__isnull=True)


class JobFault(models.Model):
    """A stretch in which a periodic job stood still; of a job at most one is open, however many look."""

    name = models.CharField(_("name"), max_length=60)
    since = models.DateTimeField(_("since"))  # when it was late; `found_at` is when that was noticed
    found_at = models.DateTimeField(_("found"))
    cleared_at = models.DateTimeField(_("cleared"), null=True)

    objects = JobFaultQuerySet.as_manager()

    class Meta:
        verbose_name = _("job fault")
        verbose_name_plural = _("job faults")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(cleared_at__isnull=True), name="job_fault_open_once"),
            models.CheckConstraint(condition=Q(since__lte=F("found_at")), name="job_fault_found_after_it_began"),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("found_at")),
                name="job_fault_cleared_after_found",
            ),
        ]

    def __str__(self) -> str:
        return self.name
