"""What one recorded mandate costs the stored episodes, against reckoning and writing those of the whole city.

Takes minutes, because all episodes of a city are written first; so it is taken only where it is named.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from django.db import connection

from benchmarks.measure import Result, Size
from benchmarks.towns import database, fill
from stakeholders.models import Episode, Estate, Mandate, Party, StaleScope
from stakeholders.services.refresh_episodes import refresh_episodes

ESTATES_OF_A_TOWN = 50
SINCE = datetime(2025, 5, 1, tzinfo=UTC)


def measure(size: Size) -> Iterator[Result]:
    """In a database of its own."""
    with database():
        yield taken(size)


def taken(size: Size) -> Result:
    """Fill a city, then change one estate after the other. Every time includes finding, reading and writing."""
    fill(replace(size, towns=max(1, size.estates // ESTATES_OF_A_TOWN), records_of_towns=size.records))
    whole = _seconds_of_refresh()
    Estate.objects.update(is_reckoned=False)
    compared = _seconds_of_refresh()
    party = Party.objects.order_by("pk")[0]
    changed = []
    for estate in Estate.objects.order_by("pk")[: size.turns]:
        Mandate.objects.create(party=party, role=Mandate.Role.LEAD, basis="合同", estate=estate, valid_from=SINCE)
        StaleScope.objects.create(estate=estate)
        changed.append(_seconds_of_refresh())
    note = f"{Episode.objects.count():,} episodes, {connection.vendor}; comparing all again {compared:.0f} s"
    return Result("one estate-wide mandate stored, against all", median(changed), whole, "s", 1 / 200, note)


def _seconds_of_refresh() -> float:
    began = perf_counter()
    refresh_episodes()
    return perf_counter() - began
