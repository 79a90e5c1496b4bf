"""The same task is delivered three times at once, or again while it still runs: what it does is done once."""

from pathlib import Path

import pytest

from tests.services.aftermath import assert_unharmed, fired
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CASES = 300
STEPS = 4 + 1  # of the ladder for what is overdue, and the one that is due at once where nobody has a case

PREPARE = f"from tests.services import town; town.build(); town.fall_due({CASES})"
SEND_ALL = """
from celery import current_app
from cases.models import CaseEvent
def three_times(name, *args):
    for _each in range(3):
        current_app.send_task(name, args, task_id=name)
three_times("cases.publish_events", list(CaseEvent.objects.values_list("pk", flat=True)))
for entry in current_app.conf.beat_schedule.values():
    three_times(entry["task"])
"""
SEND = "from celery import current_app; current_app.send_task('cases.sweep_clocks', task_id='sweep')"
TOLD = "cases_notification WHERE event_id IN (SELECT id FROM cases_caseevent WHERE kind = '{kind}')"


def test_every_task_delivered_three_times_at_once(system: System) -> None:
    system.manage(PREPARE + "; town.close_lead()")
    system.manage(SEND_ALL)
    system.worker(concurrency=3)
    assert within(PATIENCE, system.has_nothing_to_do)

    system.manage(SEND_ALL)  # what one passed over because another held it, and what the first round brought about
    assert within(PATIENCE, system.has_nothing_to_do)

    assert system.count("cases_finding WHERE kind = 'overdue'") == CASES
    assert system.count("cases_finding WHERE kind = 'vacuum'") == CASES
    assert system.count(fired("overdue", "vacuum")) == STEPS * CASES
    assert system.count(TOLD.format(kind="assigned")) == CASES
    assert_unharmed(system)


def test_task_delivered_again_while_it_runs(system: System, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    system.manage(PREPARE)
    system.impatient_worker(log)
    assert within(PATIENCE, system.has_nothing_to_do)

    with system.finding_nothing():
        system.manage(SEND)
        assert within(PATIENCE, lambda: log.read_text().count("cases.sweep_clocks[sweep] received") >= 2)
    assert within(PATIENCE, lambda: system.count("cases_finding WHERE kind = 'overdue'") == CASES)
    assert within(PATIENCE, system.has_nothing_to_do)

    assert system.count("cases_caseevent WHERE kind = 'found'") == system.count("cases_finding")
    assert_unharmed(system)
