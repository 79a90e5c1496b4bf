"""What a person is told: the in-app inbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.event import CaseEvent
from stakeholders.models.people import Membership


class NotificationQuerySet(models.QuerySet["Notification"]):
    def told_to(self, membership: Membership) -> "NotificationQuerySet":
        """What a membership was told of cases that it still sees, newest first."""
        told = self.filter(recipient=membership, event__case__in=Case.objects.visible_to(membership))
        return told.order_by("-id")

    def unread(self) -> "NotificationQuerySet":
        """What nobody has marked as read."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One event told to one membership; `(recipient, event)` is unique, so that a second run tells nobody twice."""

    recipient = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.CASCADE, related_name="notifications", verbose_name=_("recipient")
    )
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="+", verbose_name=_("event"))
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "event"], name="notification_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=False), name="notification_read"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} · {self.event_id}"
