"""Who is called when something happens, and each call with what became of it."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.event import CaseEvent
from cases.signatures import mark_of_current_key, secret_from
from stakeholders.models.people import Membership
from stakeholders.roles import Permission


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, membership: Membership) -> "WebhookQuerySet":
        """The one rule of who sees which webhook: one's own, and for administrators all in their area."""
        own = Q(membership=membership)
        if membership.allows(Permission.ADMINISTER):
            own |= Q(membership__area__code__range=membership.area.code_range)
        return self.filter(own)

    def listening(self, at: datetime) -> "WebhookQuerySet":
        """Those that are switched on, of memberships in force."""
        return self.filter(is_active=True, membership__in=Membership.objects.current(at))


class Webhook(models.Model):
    """An address that is called when something happens to a case that its membership sees; empty `events`: anything.

    The secret that signs is in no column: it follows from the salt and `SECRET_KEY`. `key_mark` says from which key.
    """

    MOST = 10  # of one membership: each event asks for each of them

    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("kinds of event"), default=list)
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("membership")
    )
    salt = models.CharField(_("salt"), max_length=32, editable=False)
    key_mark = models.CharField(_("mark of the key"), max_length=16, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    switched_off_at = models.DateTimeField(_("switched off"), null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(switched_off_at__isnull=True), name="webhook_off_is_not_active"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def secret(self) -> str | None:
        """What signs; None where the key that it follows from is gone."""
        return secret_from(self.salt, self.key_mark)

    @property
    def needs_new_secret(self) -> bool:
        """Whether the secret follows from a former key, and is lost once that is taken out of the settings."""
        return self.key_mark != mark_of_current_key(self.salt)

    def draw_secret(self) -> None:
        """Let another secret sign from now on; the caller saves it."""
        self.salt = secrets.token_hex(16)
        self.key_mark = mark_of_current_key(self.salt)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self, at: datetime) -> "DeliveryQuerySet":
        """What is due and nobody is sending: an old claim was lost with its process."""
        unclaimed = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - Delivery.CLAIM)
        return self.filter(
            unclaimed, webhook__is_active=True, delivered_at__isnull=True, given_up_at__isnull=True, due_at__lte=at
        )


class Delivery(models.Model):
    """One event told to one webhook; `(webhook, event)` is unique, so that a second run tells nobody twice.

    `attempts` is the log: of each try when, the status or the error, and the seconds it took.
    """

    CLAIM = timedelta(minutes=10)  # longer than a worker may take for a task
    FIRST_WAIT = timedelta(seconds=30)
    FACTOR = 3  # from one wait to the next
    LONGEST_WAIT = timedelta(hours=6)
    MOST_TRIES = 10  # with these waits, spread over most of a day
    MOST_LOGGED = 30  # of the attempts, the latest: who redelivers often must not let a row grow

    uuid = models.UUIDField(_("delivery"), default=uuid.uuid4, unique=True)
    webhook = models.ForeignKey(
        Webhook,
        on_delete=models.CASCADE,
        db_index=False,  # the constraint has one that begins with it
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    event = models.ForeignKey(
        CaseEvent,
        on_delete=models.PROTECT,
        db_index=False,  # nobody asks for all deliveries of an event, and none is ever deleted
        related_name="+",
        verbose_name=_("event"),
    )
    created_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"))
    claimed_at = models.DateTimeField(_("claimed"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    attempts = models.JSONField(_("attempts"), default=list)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(given_up_at__isnull=True), name="delivered_or_given_up"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True),
                name="delivery_waiting",
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @classmethod
    def wait_after(cls, tries: int) -> timedelta:
        """How long to wait after that many tries, before chance makes it shorter or longer."""
        wait: timedelta = cls.FIRST_WAIT * cls.FACTOR ** (tries - 1)
        return min(wait, cls.LONGEST_WAIT)

    @property
    def state(self) -> str:
        """`waiting`, `delivered` or `failed`."""
        if self.delivered_at:
            return "delivered"
        return "failed" if self.given_up_at else "waiting"

    def log(self, at: datetime, attempt: dict[str, Any]) -> None:
        """Add a try to the log; the caller saves it."""
        self.attempts = [*self.attempts, {"at": at.isoformat(), **attempt}][-self.MOST_LOGGED :]
