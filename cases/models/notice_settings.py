"""How a member wants to be told."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models.event import CaseEvent
from stakeholders.models.people import Membership


class NoticeSettings(models.Model):
    """When a membership gets mail, and what it does not want to hear of; without a row the defaults hold."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        COLLECTED = "collected", _("collected, every 15 minutes at most")
        DAILY = "daily", _("once a day, when the office opens")
        OFF = "off", _("no mail")

    # Being handed a case or asked for it, disputes and escalations reach everybody: muting them could make a vacuum.
    NEVER_MUTED = frozenset(
        {
            CaseEvent.Kind.ASSIGNED,
            CaseEvent.Kind.REASSIGNED,
            CaseEvent.Kind.RULED,
            CaseEvent.Kind.AGREED,
            CaseEvent.Kind.FOUND,
            CaseEvent.Kind.DISPUTE_OPENED,
            CaseEvent.Kind.DISPUTE_RAISED,
            CaseEvent.Kind.PUT_IN_CHARGE,
            CaseEvent.Kind.LEFT,
            CaseEvent.Kind.ESCALATED,
        }
    )

    membership = models.OneToOneField(
        Membership,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notice_settings",
        verbose_name=_("membership"),
    )
    mail = models.CharField(_("mail"), max_length=9, choices=Mail, default=Mail.COLLECTED)
    quiet = models.BooleanField(_("mail in business hours only"), default=True)
    muted = models.JSONField(_("muted"), default=list, blank=True)  # kinds of event

    class Meta:
        verbose_name = _("notice settings")
        verbose_name_plural = _("notice settings")
        ordering = ["membership"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=["at_once", "collected", "daily", "off"]), name="notice_settings_mail_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.mail}"

    @classmethod
    def of(cls, membership: Membership) -> "NoticeSettings":
        """Return those of a membership, or the defaults, unsaved."""
        return cls.objects.filter(membership=membership).first() or cls(membership=membership)


def recipient_wants(**wish: Any) -> Exists:
    """Whether the settings of the `recipient` of a row say this; false where the defaults hold."""
    return Exists(NoticeSettings.objects.filter(membership=OuterRef("recipient"), **wish))
