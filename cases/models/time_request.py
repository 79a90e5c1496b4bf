"""Requests for more time: an extension of the deadline, or putting a case on hold."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.rule import Unit


class TimeRequestQuerySet(models.QuerySet["TimeRequest"]):
    def pending(self) -> "TimeRequestQuerySet":
        """Requests that nobody has decided."""
        return self.filter(decided_at__isnull=True)


class TimeRequest(models.Model):
    """What a party asked for, why, and what was decided and why: never a silent edit of a date.

    Nobody decides on what has lapsed, because the case went on without it: that is refused by nobody.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="time_requests", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=Case.Asked)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    amount = models.PositiveSmallIntegerField(_("amount"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    is_granted = models.BooleanField(_("granted"), null=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    objects = TimeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for more time")
        verbose_name_plural = _("requests for more time")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decided_at__isnull=True), name="time_request_one_pending_a_case"
            ),
            models.UniqueConstraint(
                fields=["case", "cycle"],
                condition=Q(kind="extension", is_granted=True),
                name="time_request_extended_once_a_cycle",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=False, amount__isnull=True, unit="")
                | Q(until__isnull=True, amount__gte=1) & ~Q(unit=""),
                name="time_request_says_how_long",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_granted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False)
                | Q(decided_at__isnull=False, decided_by__isnull=True, is_granted=False),
                name="time_request_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.get_kind_display()}"
