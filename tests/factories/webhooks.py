"""Webhooks, and a receiver that runs on this host and notes what it gets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread
from typing import Any

from django.utils import timezone

from cases.models import Case, CaseEvent, Delivery, Webhook
from stakeholders.models import Membership
from tests.factories.stakeholders import MembershipFactory

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LOOPBACK = [ip_network("127.0.0.0/8")]


def webhook_of(membership: Membership | None = None, *, url: str = "https://hooks.example/", **given: Any) -> Webhook:
    """A webhook that may be called, whatever the moment."""
    membership = membership or MembershipFactory(api_client=True)
    webhook = Webhook(membership=membership, url=url, **{"next_try_at": LONG_AGO} | given)
    webhook.draw_secret()
    webhook.save()
    return webhook


def delivery_of(webhook: Webhook, case: Case, **given: Any) -> Delivery:
    """The first line of a case, to be delivered now."""
    event = CaseEvent.objects.filter(case=case).earliest("seq")
    now = timezone.now()
    return Delivery.objects.create(webhook=webhook, **{"event": event, "created_at": now, "due_at": now} | given)


@dataclass
class Receiver:
    """What has come, and the status that is answered."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?x=1"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver in a thread of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Tests print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield receiver
        server.shutdown()
