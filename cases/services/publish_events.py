"""Tell those concerned what happened: the outbox."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases import events
from cases.models import CaseEvent

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
    """Publish what the broker lost: events that are committed for a while and still bear no stamp."""
    published = 0
    while ids := _forgotten():
        published += publish_events(ids)
    return published


def _forgotten() -> list[int]:
    old = CaseEvent.objects.filter(published_at__isnull=True, recorded_at__lt=timezone.now() - GRACE)
    return list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
