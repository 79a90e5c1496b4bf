"""Many events wait to be told: the periodic jobs go before them, and do not expire behind them."""

import re
from pathlib import Path

import pytest

from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PREPARE = "from tests.services import town; town.build()"
SEND_ALL = """
from celery import current_app
for _each in range(50):
    current_app.send_task("cases.publish_events", [[0]])
for entry in current_app.conf.beat_schedule.values():
    current_app.send_task(entry["task"])
print(len(current_app.conf.beat_schedule))
"""


def test_jobs_go_before_what_waits_to_be_told(system: System, tmp_path: Path) -> None:
    log = tmp_path / "log"
    system.manage(PREPARE)
    jobs = int(system.manage(SEND_ALL))

    system.logging_worker(log)
    assert within(PATIENCE, lambda: log.exists() and log.read_text().count(" received") >= jobs + 50)

    received = re.findall(r"Task (\S+)\[\S+\] received", log.read_text())
    assert "cases.publish_events" not in received[:jobs]
    assert within(PATIENCE, system.has_nothing_to_do)
