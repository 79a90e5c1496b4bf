"""The matrix of one town, against one hand-written statement that gives the same numbers through the driver."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.measure import Result, Size, in_turns
from benchmarks.towns import database, fill
from stakeholders.ledger import MatrixCell, matrix
from stakeholders.models import Estate, NeedItem

AT = datetime(2024, 6, 1, tzinfo=UTC)
TOWN = ("379926101000", "379926101999")
# For an estate and an item: how many places are in each state, and whether one of them is ruled.
Tally = dict[tuple[int, int], tuple[dict[str, int], bool]]

IN_FORCE = """
    record.withdrawn_at IS NULL AND record.valid_from <= %(at)s
    AND (record.valid_until IS NULL OR record.valid_until > %(at)s)
"""
# Every record that concerns a place, by building, estate or division, with the rank of its place.
REACHING = """
    SELECT place.estate, place.building, 101 AS rank, record.* FROM place
    JOIN {table} record ON record.building_id = place.building WHERE {in_force}
    UNION ALL
    SELECT place.estate, place.building, 100, record.* FROM place
    JOIN {table} record ON record.estate_id = place.estate WHERE {in_force}
    UNION ALL
    SELECT place.estate, place.building, digits.n, record.* FROM place
    JOIN (SELECT 2 AS n UNION ALL SELECT 4 UNION ALL SELECT 6 UNION ALL SELECT 9 UNION ALL SELECT 12) digits ON true
    JOIN {table} record ON record.area_id = substr(place.area, 1, digits.n) || substr('0000000000', 1, 12 - digits.n)
    WHERE {in_force}
"""
STATEMENT = """
WITH place AS (
    SELECT id AS estate, 0 AS building, area_id AS area FROM stakeholders_estate WHERE area_id BETWEEN {town}
    UNION ALL
    SELECT e.id, b.id, e.area_id FROM stakeholders_estate e JOIN stakeholders_building b ON b.estate_id = e.id
    WHERE e.area_id BETWEEN {town}
), party AS (
    SELECT id FROM stakeholders_party WHERE closed_at IS NULL OR closed_at > %(at)s
), matter AS (
    SELECT id AS one, 0 AS class, id AS item FROM stakeholders_needitem
    UNION ALL SELECT 0, need_class_id, id FROM stakeholders_needitem
    UNION ALL SELECT 0, 0, id FROM stakeholders_needitem
), claim AS ({claims}
), weighed AS (
    SELECT estate, building, matter.item,
        max(CASE role WHEN 'lead' THEN rank * 3 + narrow END) AS lead,
        max(CASE role WHEN 'disclaim' THEN rank * 3 + narrow ELSE -1 END) AS disclaimed,
        max(CASE role WHEN 'backstop' THEN 1 ELSE 0 END) AS backstop
    FROM (
        SELECT claim.*,
            CASE WHEN need_item_id IS NOT NULL THEN 2 WHEN need_class_id IS NOT NULL THEN 1 ELSE 0 END AS narrow
        FROM claim WHERE role IN ('lead', 'disclaim', 'backstop')
    ) claim
    JOIN party ON party.id = claim.party_id
    JOIN matter ON matter.one = coalesce(claim.need_item_id, 0) AND matter.class = coalesce(claim.need_class_id, 0)
    GROUP BY estate, building, matter.item, claim.party_id
), answered AS (
    SELECT estate, building, item,
        sum(CASE WHEN lead > disclaimed THEN 1 ELSE 0 END) AS leads, max(backstop) AS backstop
    FROM weighed GROUP BY estate, building, item
), decision AS ({decisions}
), ruled AS (
    SELECT DISTINCT estate, building, matter.item FROM decision
    JOIN party ON party.id = decision.lead_id
    JOIN matter
        ON matter.one = coalesce(decision.need_item_id, 0) AND matter.class = coalesce(decision.need_class_id, 0)
)
SELECT place.estate, item.id, CASE
        WHEN ruled.item IS NOT NULL OR leads = 1 THEN 'clear' WHEN leads > 1 THEN 'multi_head'
        WHEN backstop = 1 THEN 'backstop' ELSE 'vacuum' END AS state,
    count(*), count(ruled.item)
FROM place CROSS JOIN stakeholders_needitem item
LEFT JOIN answered
    ON answered.estate = place.estate AND answered.building = place.building AND answered.item = item.id
LEFT JOIN ruled ON ruled.estate = place.estate AND ruled.building = place.building AND ruled.item = item.id
GROUP BY place.estate, item.id, 3
"""


def measure(size: Size) -> Iterator[Result]:
    """One town of several in the database, at one instant."""
    with database():
        fill(size)
        items = list(NeedItem.objects.all())
        with CaptureQueriesContext(connection) as queries:
            cells = asked(items)
        if tally(cells) != tally_of_rows(stated()):
            raise AssertionError("The matrix and the statement disagree.")
        note = f"{len(cells):,} cells, {len(queries)} queries, {connection.vendor}"
        taken = in_turns(lambda: asked(items), stated, size.turns)
        yield Result("matrix of a town, against one statement", *taken, "s", 2, note)


def asked(items: Sequence[NeedItem]) -> list[MatrixCell]:
    """As a page asks, which knows its columns: the estates and their matrix."""
    estates = Estate.objects.filter(area__code__range=TOWN)
    return [cell for row in matrix(estates, items, AT) for cell in row]


def stated() -> list[tuple[Any, ...]]:
    """The same through the driver alone."""
    town = "'{}' AND '{}'".format(*TOWN)
    claims, decisions = (
        REACHING.format(table=f"stakeholders_{table}", in_force=IN_FORCE) for table in ("mandate", "ruling")
    )
    statement = STATEMENT.format(town=town, claims=claims, decisions=decisions)
    if connection.vendor == "sqlite":
        statement = statement.replace("%(at)s", ":at")
    at = connection.ops.adapt_datetimefield_value(AT)
    return list(connection.connection.execute(statement, {"at": at}))


def tally(cells: Iterable[MatrixCell]) -> Tally:
    """What the cells of the matrix say."""
    return {
        (cell.estate.pk, cell.item.pk): ({state.value: n for state, n in cell.counts.items()}, cell.is_ruled)
        for cell in cells
    }


def tally_of_rows(rows: Iterable[tuple[Any, ...]]) -> Tally:
    """What the rows of the statement say."""
    found: Tally = {}
    for estate, item, state, count, ruled in rows:
        counts, is_ruled = found.get((estate, item), ({}, False))
        found[estate, item] = counts | {state: count}, is_ruled or ruled > 0
    return found
