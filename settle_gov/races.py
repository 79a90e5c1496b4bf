"""Telling apart what the database refuses: another was quicker, another is at it just now, or a fault of ours."""

from django.db import IntegrityError, OperationalError

# PostgreSQL: serialization failure, deadlock, lock not available. SQLite: SQLITE_BUSY and SQLITE_LOCKED.
LOCKED = frozenset({"40001", "40P01", "55P03", 5, 6})
# PostgreSQL: unique violation. SQLite: SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
TAKEN = frozenset({"23505", 1555, 2067})


def is_lost_race(error: IntegrityError) -> bool:
    """Somebody else wrote the same between our look and our write."""
    return _code(error) in TAKEN


def is_lock_conflict(error: OperationalError) -> bool:
    """Somebody else holds what we wanted to write, and did not let go in time."""
    return _code(error) in LOCKED


def _code(error: Exception) -> str | int | None:
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorcode", None)
