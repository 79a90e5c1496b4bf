"""Put what is to be told by mail into mails: one for each recipient."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from cases.models import Mail, Notification
from cases.rulebook import Rulebook
from cases.wishes import reachable
from stakeholders.models import Membership

BATCH = 500


def collect_mail(*, at: datetime | None = None) -> int:
    """Gather all notifications whose time has come into one mail for each recipient; return how many mails.

    Any number may run at once: a batch passes over the recipients that another one holds, and what is in a mail goes
    into no other. Nothing is sent here.
    """
    at = at or timezone.now()
    collected = 0
    while (newly := _collect_batch(at)) is not None:
        collected += newly
    return collected


@transaction.atomic
def _collect_batch(at: datetime) -> int | None:
    """Collect for those who have waited longest; None when there is nobody, or another batch holds them."""
    waiting = Notification.objects.to_mail(at).order_by("mail_due_at").values_list("recipient", flat=True)[:BATCH]
    recipients = _hold(set(waiting))
    if not recipients:
        return None
    due = Notification.objects.to_mail(at).filter(recipient__in=recipients)
    due.exclude(recipient__in=reachable(at)).update(mail_due_at=None)
    opens = Rulebook().calendar.opening(at)
    if opens > at:
        due.that_can_wait().update(mail_due_at=opens)
    firsts = due.order_by().values_list("recipient").annotate(Min("pk"))
    mails = Mail.objects.bulk_create(
        Mail(key=Mail.key_for(recipient, first), recipient_id=recipient, created_at=at, due_at=at)
        for recipient, first in firsts
    )
    own = Mail.objects.filter(recipient=OuterRef("recipient"), key__in=[mail.key for mail in mails])
    due.filter(recipient__in=[mail.recipient_id for mail in mails]).update(mail=Subquery(own.values("pk")))
    return len(mails)


def _hold(recipients: Collection[int]) -> list[int]:
    """Lock recipients, and not what they are told, so that nobody's notices are split between two mails."""
    held = Membership.objects.filter(pk__in=recipients).order_by("pk") if recipients else Membership.objects.none()
    return list(held.select_for_update(of=("self",), no_key=True, skip_locked=True).values_list("pk", flat=True))
