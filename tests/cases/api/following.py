"""A client that follows the change feed, as docs/api.md has it: what it was told, and the copy that it has by now."""

from typing import Any

from stakeholders.models import Membership
from tests.api import ApiClient


class Copy:
    """What a membership is told, page by page."""

    def __init__(self, membership: Membership, *, page_size: int = 1000) -> None:
        self.membership, self.client, self.page_size = membership, ApiClient(membership), page_size
        self.records: dict[tuple[str, Any], Any] = {}
        self.cursor = "0"

    def page(self) -> dict[str, Any]:
        """The next page, and the copy with it."""
        page: dict[str, Any] = self.client.read("changes/", after=self.cursor, page_size=self.page_size)
        for change in page["results"]:
            self.records.pop((change["kind"], change["id"]), None)
            if change["op"] == "upsert":
                self.records[change["kind"], change["id"]] = change["object"]
        self.cursor = page["next"]
        return page

    def follow(self) -> list[dict[str, Any]]:
        """All that there is by now."""
        told, has_more = [], True
        while has_more:
            page = self.page()
            told += page["results"]
            has_more = page["has_more"]
        return told
