"""People and programs that speak to the API of a running server."""

import http.client
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from tests.services.systems import PATIENCE

Deed = tuple[str, str, Any]  # the token, the action, its body
Answer = tuple[int, dict[str, Any]]  # the status and the document


@dataclass(frozen=True)
class Web:
    """The API of a running server."""

    port: int

    def send(self, token: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Return the status and the document; refusals must be problem documents that say what is the matter."""
        fixed = {"Authorization": f"Bearer {token}", "Accept-Language": "en", "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1/{path}", content, fixed | headers)
            response = connection.getresponse()
            text = response.read().decode()
        assert response.status < 500, text
        document: dict[str, Any] = json.loads(text)
        if response.status >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"
            assert document["status"] == response.status
            assert document["title"]
            assert document["detail"]
        return response.status, document

    def at_once(self, number: str, deeds: Sequence[Deed], **headers: str) -> list[Answer]:
        """Let everybody act on this case at the same moment."""
        barrier = Barrier(len(deeds))

        def act(deed: Deed) -> Answer:
            token, action, body = deed
            barrier.wait(PATIENCE)
            return self.send(token, "POST", f"cases/{number}/{action}/", body, **headers)

        with ThreadPoolExecutor(len(deeds)) as people:
            return list(people.map(act, deeds))
