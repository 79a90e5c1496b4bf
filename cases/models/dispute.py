"""Disputes about whose a case is, the bodies that are to settle them, and what was decided for one case."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.rule import Unit
from stakeholders.models.named import Named


class DisputeLevel(Named):
    """Who is to settle a dispute, and how long each has: town office, joint meeting, level above (信访工作条例 §24)."""

    position = models.PositiveSmallIntegerField(_("position"), unique=True)
    amount = models.PositiveSmallIntegerField(_("amount"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.WORKING_DAY)

    class Meta:
        verbose_name = _("dispute level")
        verbose_name_plural = _("dispute levels")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="dispute_level_amount_positive"),
        ]


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        """Disputes that nobody has settled."""
        return self.filter(settled_at__isnull=True)


class Dispute(models.Model):
    """Parties pass a case back: the clock of the dispute runs beside the clock of the case.

    `level_due_at` is empty where there is no level above to which it could be raised.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="disputes", verbose_name=_("case"))
    opened_at = models.DateTimeField(_("opened"))
    level = models.ForeignKey(
        DisputeLevel, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("level")
    )
    level_since = models.DateTimeField(_("at this level since"))
    level_due_at = models.DateTimeField(_("to be settled by"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(settled_at__isnull=True), name="dispute_one_open_a_case"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("opened_at")),
                name="dispute_settled_after_opened",
            ),
        ]
        indexes = [
            models.Index(
                fields=["level_due_at"],
                condition=Q(settled_at__isnull=True, level_due_at__isnull=False),
                name="dispute_level_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.level}"


class CaseRuling(models.Model):
    """Who leads this one case, as a coordinator or a meeting has decided; `ruling` where it holds from now on, too."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="rulings", verbose_name=_("case"))
    lead = models.ForeignKey("stakeholders.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("lead"))
    ruling = models.ForeignKey(
        "stakeholders.Ruling",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case_rulings",
        verbose_name=_("ruling"),
    )
    reason = models.TextField(_("reason"))
    document_no = models.CharField(_("document number"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("decided"))
    by = models.ForeignKey("stakeholders.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("ruling on a case")
        verbose_name_plural = _("rulings on cases")
        ordering = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.lead}"
