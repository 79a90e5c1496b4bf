"""Ten thousand cases fall due in the same minute: two workers flag each once, and everybody hears of each step once."""

from pathlib import Path

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.processes import descendants
from tests.services.systems import PATIENCE, Part, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CASES = 10_000
FOUND = 3  # each is overdue, was not signed for, and nobody has done anything
STEPS = 4 + 2 + 2  # of the ladders for these
# Raising a case, and listing it, tells the party above and the lead; every other step tells one.
TOLD = STEPS + 3
MEMORY = 300  # MB for a process of a worker

PREPARE = f"""
from cases import history
from tests.services import town
town.build()
with history.untold():
    town.fall_due({CASES})
"""
SEND = "from celery import current_app; [current_app.send_task('{task}') for _each in range(2)]"
TOLD_OF_STEPS = "cases_notification WHERE event_id IN (SELECT id FROM cases_caseevent WHERE kind = 'escalated')"


def peak(worker: Part) -> float:
    """The most memory that a process of this worker has ever had, in MB."""
    pids = [worker.pid, *descendants(worker.pid)]
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def test_ten_thousand_cases_due_in_one_minute(system: System) -> None:
    system.manage(PREPARE)
    workers = [system.worker(name) for name in ("one", "two")]

    for task, left in (("cases.sweep_clocks", FOUND * CASES), ("cases.escalate", STEPS * CASES)):
        table = "cases_finding" if task == "cases.sweep_clocks" else "cases_escalation WHERE fired_at IS NOT NULL"
        system.manage(SEND.format(task=task))
        assert within(2 * PATIENCE, lambda table=table, left=left: system.count(table) == left)
    assert within(2 * PATIENCE, system.has_nothing_to_do)

    assert max(peak(worker) for worker in workers) < MEMORY
    assert system.count("cases_finding WHERE kind = 'overdue'") == CASES
    assert system.count("cases_caseevent WHERE kind = 'escalated'") == STEPS * CASES
    assert system.count(TOLD_OF_STEPS) == TOLD * CASES
    assert_unharmed(system)
