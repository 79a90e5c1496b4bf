"""Many cases at once: a job of a client, and its rows with what became of each."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.json_text import JSONText
from stakeholders.models.people import Membership

LEASE = timedelta(seconds=60)  # a worker that has not been heard of for so long has died


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    def visible_to(self, membership: Membership) -> Self:
        """Jobs that the membership itself has sent."""
        return self.filter(by=membership)

    def unfinished(self) -> Self:
        """Jobs of which rows may be left to do."""
        return self.filter(finished_at__isnull=True)

    def unclaimed(self, at: datetime) -> Self:
        """Unfinished jobs at which no worker is; a lease too far ahead was made under a clock that ran ahead."""
        held = Q(lease_until__isnull=False, lease_until__range=(at, at + LEASE))
        return self.unfinished().exclude(held)

    def with_counts(self) -> Self:
        """Count what is done and what is refused so far."""
        return self.annotate(
            done=Count("rows", Q(rows__state=BulkRow.State.DONE)),
            refused=Count("rows", Q(rows__state=BulkRow.State.REFUSED)),
        )

    def worked_off(self) -> Self:
        """Unfinished jobs of which no row is left, not even in a transaction that still runs."""
        waiting = BulkRow.objects.waiting().filter(job=OuterRef("pk"))
        return self.unfinished().filter(~Exists(waiting))


class BulkJob(models.Model):
    """What a client wants done to many cases, in the order of its rows; it is done as the membership that sent it."""

    class Kind(models.TextChoices):
        CREATE = "create", _("log")
        REASSIGN = "reassign", _("reassign")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    MOST_TRIES = 3  # that ended in nothing: the row at which they ended is refused

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    language = models.CharField(_("language"), max_length=10)  # of whoever reads why a row was refused
    total = models.PositiveIntegerField(_("rows"))
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="bulk_jobs", verbose_name=_("sent by"))
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    lease_until = models.DateTimeField(_("a worker is at it until"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries since it last got on"), default=0)

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk job")
        verbose_name_plural = _("bulk jobs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", started_at__isnull=True, finished_at__isnull=True)
                | Q(state="running", started_at__isnull=False, finished_at__isnull=True)
                | Q(state__in=["done", "stopped"], started_at__isnull=False, finished_at__isnull=False),
                name="bulk_job_state_agrees_with_dates",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(lease_until__isnull=True), name="bulk_job_finished_is_free"
            ),
            models.CheckConstraint(condition=Q(total__gte=1), name="bulk_job_has_rows"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="bulk_job_unfinished"),
            models.Index(fields=["finished_at"], name="bulk_job_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.total}"


class BulkRowQuerySet(models.QuerySet["BulkRow"]):
    def waiting(self) -> Self:
        """Rows that are still to be done."""
        return self.filter(state=BulkRow.State.WAITING)


class BulkRow(models.Model):
    """One row of a job. What it says may name people, so it is kept no longer than until it is done or refused."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="rows", verbose_name=_("job"))
    index = models.PositiveIntegerField(_("place"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    body = JSONText(_("what was sent"), null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("case"))
    errors = JSONText(_("why it was refused"), null=True)

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk row")
        verbose_name_plural = _("bulk rows")
        ordering = ["job", "index"]
        constraints = [
            models.UniqueConstraint(fields=["job", "index"], name="bulk_row_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", body__isnull=False, case__isnull=True, errors__isnull=True)
                | Q(state="done", body__isnull=True, case__isnull=False, errors__isnull=True)
                | Q(state="refused", body__isnull=True, case__isnull=True, errors__isnull=False),
                name="bulk_row_state_agrees_with_result",
            ),
        ]
        indexes = [models.Index(fields=["job", "index"], condition=Q(state="waiting"), name="bulk_row_waiting")]

    def __str__(self) -> str:
        return f"{self.job_id} · {self.index}"
