"""Each sweep twice, and all of them at once, at the same cases: what is due is done once."""

from pathlib import Path

import pytest

from tests.services.aftermath import assert_unharmed, fired
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CASES = 300
STEPS = 4 + 1  # of the ladder for what is overdue, and the one that is due at once where nobody has a case

PREPARE = f"from tests.services import town; town.build(); town.fall_due({CASES}); town.close_lead()"
SWEEPS = ["sweep_clocks", "sweep_unowned", "escalate"]
SWEEP = """
import time
from pathlib import Path
from cases.services.{sweep} import {sweep}
Path("{ready}").touch()
while not Path("{go}").exists():
    time.sleep(0.001)
print({sweep}())
"""
# A sweep passes over what another one holds just then; the next round, half a minute later in earnest, does it.
ONCE_MORE = """
from cases.services.escalate import escalate
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_unowned import sweep_unowned
print(sweep_clocks(), sweep_unowned(), escalate())
"""


def test_sweeps_at_the_same_moment_do_everything_once(system: System, tmp_path: Path) -> None:
    system.manage(PREPARE)
    go, ready = tmp_path / "go", {tmp_path / f"{sweep}-{n}": sweep for sweep in SWEEPS for n in range(2)}

    processes = [system.start(SWEEP.format(sweep=sweep, ready=each, go=go)) for each, sweep in ready.items()]
    assert within(PATIENCE, lambda: all(each.exists() for each in ready))
    go.touch()
    done = sum(int(system.finish(process)) for process in processes)
    done += sum(map(int, system.manage(ONCE_MORE).split()))

    found = system.count("cases_finding WHERE kind <> 'vacuum'")
    assert done == found + CASES + system.count("cases_caseevent WHERE kind = 'escalated'")
    assert system.manage(ONCE_MORE).split() == ["0", "0", "0"]
    assert system.count("cases_finding WHERE kind = 'overdue'") == CASES
    assert system.count("cases_finding WHERE kind = 'vacuum'") == CASES
    assert system.count(fired("overdue", "vacuum")) == STEPS * CASES
    assert_unharmed(system)
