"""A worker is killed in the middle of a sweep: no flag is lost and none is doubled, on either engine."""

import os
import signal
import time

import pytest

from tests.services.conftest import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CASES = 6000  # a dozen batches: long enough to be hit in the middle

PREPARE = f"""
from datetime import datetime, UTC, timedelta
from django.core.management import call_command
from django.db import transaction
from cases import history
from cases.models import Case, CaseEvent
from stakeholders.models import Area

call_command("migrate", verbosity=0)
call_command("seed")
town = Area.objects.create(code="379926101000", name="清禾镇")
long_ago = datetime(2026, 1, 5, tzinfo=UTC)
cases = [
    Case(number=f"AZ-20260105-{{n:05}}", title="灯不亮", area=town, stage="opened", responsibility="unlocated",
         reported_at=long_ago, opened_at=long_ago, resolve_due_at=long_ago + timedelta(minutes=n), search_text="")
    for n in range({CASES})
]
with transaction.atomic():
    history.begin([(case, [history.Line(CaseEvent.Kind.REPORTED, long_ago)]) for case in cases])
"""
SEND = "from cases.tasks import run_sweep_overdue; run_sweep_overdue.delay()"
SWEEP = "from cases.services.sweep_overdue import sweep_overdue; print(sweep_overdue())"


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_worker_killed_in_a_sweep_loses_no_flag_and_doubles_none(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)
    worker = system.worker()
    system.manage(SEND)
    until = time.monotonic() + 60
    while system.count("cases_finding") == 0:
        assert time.monotonic() < until, "the sweep did not begin"
        time.sleep(0.01)

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    flagged = system.count("cases_finding")

    assert 0 < flagged < CASES, "the kill came too late to prove anything"
    assert system.count("cases_caseevent") == CASES + flagged
    assert int(system.manage(SWEEP)) == CASES - flagged
    assert int(system.manage(SWEEP)) == 0
    assert system.ask("SELECT count(DISTINCT case_id), count(*) FROM cases_finding") == [(CASES, CASES)]
    assert system.count("cases_caseevent") == 2 * CASES
    assert system.ask("SELECT count(*) FROM cases_case WHERE overdue_flagged_at IS NULL") == [(0,)]
    assert system.ask("SELECT count(DISTINCT (case_id * 100 + rule_id)), count(*) FROM cases_escalation") == [
        (3 * CASES, 3 * CASES)
    ]
