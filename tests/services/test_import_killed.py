"""A worker is killed in the middle of an import, or an import is delivered several times: each row comes once."""

import json

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROWS = 6_000  # twelve chunks, of which only some are done when the worker dies
PREPARE = """
from tests.factories.imports import message, started_import
from tests.factories.stakeholders import MembershipFactory
from tests.services import town
town.build()
started_import(MembershipFactory(administrator=True), [message(n, "") for n in range({rows})])
"""
SEND_AGAIN = """
from celery import current_app
for _each in range(3):
    current_app.send_task('cases.work_off_import', [1])
"""
GO_ON = """
from django.utils import timezone
from cases.models.case_import import LEASE
from cases.services.work_off_imports import work_off_imports
print(work_off_imports(at=timezone.now() + {leases} * LEASE))
"""
EACH_ONCE = "(SELECT DISTINCT external_id FROM cases_case) AS each"


def test_worker_killed_in_an_import_loses_no_row_and_brings_none_twice(system: System) -> None:
    system.manage(PREPARE.format(rows=ROWS))
    worker = system.worker()
    assert within(PATIENCE, lambda: system.count("cases_case") > 0, look_every=0.01), "the import did not begin"

    system.kill(worker)
    done = system.count("cases_case")

    assert 0 < done < ROWS, "the kill came too late to prove anything"
    assert system.ask("SELECT added FROM cases_caseimport") == [(done,)]
    assert int(system.manage(GO_ON.format(leases=0))) == 0  # the dead one still holds it
    assert int(system.manage(GO_ON.format(leases=2))) == ROWS
    assert int(system.manage(GO_ON.format(leases=2))) == 0
    assert_all_are_here(system, ROWS)


def test_import_delivered_four_times_at_once(system: System) -> None:
    system.manage(PREPARE.format(rows=600))
    system.manage(SEND_AGAIN)
    system.worker(concurrency=3)

    assert within(PATIENCE, lambda: system.count("cases_caseimport WHERE state = 'done'") == 1)
    assert within(PATIENCE, system.has_nothing_to_do)
    assert_all_are_here(system, 600)


def assert_all_are_here(system: System, rows: int) -> None:
    [(state, figures)] = system.ask("SELECT state, CAST(import_figures AS text) FROM cases_caseimport")
    told = json.loads(str(figures))
    assert (state, told["rows"], told["added"], told["known"], told["refused"]) == ("done", rows, rows, 0, 0)
    assert [system.count(what) for what in ("cases_case", EACH_ONCE)] == [rows] * 2
    assert_unharmed(system)
