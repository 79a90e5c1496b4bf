"""Who is called when something happens, and each call with what became of it."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.event import CaseEvent
from cases.signatures import mark_of_current_key, secret_from
from stakeholders.models.people import Membership
from stakeholders.roles import Permission

FIRST_WAIT = timedelta(seconds=30)
FACTOR = 3  # from one wait to the next


def wait_after(tries: int, *, longest: timedelta) -> timedelta:
    """How long to wait after that many tries, before chance makes it shorter or longer."""
    steps = min(tries, 20) - 1  # by then any wait is the longest, and powers of thousands are no numbers to reckon with
    wait: timedelta = FIRST_WAIT * FACTOR**steps
    return min(wait, longest)


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

    def ready(self, at: datetime) -> "WebhookQuerySet":
        """Those that may be called and have something to hear, the one that has waited longest first."""
        waiting = Delivery.objects.waiting(at).filter(webhook=OuterRef("pk"))
        return self.filter(Exists(waiting), is_active=True, next_try_at__lte=at).order_by("next_try_at", "pk")


class Webhook(models.Model):
    """An address that is called when something happens to a case that its membership sees; empty `events`: anything.

    The secret that signs is in no column: it follows from the salt and `SECRET_KEY`. `key_mark` says from which key.
    """

    MOST = 10  # of one membership: each event asks for each of them
    LONGEST_WAIT = timedelta(hours=1)  # who comes back after a night is called again soon
    MOST_FAILURES = 10  # in a row, and over a day: a short outage of a busy receiver is no reason to switch it off
    LONGEST_DEAFNESS = timedelta(days=1)

    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("kinds of event"), default=list)
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("membership")
    )
    salt = models.CharField(_("salt"), max_length=32, editable=False)
    key_mark = models.CharField(_("mark of the key"), max_length=16, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    next_try_at = models.DateTimeField(_("not called before"), default=timezone.now)  # else when it was called last
    is_slow = models.BooleanField(_("slow"), default=False)  # the last time: then it is called behind the others
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
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True) | Q(failures__gte=1, failing_since__isnull=False),
                name="webhook_fails_since_its_first_failure",
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

    def is_deaf(self, at: datetime) -> bool:
        """Whether it has failed so often and for so long that it is to be switched off."""
        since = self.failing_since or at
        return self.failures >= self.MOST_FAILURES and at - since >= self.LONGEST_DEAFNESS

    def begin_anew(self, at: datetime) -> None:
        """Forget that it failed, and let it be called from now on; the caller saves it."""
        self.failures, self.failing_since, self.next_try_at = 0, None, at

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
    LONGEST_WAIT = timedelta(hours=6)
    MOST_TRIES = 12  # with these waits, spread over a day and a half: a deaf webhook is switched off before
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
                fields=["webhook", "due_at"],
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True),
                name="delivery_waiting",
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def state(self) -> str:
        """`waiting`, `delivered` or `failed`."""
        if self.delivered_at:
            return "delivered"
        return "failed" if self.given_up_at else "waiting"

    @property
    def next_try_at(self) -> datetime | None:
        """When it is tried next, which waits for its webhook as well; None for what is not tried any more."""
        if self.state != "waiting":
            return None
        return max(self.due_at, self.webhook.next_try_at) if self.webhook.failures else self.due_at

    def log(self, at: datetime, attempt: dict[str, Any]) -> None:
        """Add a try to the log; the caller saves it."""
        self.attempts = [*self.attempts, {"at": at.isoformat(), **attempt}][-self.MOST_LOGGED :]
