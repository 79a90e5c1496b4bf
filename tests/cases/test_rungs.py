"""Laying out the steps of the ladder for many findings."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from cases.findings import Fault, open_all
from cases.models import Case, Escalation, EscalationRule, Finding
from cases.rulebook import Rulebook
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory

pytestmark = pytest.mark.django_db


def overdue(cases: list[Case]) -> list[Fault]:
    """Each has been overdue since another moment, as in life."""
    return [Fault(case, Finding.Kind.OVERDUE, MONDAY + timedelta(seconds=n)) for n, case in enumerate(cases)]


def instructions(work: Callable[[], Any]) -> int:
    """How many thousand instructions SQLite takes for it: the same on every machine, however busy. Else 0."""
    count = 0
    if connection.vendor != "sqlite":
        work()
        return count

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(tick, 1000)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return count


def test_each_finding_gets_the_steps_of_its_own_beginning() -> None:
    faults = overdue([logged_case() for _ in range(3)])
    rule = EscalationRule.objects.create(trigger="overdue", amount=7, unit="hour", action="remind")

    open_all(faults, Rulebook(), at=MONDAY)

    dues = dict(Escalation.objects.filter(rule=rule).values_list("case", "due_at"))
    assert dues == {fault.case.pk: fault.since + timedelta(hours=7) for fault in faults}


def test_laying_out_costs_the_same_for_each_finding_however_many_there_are() -> None:
    """A hundred thousand faults, each since another moment, once took hours on SQLite: a join without an index."""
    building = BuildingFactory()
    few, many = ([logged_case(building=building) for _ in range(count)] for count in (10, 100))

    costs = [instructions(partial(open_all, overdue(cases), Rulebook(), at=MONDAY)) for cases in (few, many)]

    steps = sum(rule.trigger == "overdue" for rule in Rulebook().ladder)
    assert Escalation.objects.filter(finding__kind="overdue").count() == 110 * steps
    assert costs[1] <= 12 * costs[0]
