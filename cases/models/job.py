"""When each periodic job last ran."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def unfinished(self) -> Self:
        """Runs that go on, or that have died."""
        return self.filter(Q(last_finished_at__isnull=True) | Q(last_finished_at__lt=F("last_started_at")))


class JobRun(models.Model):
    """The last run of a periodic job: its heartbeat and how long it took."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    last_started_at = models.DateTimeField(_("last started"))
    last_finished_at = models.DateTimeField(_("last finished"), null=True)
    seconds = models.FloatField(_("seconds"), null=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
