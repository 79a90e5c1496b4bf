"""Tell webhooks what has happened."""

import random
import time
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases import targets
from cases.calls import body_of, headers_of
from cases.models import Case, Delivery, Notification, Webhook
from cases.models.webhook import wait_after
from cases.wishes import Wishes
from stakeholders.models import Membership

BUDGET = 100  # seconds after which a run calls nobody more; the next one goes on
FOR_SLOW_ONES = 30  # seconds more for those that were slow the last time
SLOW = 5.0  # seconds
GOT_THROUGH = range(200, 300)
MOST_ERROR = 200  # characters of it that are kept
NEVER_CAME_BACK = "whoever sent it never came back"
OUT_OF_SIGHT = "the case is out of sight by now"
LOST_SECRET = "the key behind the secret is gone: ask for a new secret"  # noqa: S105 -- none


@dataclass(frozen=True)
class Attempt:
    """What came of a try: the status, None without an answer, and what was wrong, empty for nothing."""

    status: int | None
    error: str
    seconds: float = 0.0

    @property
    def got_through(self) -> bool:
        """Whether the receiver has it."""
        return not self.error

    @property
    def is_slow(self) -> bool:
        """Whether it took so long that others had to wait."""
        return self.seconds >= SLOW


def deliver_webhooks(*, at: datetime | None = None) -> int:
    """Deliver what is due and return how many got through.

    Each delivery is claimed and the claim committed; then it is sent outside of any transaction, and noted. What dies
    in between leaves a claim that grows old, and the same is sent again under the same id.

    Webhooks get one delivery each in turn, the one that has waited longest first. Those that were slow the last time
    come after all others and have seconds of their own, so that neither keeps the other from its turn.
    """
    return _in_turn(at, BUDGET, is_slow=False) + _in_turn(at, FOR_SLOW_ONES, is_slow=True)


def _in_turn(at: datetime | None, seconds: float, *, is_slow: bool) -> int:
    """Call webhooks one after the other, again and again, until nothing waits or the time is over.

    One that fails is left alone for a while. Where one is slow its member has had its turn with all its webhooks: one
    member costs the others one time-out a run, and not one for each webhook.
    """
    delivered, until = 0, time.monotonic() + seconds
    turn = deque(Webhook.objects.ready(at or timezone.now()).filter(is_slow=is_slow))
    while turn and time.monotonic() < until:
        webhook = turn.popleft()
        delivery = _claim(webhook, at or timezone.now())
        if delivery is None:
            continue
        if delivery.given_up_at is not None:
            turn.append(webhook)
            continue
        attempt = _send(delivery, at)
        delivered += attempt.got_through
        if attempt.is_slow:
            turn = deque(each for each in turn if each.membership_id != webhook.membership_id)
        elif attempt.got_through:
            turn.append(webhook)
    return delivered


@transaction.atomic(durable=True)
def _claim(webhook: Webhook, at: datetime) -> Delivery | None:
    """Claim its next delivery, or give it up where it is not to be sent any more; None when none is waiting.

    A worker that dies has used up a try.
    """
    waiting = Delivery.objects.waiting(at).filter(webhook=webhook).order_by("due_at", "pk")
    waiting = waiting.select_related("webhook__membership__area", "event__case")
    delivery = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if delivery is None:
        return None
    if reason := _why_not(delivery, at):
        delivery.given_up_at = at
        delivery.log(at, asdict(Attempt(None, reason)))
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


def _send(delivery: Delivery, at: datetime | None) -> Attempt:
    """Send it, note what came of it, and return that."""
    began = time.monotonic()
    status, error = _post(delivery, at or timezone.now())
    attempt = Attempt(status, error, round(time.monotonic() - began, 3))
    _note(delivery, at or timezone.now(), attempt)
    return attempt


def _post(delivery: Delivery, at: datetime) -> tuple[int | None, str]:
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
def _note(delivery: Delivery, at: datetime, attempt: Attempt) -> None:
    """Write down a try, unless somebody else has taken the delivery over or it was removed meanwhile."""
    own = Delivery.objects.select_related("webhook").filter(pk=delivery.pk, claimed_at=delivery.claimed_at)
    locked = own.select_for_update(of=("self", "webhook"), no_key=True).first()
    if locked is None:
        return
    webhook = locked.webhook
    webhook.is_slow = attempt.is_slow
    delivery.log(at, asdict(attempt))
    delivery.claimed_at = None
    if attempt.got_through:
        delivery.delivered_at = at
        webhook.begin_anew(at)
    else:
        _try_later_or_give_up(delivery, webhook, at)
    delivery.save()
    webhook.save(update_fields=["failures", "failing_since", "next_try_at", "is_slow", "is_active", "switched_off_at"])


def _try_later_or_give_up(delivery: Delivery, webhook: Webhook, at: datetime) -> None:
    """Wait longer each time, the event as well as the webhook; one that stays deaf is switched off, and that is told.

    Where something else got through meanwhile, this one event is what is wrong, and not the webhook.
    """
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or at
    webhook.next_try_at = at + _by_chance(wait_after(webhook.failures, longest=Webhook.LONGEST_WAIT))
    if delivery.tries < Delivery.MOST_TRIES:
        delivery.due_at = at + _by_chance(wait_after(delivery.tries, longest=Delivery.LONGEST_WAIT))
    else:
        delivery.given_up_at = at
    if webhook.is_active and webhook.is_deaf(at):
        webhook.is_active, webhook.switched_off_at = False, at
        _tell_member(delivery, at)


def _by_chance(wait: timedelta) -> timedelta:
    """Make it shorter or longer, so that not all come back at once."""
    return wait * random.uniform(0.5, 1.5)  # noqa: S311 -- no secret


def _tell_member(delivery: Delivery, at: datetime) -> None:
    recipient, event = delivery.webhook.membership_id, delivery.event
    Notification.objects.create(
        recipient_id=recipient,
        event=event,
        webhook=delivery.webhook,
        created_at=at,
        mail_due_at=Wishes([recipient]).mail_due_at(recipient, event, at),
    )
