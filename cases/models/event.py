"""History, timeline and outbox in one row."""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CaseEvent(models.Model):
    """One line of the history of a case. Rows are never changed or deleted: the database refuses.

    Each row carries the digest of itself and the row before, so that a history somebody bent can be found.
    `published_at` is the outbox stamp: empty until those concerned have been told.
    """

    class Kind(models.TextChoices):
        REPORTED = "reported", _("reported")
        IMPORTED = "imported", _("imported")
        OPENED = "opened", _("opened")
        LOCATED = "located", _("located")
        ASSIGNED = "assigned", _("assigned")
        SIGNED = "signed", _("signed for")
        CONTACTED = "contacted", _("reporter contacted")
        RETURNED = "returned", _("returned")
        REASSIGNED = "reassigned", _("reassigned")
        RULED = "ruled", _("ruled")
        CLAIMED = "claimed", _("claimed")
        DISCLAIMED = "disclaimed", _("disclaimed")
        AGREED = "agreed", _("agreed")
        DISPUTE_OPENED = "dispute_opened", _("dispute opened")
        DISPUTE_RAISED = "dispute_raised", _("dispute raised")
        PUT_IN_CHARGE = "put_in_charge", _("person put in charge")
        LEFT = "left", _("person in charge left")
        RESOLVED = "resolved", _("resolved")
        VERIFIED = "verified", _("verified")
        REWORKED = "reworked", _("sent back")
        CLOSED = "closed", _("closed")
        VOIDED = "voided", _("void")
        REOPENED = "reopened", _("reopened")
        RATED = "rated", _("rated")
        ASKED = "asked", _("more time asked for")
        EXTENDED = "extended", _("extended")
        HELD = "held", _("put on hold")
        REFUSED = "refused", _("request refused")
        RESUMED = "resumed", _("resumed")
        DEADLINE_MOVED = "deadline_moved", _("deadline moved")
        TIMER_STARTED = "timer_started", _("statutory timer started")
        TIMER_EXTENDED = "timer_extended", _("statutory timer extended")
        TIMER_STOPPED = "timer_stopped", _("statutory timer stopped")
        LINKED = "linked", _("joined to another case")
        DUPLICATE = "duplicate", _("duplicate joined")
        ATTACHED = "attached", _("file attached")
        CORRECTED = "corrected", _("corrected")
        COMMENTED = "commented", _("comment")
        REVEALED = "revealed", _("reporter looked up")
        FOUND = "found", _("fault found")
        CLEARED = "cleared", _("fault cleared")
        ESCALATED = "escalated", _("escalated")

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="events", verbose_name=_("case"))
    seq = models.PositiveIntegerField(_("line"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(_("digest"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once_per_case")]
        indexes = [
            models.Index(fields=["id"], condition=Q(published_at__isnull=True), name="event_to_publish"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.kind}"

    def digest_after(self, previous: str) -> str:
        """Digest of this line behind the line with digest `previous`."""
        return digest_of(self.__dict__, previous, self.case.number)


def digest_of(event: Mapping[str, Any], previous: str, number: str) -> str:
    """Digest of an event, its values by attribute, behind the one with digest `previous`: SHA-256 of a fixed form.

    The case is named by its number, which is there before the row is and outlives a move to another database.
    """
    at = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
    line = [previous, number, event["seq"], event["kind"], at, event["by_id"], event["details"]]
    return hashlib.sha256(_plain(line).encode()).hexdigest()


_plain = DjangoJSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
