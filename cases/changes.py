"""Numbering what has changed: a change gets its place in the feed once it is committed, and keeps it for ever.

A number drawn by the writer (an identity, a time) is there before the commit: whoever reads up to it passes by what a
slower writer commits later with a smaller one. Here readers give the numbers, one after the other, to what they see
committed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from cases.models import Change
from stakeholders.models import Membership

BATCH = 10_000  # that are numbered in one request
LOOK = 10_000  # that one request looks at, whether its reader sees them or not
LOCK = 0x5E771E  # any number that nothing else of ours takes

NUMBER = """
UPDATE cases_change SET seq = fresh.seq
FROM (
    SELECT id, (SELECT coalesce(max(seq), 0) FROM cases_change WHERE seq IS NOT NULL)
        + row_number() OVER (ORDER BY id) AS seq
    FROM (SELECT id FROM cases_change WHERE seq IS NULL ORDER BY id LIMIT %s) AS committed
) AS fresh
WHERE cases_change.id = fresh.id
"""


def number_changes() -> bool:
    """Give the next numbers to some of what was committed since; say whether there was any. Else it is one query.

    Whoever comes while another one numbers waits for it: two would give the same numbers.
    """
    if not Change.objects.unnumbered().exists():
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # on SQLite whoever writes is alone anyway
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(NUMBER, [BATCH])
    return True


@dataclass(frozen=True)
class Page:
    """What a membership is told of the changes up to `next`, and whether there are others behind that by now."""

    changes: Sequence[Change]
    next: int
    has_more: bool


def read_on(after: int, size: int, *, by: Membership, records: Mapping[str, QuerySet[Any]]) -> Page:
    """The next page behind a number, for a membership that sees these records of each kind.

    It may be empty and yet have moved on: how much one request looks at and numbers does not depend on who asks.
    """
    last = Change.objects.last_number()
    if last <= after:
        if not number_changes():
            return Page([], after, has_more=False)
        last = Change.objects.last_number()
    end = min(after + LOOK, last)
    found = list(Change.objects.between(after, end).told_to(by, records)[:size])
    # A full page ends with what it tells; behind it there may be more within what was looked at.
    seen_up_to = found[-1].seq if len(found) == size else end
    cursor = max(after, seen_up_to or 0)
    return Page(found, cursor, has_more=cursor < last or Change.objects.unnumbered().exists())
