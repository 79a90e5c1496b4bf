"""What a webhook is sent: which event, of which case, and where to read it; nothing about people, and no free text."""

from datetime import datetime

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cases.models import CaseEvent, Delivery
from cases.signatures import signature


def body_of(event: CaseEvent) -> bytes:
    """The event as JSON, the same at each try; who wants to know more asks at `url` with a token."""
    return orjson.dumps(
        {
            "case": event.case.number,
            "seq": event.seq,
            "kind": event.kind,
            "at": timezone.localtime(event.at).isoformat(),
            "url": f"{settings.SITE_URL}{reverse('api:case', args=[event.case.number])}",
        }
    )


def headers_of(delivery: Delivery, body: bytes, *, secret: str, at: datetime) -> dict[str, str]:
    """The headers of a try at this moment, signed."""
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "settle_gov",
        "Settle-Delivery": str(delivery.uuid),
        "Settle-Event": delivery.event.kind,
        "Settle-Timestamp": str(timestamp),
        "Settle-Signature": signature(secret, timestamp, body),
    }
