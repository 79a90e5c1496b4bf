"""The benchmarks still run: at a tiny size, where their figures say nothing."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from benchmarks import many_cases, sweeps
from benchmarks.__main__ import MEASURES
from benchmarks.city import Draw
from benchmarks.measure import Result, Size, table
from benchmarks.refresh import taken
from benchmarks.town_matrix import asked, stated, tally, tally_of_rows
from benchmarks.towns import fill
from benchmarks.whole_city import bare_sweep, expanded
from cases.models import Case, CaseEvent, Escalation, Finding
from stakeholders.coverage import Duty
from stakeholders.models import NeedItem
from stakeholders.segments import CLEAR, MULTI_HEAD, history

DUE = many_cases.OPENED_AT + timedelta(days=2)
TINY = Size(estates=6, buildings=2, records=80, towns=1, records_of_towns=100, turns=1)


@pytest.mark.parametrize("name", [each for each in MEASURES if each != "town_matrix"])
def test_measure_without_a_database_gives_figures(name: str) -> None:
    results = list(import_module(f"benchmarks.{name}").measure(TINY))

    assert [each for each in results if not (each.ours > 0 and each.raw > 0)] == []


@pytest.mark.django_db
def test_measure_of_a_refresh_gives_figures() -> None:
    result = taken(TINY)

    assert (result.ours > 0, result.raw > 0) == (True, True)


@pytest.mark.django_db
def test_sweeps_leave_as_many_rows_as_the_statements_that_they_are_measured_by() -> None:
    if connection.vendor != "postgresql":
        assert list(sweeps.measure(TINY)) == []
        return
    many_cases.fill(4)
    tables = (Finding, Escalation, CaseEvent)
    left: list[list[int]] = []
    for work, moment in ((sweeps._ours, DUE), (sweeps._raw, DUE + timedelta(hours=1))):
        before = [table.objects.count() for table in tables]
        untouched = Case.objects.filter(checked_at__isnull=True).order_by("pk").values("pk")[:2]
        Case.objects.filter(pk__in=untouched).update(resolve_due_at=moment, next_check_at=moment)
        work(moment + timedelta(minutes=1))
        left.append([table.objects.count() - count for table, count in zip(tables, before, strict=True)])

    assert left[0] == left[1]
    assert left[0][0] == 2


@pytest.mark.django_db
def test_statement_says_what_the_matrix_says() -> None:
    fill(TINY)

    assert tally(asked(list(NeedItem.objects.all()))) == tally_of_rows(stated())


def test_bare_sweep_agrees_where_only_mandates_of_different_parties_matter() -> None:
    layout, claims, _decisions = Draw(6, 2, 80).city()
    leads = [(claim, period) for claim, period in claims if claim.duty is Duty.LEAD]

    cell, _at, state = bare_sweep(expanded(Draw(6, 2, 80).city()))

    told = history(layout, leads).segments
    assert set(cell[state != 0]) == set(told.cell[(told.state == CLEAR) | (told.state == MULTI_HEAD)])


def test_table_says_where_an_aim_is_missed() -> None:
    reached, missed = (Result("work", ours, 2.0, "s", 3) for ours in (5.0, 7.0))

    [_head, *lines] = table([reached, missed])

    assert [line.split()[-1] for line in lines] == ["yes", "NO"]
