"""What the sweeps cost among a million cases, against hand-written SQL that writes the same rows. On PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from benchmarks.many_cases import OPENED_AT, fill
from benchmarks.measure import Result, Size
from benchmarks.towns import database
from cases.deadlines import due
from cases.models import Case, EscalationRule, Finding
from cases.rulebook import Rulebook
from cases.services.escalate import escalate
from cases.services.sweep_clocks import sweep_clocks
from cases.worktime import Unit
from settle_gov.garbage import collect_seldom

FALLING_DUE = 10_000
SIZES = (10_000, 100_000, 1_000_000)
STEP = timedelta(minutes=10)
IDLE_TURNS = 50

FIND = """
WITH due AS (
    SELECT id, number, resolve_due_at, head_seq, head_digest FROM cases_case
    WHERE next_check_at < %(at)s ORDER BY next_check_at, id FOR UPDATE SKIP LOCKED
), found AS (
    INSERT INTO cases_finding (case_id, kind, since, opened_at, evidence)
    SELECT id, 'overdue', resolve_due_at, %(at)s, '{}' FROM due RETURNING id, case_id
), planned AS (
    INSERT INTO cases_escalation (case_id, finding_id, rule_id, cycle, due_at)
    SELECT found.case_id, found.id, step.rule, 1, step.due_at
    FROM found, unnest(%(rules)s::bigint[], %(dues)s::timestamptz[]) AS step(rule, due_at)
), told AS (
    INSERT INTO cases_caseevent (case_id, seq, kind, at, details, recorded_at, digest)
    SELECT id, head_seq + 1, 'found', %(at)s, '{"finding":"overdue"}', now(), encode(sha256(convert_to(
        '["' || head_digest || '","' || number || '",' || head_seq + 1 || ',"found",'
        || %(at_text)s || ',null,{"finding":"overdue"}]', 'UTF8')), 'hex')
    FROM due RETURNING case_id, seq, digest
)
UPDATE cases_case SET head_seq = told.seq, head_digest = told.digest, version = version + 1, updated_at = now(),
    checked_at = %(at)s, next_check_at = NULL
FROM told WHERE cases_case.id = told.case_id
"""
FIRE = """
WITH step AS (
    SELECT escalation.id, escalation.case_id, escalation.rule_id, number, head_seq, head_digest
    FROM cases_escalation AS escalation JOIN cases_case ON cases_case.id = escalation.case_id
    WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at <= %(at)s FOR UPDATE OF cases_case SKIP LOCKED
), fired AS (
    UPDATE cases_escalation SET fired_at = %(at)s FROM step WHERE cases_escalation.id = step.id
), told AS (
    INSERT INTO cases_caseevent (case_id, seq, kind, at, details, recorded_at, digest)
    SELECT case_id, head_seq + 1, 'escalated', %(at)s,
        jsonb_build_object('rule', rule_id, 'trigger', 'overdue', 'action', 'remind'), now(), encode(sha256(convert_to(
        '["' || head_digest || '","' || number || '",' || head_seq + 1 || ',"escalated",' || %(at_text)s
        || ',null,{"action":"remind","rule":' || rule_id || ',"trigger":"overdue"}]', 'UTF8')), 'hex')
    FROM step RETURNING case_id, seq, digest
)
UPDATE cases_case SET head_seq = told.seq, head_digest = told.digest, version = version + 1, updated_at = now()
FROM told WHERE cases_case.id = told.case_id
"""


def measure(size: Size) -> Iterator[Result]:
    """At three sizes with nothing due, then with many falling due at once at the largest."""
    if connection.vendor != "postgresql":
        return
    collect_seldom()  # as workers do
    idle = []
    for count in SIZES:
        with database():
            fill(count)
            idle.append(_idle_seconds())
            if count == SIZES[-1]:
                yield _newly_due(size)
    for count, seconds in zip(SIZES[1:], idle[1:], strict=True):
        yield Result(f"sweep and ladder, nothing due, {count:,} cases", seconds, idle[0], "s", 1.5, "raw: at 10,000")


def _idle_seconds() -> float:
    at = OPENED_AT + timedelta(days=1)
    taken = []
    for _turn in range(IDLE_TURNS):
        began = perf_counter()
        sweep_clocks(at=at)
        escalate(at=at)
        taken.append(perf_counter() - began)
    return median(taken)


def _newly_due(size: Size) -> Result:
    """Ours and raw take turns, each with other cases that fall due."""
    ours: list[float] = []
    raw: list[float] = []
    moment = OPENED_AT + timedelta(days=2)
    for turn in range(size.turns):
        for taken, work in ((ours, _ours), (raw, _raw)) if turn % 2 else ((raw, _raw), (ours, _ours)):
            moment += STEP
            _let_fall_due(moment)
            began = perf_counter()
            work(moment + timedelta(minutes=1))
            taken.append(perf_counter() - began)
    found = Finding.objects.filter(kind=Finding.Kind.OVERDUE).count()
    assert found == 2 * size.turns * FALLING_DUE, found  # noqa: S101 -- else the figure would say nothing
    note = f"{found // FALLING_DUE} turns in all; findings, steps, events"
    return Result(f"{FALLING_DUE:,} newly overdue of {SIZES[-1]:,}", median(ours), median(raw), "s", 2, note)


def _let_fall_due(moment: datetime) -> None:
    untouched = Case.objects.filter(checked_at__isnull=True).order_by("pk").values("pk")[:FALLING_DUE]
    Case.objects.filter(pk__in=untouched).update(resolve_due_at=moment, next_check_at=moment)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case")


def _ours(at: datetime) -> None:
    sweep_clocks(at=at)
    escalate(at=at)


def _raw(at: datetime) -> None:
    calendar, since = Rulebook().calendar, at - timedelta(minutes=1)
    ladder = EscalationRule.objects.filter(trigger=Finding.Kind.OVERDUE)
    dues = [due(since, each.amount, Unit(each.unit), calendar).at if each.amount else since for each in ladder]
    given: dict[str, Any] = {"at": at, "at_text": f'"{at.isoformat(timespec="microseconds")}"'}
    for statement, more in ((FIND, {"rules": [each.pk for each in ladder], "dues": dues}), (FIRE, {})):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, given | more)
