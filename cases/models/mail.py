"""What is told by mail: the outbox of mails."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models.notice_settings import recipient_wants
from cases.models.notification import Notification
from stakeholders.models.people import Membership


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self, at: datetime) -> "MailQuerySet":
        """Mails whose time has come and that nobody is sending: an old claim was lost with its process."""
        lost = at - Mail.CLAIM
        unclaimed = Q(claimed_at__isnull=True) | Q(claimed_at__lte=lost)
        return self.filter(unclaimed, sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=at)

    def that_can_wait(self) -> "MailQuerySet":
        """Mails that have to wait for business hours: about nothing urgent, nor for who wants mail at any hour."""
        urgent = Notification.objects.filter(mail=OuterRef("pk")).urgent()
        return self.exclude(Exists(urgent)).exclude(recipient_wants(quiet=False))


class Mail(models.Model):
    """One mail to one membership about all that had come together for it, and what became of it.

    A row is written together with the links of its notifications, and before anything is sent: whatever crashes, it
    says what is still to be done. `address`, `subject` and `body` are what was sent last.
    """

    CLAIM = timedelta(minutes=10)  # longer than a worker may take for a task
    RETRIES = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
    )
    MOST_TRIES = len(RETRIES) + 1

    key = models.CharField(_("key"), max_length=40, unique=True)
    address = models.EmailField(_("address"), blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    recipient = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="mails", verbose_name=_("recipient")
    )
    created_at = models.DateTimeField(_("collected"))
    due_at = models.DateTimeField(_("due"))
    claimed_at = models.DateTimeField(_("claimed"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True), name="mail_sent_or_given_up"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True, given_up_at__isnull=True), name="mail_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.key

    @staticmethod
    def key_for(recipient: int, first: int) -> str:
        """Key of the mail that begins with this notification, which goes into no other."""
        return f"{recipient}-{first}"

    @property
    def message_id(self) -> str:
        """The same for each try (RFC 5322, 3.6.4), so that a second delivery can be recognised as such.

        The moment is in it because keys begin anew with a new database.
        """
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        return f"<{self.key}.{self.created_at.timestamp():.0f}@{domain}>"

    @property
    def has_failed(self) -> bool:
        """Whether it was tried and given up."""
        return self.given_up_at is not None and self.tries > 0
