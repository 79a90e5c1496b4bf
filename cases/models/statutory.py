"""Time limits that a law sets, counted beside the deadlines of the office."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.rule import Unit
from stakeholders.models.named import Named


class StatutoryRule(Named):
    """One time limit of one article, and by how much the article lets it be extended; empty is not at all."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    article = models.CharField(_("article"), max_length=120)
    amount = models.PositiveSmallIntegerField(_("amount"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    extension_amount = models.PositiveSmallIntegerField(_("extension at most"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("statutory time limit")
        verbose_name_plural = _("statutory time limits")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="statutory_rule_amount_positive"),
            models.CheckConstraint(
                condition=Q(extension_amount__isnull=True) | Q(extension_amount__gte=1),
                name="statutory_rule_extension_positive",
            ),
        ]


class StatutoryTimerQuerySet(models.QuerySet["StatutoryTimer"]):
    def running(self) -> "StatutoryTimerQuerySet":
        """Timers that nobody has stopped."""
        return self.filter(stopped_at__isnull=True)


class StatutoryTimer(models.Model):
    """A time limit that runs for a case. Nobody can move it past `limit_at`, which the article sets."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="timers", verbose_name=_("case"))
    rule = models.ForeignKey(
        StatutoryRule, on_delete=models.PROTECT, related_name="+", verbose_name=_("statutory time limit")
    )
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    limit_at = models.DateTimeField(_("at the latest"))
    written = models.JSONField(default=dict, editable=False)  # the facts and the arithmetic, as of a deadline
    extended_at = models.DateTimeField(_("extended"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    objects = StatutoryTimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("statutory timer")
        verbose_name_plural = _("statutory timers")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "rule"],
                condition=Q(stopped_at__isnull=True),
                name="statutory_timer_runs_once",
                violation_error_message=_("This time limit runs already."),
            ),
            models.CheckConstraint(condition=Q(due_at__lte=F("limit_at")), name="statutory_timer_within_the_article"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.rule}"
