"""What a person is told: the in-app inbox."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.event import CaseEvent
from cases.models.notice_settings import recipient_wants
from stakeholders.models.need import Urgency
from stakeholders.models.people import Membership

URGENT = (Urgency.EMERGENCY, Urgency.URGENT)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def told_to(self, membership: Membership) -> "NotificationQuerySet":
        """What a membership was told of cases that it still sees, newest first."""
        told = self.filter(recipient=membership, event__case__in=Case.objects.visible_to(membership))
        return told.order_by("-id")

    def unread(self) -> "NotificationQuerySet":
        """What nobody has marked as read."""
        return self.filter(read_at__isnull=True)

    def to_mail(self, at: datetime) -> "NotificationQuerySet":
        """What is to go into a mail by now: unread, and in none yet."""
        return self.unread().filter(mail__isnull=True, mail_due_at__lte=at)

    def urgent(self) -> "NotificationQuerySet":
        """What is about cases that wait for no business hours."""
        return self.filter(event__case__urgency__in=URGENT)

    def that_can_wait(self) -> "NotificationQuerySet":
        """What has to wait for business hours: neither urgent nor for somebody who wants mail at any hour."""
        return self.exclude(event__case__urgency__in=URGENT).exclude(recipient_wants(quiet=False))


class Notification(models.Model):
    """One event told to one membership; `(recipient, event)` is unique, so that a second run tells nobody twice.

    One with a `webhook` tells that this was switched off, as the event could not be delivered to it.

    It goes into one mail at most, for there is one link: from `mail_due_at` on, unless it has been read by then. Empty,
    it is told in the inbox alone.
    """

    recipient = models.ForeignKey(
        "stakeholders.Membership",
        on_delete=models.CASCADE,
        db_index=False,  # two indexes that begin with it serve the page
        related_name="notifications",
        verbose_name=_("recipient"),
    )
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="+", verbose_name=_("event"))
    webhook = models.ForeignKey(
        "Webhook",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # hardly any has one
        related_name="notifications",
        verbose_name=_("webhook"),
    )
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail_due_at = models.DateTimeField(_("to be mailed"), null=True, blank=True)
    mail = models.ForeignKey(
        "Mail",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        db_index=False,  # most are in none, and who looks for what is to be mailed must not search those
        related_name="notifications",
        verbose_name=_("mail"),
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "event"], condition=Q(webhook__isnull=True), name="notification_once"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=False), name="notification_read"),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail_due_at__isnull=False, mail__isnull=True, read_at__isnull=True),
                name="notification_to_mail",
            ),
            models.Index(fields=["webhook"], condition=Q(webhook__isnull=False), name="notification_of_webhook"),
            models.Index(fields=["mail"], condition=Q(mail__isnull=False), name="notification_in_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} · {self.event_id}"
