"""Tell those concerned what happened: the outbox."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases import events
from cases.models import CaseEvent

logger = logging.getLogger(__name__)

BATCH = 500
GRACE = timedelta(seconds=20)  # a fresh event is still on its way through the broker


@transaction.atomic
def publish_events(ids: Sequence[int]) -> int:
    """Hand events to their handlers, each once; return how many were still to be published.

    The stamp and what the handlers write commit together, so that a worker that dies has published nothing.
    """
    unpublished = CaseEvent.objects.filter(pk__in=ids, published_at__isnull=True)
    claimed = list(
        unpublished.select_for_update(of=("self",), skip_locked=True).select_related("case__lead").order_by("pk")
    )
    CaseEvent.objects.filter(pk__in=[event.pk for event in claimed]).update(published_at=timezone.now())
    events.dispatch(claimed)
    return len(claimed)


def publish_forgotten_events() -> int:
    """Publish what the broker lost: events that are committed for a while and still bear no stamp.

    Walks through them once. An event that cannot be published is logged, tried again the next time, and does not
    hold up the others.
    """
    now = timezone.now()
    published = last = 0
    while ids := _forgotten(now, last):
        published += _publish_what_can_be(ids)
        last = ids[-1]
    return published


def _forgotten(now: datetime, last: int) -> list[int]:
    """Ids of what is not fresh; what seems to come from the future was recorded under a clock that ran ahead."""
    fresh = Q(recorded_at__range=(now - GRACE, now + GRACE))
    old = CaseEvent.objects.filter(~fresh, published_at__isnull=True, pk__gt=last)
    return list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _publish_what_can_be(ids: Sequence[int]) -> int:
    try:
        return publish_events(ids)
    except Exception:  # a handler may fail in any way, and one event must not starve the rest
        if len(ids) == 1:
            logger.exception("event %s cannot be published", ids[0])
            return 0
    half = len(ids) // 2
    return _publish_what_can_be(ids[:half]) + _publish_what_can_be(ids[half:])
