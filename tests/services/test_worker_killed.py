"""A worker is killed in the middle of a sweep: nothing is lost and nothing is doubled, on either engine."""

from dataclasses import dataclass

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PREPARE = "from tests.services import town; town.build(); town.fall_due({cases})"
SEND = "from celery import current_app; current_app.send_task('{task}')"
STEPS = 4 + 2 + 2  # of the ladders: each case is overdue, was not signed for, and nobody has done anything


@dataclass(frozen=True)
class Sweep:
    """One of the sweeps: how to run it, what it leaves behind for each case, and what must be done before."""

    task: str
    service: str
    left: str
    each: int
    cases: int  # many batches: long enough to be hit in the middle
    before: str = ""

    def __str__(self) -> str:
        return self.service

    def run(self, system: System) -> int:
        service = self.service
        return int(system.manage(f"from cases.services.{service} import {service}; print({service}())"))


SWEEPS = [
    Sweep("cases.sweep_clocks", "sweep_clocks", "cases_finding WHERE kind = 'overdue'", 1, 3000),
    Sweep(
        "cases.sweep_unowned",
        "sweep_unowned",
        "cases_finding WHERE kind = 'vacuum'",
        1,
        150,
        before="; town.close_lead()",
    ),
    Sweep(
        "cases.escalate",
        "escalate",
        "cases_caseevent WHERE kind = 'escalated'",
        STEPS,
        4000,
        before="; from cases.services.sweep_clocks import sweep_clocks; sweep_clocks()",
    ),
]


@pytest.mark.parametrize("sweep", SWEEPS, ids=str)
def test_worker_killed_in_a_sweep_loses_nothing_and_doubles_nothing(system: System, sweep: Sweep) -> None:
    system.manage(PREPARE.format(cases=sweep.cases) + sweep.before)
    all_of_it = sweep.cases * sweep.each
    worker = system.worker()
    system.manage(SEND.format(task=sweep.task))
    assert within(PATIENCE, lambda: system.count(sweep.left) > 0, look_every=0.01), "the sweep did not begin"

    system.kill(worker)
    done = system.count(sweep.left)

    assert 0 < done < all_of_it, "the kill came too late to prove anything"
    assert sweep.run(system) >= all_of_it - done
    assert sweep.run(system) == 0
    assert system.count(sweep.left) == all_of_it
    assert_unharmed(system)
