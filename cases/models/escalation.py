"""The ladder: what happens, and when, with a fault that nobody mends."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.finding import Finding
from cases.models.rule import Unit


class EscalationRule(models.Model):
    """One step of the ladder: so long after a fault began, do this."""

    class Action(models.TextChoices):
        REMIND = "remind", _("remind the lead")
        TELL_COORDINATOR = "tell_coordinator", _("tell the coordinator")
        RAISE = "raise", _("raise to the supervising party")
        HAND_OVER = "hand_over", _("hand over to the supervising party")
        LIST = "list", _("list for supervision")

    trigger = models.CharField(_("trigger"), max_length=12, choices=Finding.Kind)
    amount = models.PositiveSmallIntegerField(_("amount"))  # 0 is at once
    unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.WORKING_DAY)
    action = models.CharField(_("action"), max_length=20, choices=Action)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        ordering = ["trigger", "unit", "amount", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["trigger", "amount", "unit", "action"],
                name="escalation_rule_once",
                violation_error_message=_("There is such a step already."),
            )
        ]

    def __str__(self) -> str:
        return f"ES-{self.pk:03}" if self.pk else "ES-"


class Escalation(models.Model):
    """A step of the ladder laid out for one finding: due at a moment, then fired or cancelled.

    The steps are laid out when a finding opens, so that a sweep is one look into one index, and no edit of the case
    can reset them. A step fires once per case and cycle: the constraint holds however many workers run.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="escalations", verbose_name=_("case"))
    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, related_name="escalations", verbose_name=_("finding")
    )
    rule = models.ForeignKey(EscalationRule, on_delete=models.PROTECT, related_name="+", verbose_name=_("rule"))
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    due_at = models.DateTimeField(_("due"))
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "rule", "cycle"], name="escalation_once_per_cycle"),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(cancelled_at__isnull=True), name="escalation_fired_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(fired_at__gte=F("due_at")), name="escalation_never_early"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(fired_at__isnull=True, cancelled_at__isnull=True),
                name="escalation_pending",
            ),
            models.Index(
                F("fired_at").desc(), F("id").desc(), condition=Q(fired_at__isnull=False), name="escalation_fired"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.rule_id}"
