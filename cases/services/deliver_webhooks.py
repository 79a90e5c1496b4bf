"""Tell webhooks what has happened."""

import random
import time
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cases import targets
from cases.calls import body_of, headers_of
from cases.models import Case, Delivery, Notification, Webhook
from cases.wishes import Wishes
from stakeholders.models import Membership

BUDGET = 100  # seconds after which a run begins no more; the next one goes on
GOT_THROUGH = range(200, 300)
MOST_ERROR = 200  # characters of it that are kept
NEVER_CAME_BACK = "whoever sent it never came back"
OUT_OF_SIGHT = "the case is out of sight by now"
LOST_SECRET = "the key behind the secret is gone: ask for a new secret"  # noqa: S105 -- none


def deliver_webhooks(*, at: datetime | None = None) -> int:
    """Deliver what is due and return how many got through.

    Each delivery is claimed and the claim committed; then it is sent outside of any transaction, and noted. What dies
    in between leaves a claim that grows old, and the same is sent again under the same id. A webhook that fails is
    left alone until the next run, so that a dead server costs one time-out and not one for each event.
    """
    delivered, until = 0, time.monotonic() + BUDGET
    deaf: set[int] = set()
    while time.monotonic() < until and (delivery := _claim(at or timezone.now(), deaf)) is not None:
        got_through = _send(delivery, at)
        delivered += got_through
        if not got_through:
            deaf.add(delivery.webhook_id)
    return delivered


def _claim(at: datetime, deaf: set[int]) -> Delivery | None:
    """Claim the next delivery that still may be sent; None when none is waiting."""
    while (delivery := _claim_next(at, deaf)) is not None:
        if delivery.given_up_at is None:
            return delivery
    return None


@transaction.atomic(durable=True)
def _claim_next(at: datetime, deaf: set[int]) -> Delivery | None:
    """Claim one, or give it up where it is out of sight by now; a worker that dies has used up a try."""
    waiting = Delivery.objects.waiting(at).exclude(webhook__in=deaf).order_by("due_at", "pk")
    waiting = waiting.select_related("webhook__membership__area", "event__case")
    delivery = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if delivery is None:
        return None
    if reason := _why_not(delivery, at):
        delivery.given_up_at = at
        delivery.log(at, {"status": None, "error": reason, "seconds": 0.0})
    else:
        delivery.claimed_at, delivery.tries = at, delivery.tries + 1
    delivery.save()
    return delivery


def _why_not(delivery: Delivery, at: datetime) -> str:
    """Why it is not to be sent any more, empty where it is: its case may be out of sight by now, or its member gone."""
    if delivery.tries >= Delivery.MOST_TRIES:
        return NEVER_CAME_BACK
    membership = delivery.webhook.membership
    is_current = Membership.objects.current(at).filter(pk=membership.pk).exists()
    sees = is_current and Case.objects.visible_to(membership).filter(pk=delivery.event.case_id).exists()
    return "" if sees else OUT_OF_SIGHT


def _send(delivery: Delivery, at: datetime | None) -> bool:
    """Send it, note what came of it, and say whether it got through."""
    began = time.monotonic()
    status, error = _post(delivery, at or timezone.now())
    attempt = {"status": status, "error": error, "seconds": round(time.monotonic() - began, 3)}
    _note(delivery, at or timezone.now(), attempt)
    return not error


def _post(delivery: Delivery, at: datetime) -> tuple[int | None, str]:
    """The status, None without an answer, and what was wrong, empty for nothing."""
    secret = delivery.webhook.secret
    if secret is None:
        return None, LOST_SECRET
    body = body_of(delivery.event)
    try:
        status = targets.post(delivery.webhook.url, body, headers_of(delivery, body, secret=secret, at=at))
    except targets.FAILURES as failure:
        return None, f"{type(failure).__name__}: {failure}"[:MOST_ERROR]
    return status, "" if status in GOT_THROUGH else f"answered {status}"


@transaction.atomic(durable=True)
def _note(delivery: Delivery, at: datetime, attempt: dict[str, Any]) -> None:
    """Write down a try, unless somebody else has taken the delivery over or it was removed meanwhile."""
    own = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk, claimed_at=delivery.claimed_at)
    if not own:
        return
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    delivery.log(at, attempt)
    delivery.claimed_at = None
    if not attempt["error"]:
        delivery.delivered_at = at
        webhook.filter(failures__gt=0).update(failures=0)
    else:
        webhook.update(failures=F("failures") + 1)
        _try_later_or_give_up(delivery, at)
    delivery.save()


def _try_later_or_give_up(delivery: Delivery, at: datetime) -> None:
    """Wait longer each time, by chance so that not all come back at once; after the last try say so, once."""
    if delivery.tries < Delivery.MOST_TRIES:
        delivery.due_at = at + Delivery.wait_after(delivery.tries) * random.uniform(0.5, 1.5)  # noqa: S311 -- no secret
        return
    delivery.given_up_at = at
    # Where something else got through meanwhile, this one event is what is wrong, and not the webhook.
    deaf = Webhook.objects.filter(pk=delivery.webhook_id, is_active=True, failures__gte=Delivery.MOST_TRIES)
    if deaf.update(is_active=False, switched_off_at=at):
        _tell_member(delivery, at)


def _tell_member(delivery: Delivery, at: datetime) -> None:
    recipient, event = delivery.webhook.membership_id, delivery.event
    Notification.objects.create(
        recipient_id=recipient,
        event=event,
        webhook=delivery.webhook,
        created_at=at,
        mail_due_at=Wishes([recipient]).mail_due_at(recipient, event, at),
    )
