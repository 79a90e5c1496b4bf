"""What must hold after every fault: nothing lost, nothing doubled, no lock left, and every history whole."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from unittest import mock

import psycopg
from django.core.management import call_command

from tests.services.systems import System
from tests.services.waiting import within

# Each counts what must not be.
FAULTS = {
    "cases that do not know how many lines they have": """
        SELECT count(*) FROM cases_case WHERE head_seq <>
            (SELECT count(*) FROM cases_caseevent WHERE case_id = cases_case.id)""",
    "lines that bear a number twice or leave one out": """
        SELECT count(*) FROM (SELECT case_id FROM cases_caseevent GROUP BY case_id
            HAVING count(DISTINCT seq) <> count(*) OR max(seq) <> count(*) OR min(seq) <> 1) AS bent""",
    "cases without a beginning": """
        SELECT count(*) FROM cases_case WHERE 1 <> (SELECT count(*) FROM cases_caseevent
            WHERE case_id = cases_case.id AND kind IN ('reported', 'imported'))""",
    "cases with two open findings of a kind": """
        SELECT count(*) FROM (SELECT case_id FROM cases_finding WHERE cleared_at IS NULL
            GROUP BY case_id, kind HAVING count(*) > 1) AS doubled""",
    "cases that have found more, or less, than their histories say": """
        SELECT count(*) FROM cases_case WHERE
            (SELECT count(*) FROM cases_finding WHERE case_id = cases_case.id) <>
            (SELECT count(*) FROM cases_caseevent
                WHERE case_id = cases_case.id AND kind IN ('found', 'dispute_opened'))""",
    "cases of which more, or less, is cleared than their histories say": """
        SELECT count(*) FROM cases_case WHERE
            (SELECT count(*) FROM cases_finding WHERE case_id = cases_case.id AND cleared_at IS NOT NULL) <>
            (SELECT count(*) FROM cases_caseevent WHERE case_id = cases_case.id AND kind = 'cleared')""",
    "overdue cases that were looked at without one open finding that says so": """
        SELECT count(*) FROM cases_case WHERE resolve_due_at < checked_at AND resolved_at IS NULL
            AND stage NOT IN ('closed', 'void', 'on_hold') AND 1 <> (SELECT count(*) FROM cases_finding
                WHERE case_id = cases_case.id AND kind = 'overdue' AND cleared_at IS NULL)""",
    "open overdue findings on cases that are done": """
        SELECT count(*) FROM cases_finding WHERE kind = 'overdue' AND cleared_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM cases_case WHERE id = case_id AND resolved_at IS NULL)""",
    "cases with two open leads": """
        SELECT count(*) FROM (SELECT case_id FROM cases_custody WHERE role = 'lead' AND until IS NULL
            GROUP BY case_id HAVING count(*) > 1) AS doubled""",
    "open cases whose lead is not who has the custody": """
        SELECT count(*) FROM cases_case WHERE stage NOT IN ('closed', 'void') AND coalesce(lead_id, 0) <>
            coalesce((SELECT party_id FROM cases_custody
                WHERE case_id = cases_case.id AND role = 'lead' AND until IS NULL), 0)""",
    "steps that were laid out twice": """
        SELECT count(*) FROM (SELECT case_id FROM cases_escalation GROUP BY case_id, rule_id, cycle
            HAVING count(*) > 1) AS doubled""",
    "cases that were escalated more, or less, often than steps have fired": """
        SELECT count(*) FROM cases_case WHERE
            (SELECT count(*) FROM cases_escalation WHERE case_id = cases_case.id AND fired_at IS NOT NULL) <>
            (SELECT count(*) FROM cases_caseevent WHERE case_id = cases_case.id AND kind = 'escalated')""",
    "people who were told the same twice": """
        SELECT count(*) FROM (SELECT event_id FROM cases_notification GROUP BY event_id, recipient_id
            HAVING count(*) > 1) AS doubled""",
    "events of which nobody was told": "SELECT count(*) FROM cases_caseevent WHERE published_at IS NULL",
}
OTHERS = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
LOCKED = f"""
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE {OTHERS} AND state LIKE 'idle in transaction%'),
           (SELECT count(*) FROM pg_locks WHERE pid IN (SELECT pid FROM pg_stat_activity WHERE {OTHERS}))
"""  # noqa: S608 -- no input in it


def fired(*triggers: str) -> str:
    """What to count for the steps of the ladder that have fired because of these kinds of faults."""
    named = ", ".join(f"'{trigger}'" for trigger in triggers)
    rules = f"SELECT id FROM cases_escalationrule WHERE trigger IN ({named})"  # noqa: S608 -- no input in it
    return f"cases_escalation WHERE fired_at IS NOT NULL AND rule_id IN ({rules})"


def assert_unharmed(system: System) -> None:
    """Let the outbox be emptied once more, then check everything."""
    system.manage("from tests.services.aftermath import settle; settle()")
    found = {what: count for what, query in FAULTS.items() if (count := system.ask(query)[0][0])}
    assert not found
    assert within(10, lambda: not is_locked(system)), "somebody still holds a lock"


def settle() -> None:
    """Publish what is still to be published, and reckon all histories again; runs in a process of the system."""
    from cases.services import publish_events  # noqa: PLC0415 -- needs Django set up

    with mock.patch.object(publish_events, "GRACE", timedelta(0)):
        publish_events.publish_forgotten_events()
    call_command("verify_history")


def is_locked(system: System) -> bool:
    """Say whether anybody holds a lock in the database: on SQLite, whether a writer would have to wait."""
    if not system.is_embedded:
        with psycopg.connect(system.env["DATABASE_URL"]) as connection:
            return connection.execute(LOCKED).fetchone() != (0, 0)
    database = system.env["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False
