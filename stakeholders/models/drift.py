"""Where the stored episodes were found to differ from the ledger."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.models.estate import Estate
from stakeholders.models.people import Membership


class DriftQuerySet(models.QuerySet["Drift"]):
    def open(self) -> Self:
        """Drifts that nobody has mended."""
        return self.filter(cleared_at__isnull=True)

    def visible_to(self, membership: Membership) -> Self:
        """Drifts at the estates that the membership sees."""
        return self.filter(estate__in=Estate.objects.visible_to(membership))


class Drift(models.Model):
    """A cell whose stored episodes were found to differ from what the ledger says; nobody mends it unseen.

    `stored` and `reckoned` list the episodes that only one side has: state, parties by code, from, until.
    """

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+", verbose_name=_("estate"))
    building = models.ForeignKey(
        "Building", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("building")
    )
    need_item = models.ForeignKey("NeedItem", on_delete=models.PROTECT, related_name="+", verbose_name=_("need item"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    stored = models.JSONField(_("stored"))
    reckoned = models.JSONField(_("reckoned"))

    objects = DriftQuerySet.as_manager()

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drifts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "estate",
                "need_item",
                Coalesce("building", 0),
                condition=Q(cleared_at__isnull=True),
                name="drift_is_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.estate} · {self.need_item}"
