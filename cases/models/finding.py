"""What is wrong with a case: an open or cleared fault, with its evidence."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from stakeholders.models.people import Membership


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> "FindingQuerySet":
        """Faults that still stand."""
        return self.filter(cleared_at__isnull=True)

    def visible_to(self, membership: Membership) -> "FindingQuerySet":
        """Findings on the cases that the membership may see."""
        return self.filter(case__in=Case.objects.visible_to(membership))


class Finding(models.Model):
    """One fault on one case; of a kind at most one is open at a time, however many sweeps run."""

    class Kind(models.TextChoices):
        OVERDUE = "overdue", _("overdue")
        VACUUM = "vacuum", _("vacuum")
        MULTI_HEAD = "multi_head", _("multi-head")
        BACKSTOP = "backstop", _("backstop")
        UNLOCATED = "unlocated", _("to be located")
        DISPUTED = "disputed", _("disputed")
        PING_PONG = "ping_pong", _("passed back and forth")
        UNSIGNED = "unsigned", _("not signed for")
        UNCONTACTED = "uncontacted", _("reporter not contacted")
        DUE_SOON = "due_soon", _("due soon")
        STALLED = "stalled", _("stalled")
        UNATTENDED = "unattended", _("person in charge left")
        STATUTORY = "statutory", _("statutory time limit passed")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    since = models.DateTimeField(_("since"))  # when the fault began; `opened_at` is when it was noticed
    opened_at = models.DateTimeField(_("found"))
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(cleared_at__isnull=True), name="finding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("opened_at")),
                name="finding_cleared_after_opened",
            ),
        ]
        indexes = [
            models.Index(F("opened_at").desc(), F("id").desc(), name="finding_newest"),
            models.Index(fields=["kind", "since"], condition=Q(cleared_at__isnull=True), name="finding_open_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.case_id}"
