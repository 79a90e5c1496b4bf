"""When each periodic job last ran."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The last run of a periodic job: its heartbeat and how long it took."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    last_started_at = models.DateTimeField(_("last started"))
    last_finished_at = models.DateTimeField(_("last finished"), null=True)
    seconds = models.FloatField(_("seconds"), null=True)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
