"""Numbering what has changed: a change gets its place in the feed once it is committed, and keeps it for ever.

A number drawn by the writer (an identity, a time) is there before the commit: whoever reads up to it passes by what a
slower writer commits later with a smaller one. Here readers give the numbers, one after the other, to what they see
committed.
"""

from django.db import connection, transaction

from cases.models import Change

BATCH = 10_000
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
