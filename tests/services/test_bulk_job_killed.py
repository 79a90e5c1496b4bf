"""A worker is killed in the middle of a bulk job, or a job is delivered several times: each row is done once."""

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROWS = 80
PREPARE = """
from cases.services.start_bulk_job import start_bulk_job
from tests.services import town
town.build()
case = {{"title": "灯不亮", "estate": "estate", "need_item": "1.1"}}
rows = [case | {{"external_id": str(n)}} for n in range({rows})]
start_bulk_job("create", rows, by=town.person("coordinator-0"))
"""
SEND_AGAIN = (
    "from celery import current_app\nfor _each in range(3): current_app.send_task('cases.work_off_bulk_job', [1])"
)
GO_ON = """
from django.utils import timezone
from cases.api.bulk_rows import do_row
from cases.models.bulk_job import LEASE
from cases.services.work_off_bulk_jobs import work_off_bulk_jobs
later, total = timezone.now() + 2 * LEASE, 0
while count := work_off_bulk_jobs(do=do_row, at=later):
    total += count
print(total)
"""
DONE = "cases_bulkrow WHERE state = 'done'"
EACH_ONCE = """(SELECT line.case_id FROM cases_bulkrow AS line JOIN cases_case AS made ON made.id = line.case_id
    WHERE made.external_id = CAST(line."index" AS varchar(9))) AS each"""


def test_worker_killed_in_a_bulk_job_loses_no_row_and_does_none_twice(system: System) -> None:
    system.manage(PREPARE.format(rows=ROWS))
    worker = system.worker()
    assert within(PATIENCE, lambda: system.count(DONE) >= 20, look_every=0.01), "the job did not begin"

    system.kill(worker)
    done = system.count(DONE)

    assert 0 < done < ROWS, "the kill came too late to prove anything"
    assert system.count("cases_case") == done
    assert int(system.manage(GO_ON)) == ROWS - done
    assert int(system.manage(GO_ON)) == 0
    assert_all_is_done(system, ROWS)


def test_bulk_job_delivered_four_times_at_once(system: System) -> None:
    system.manage(PREPARE.format(rows=30))
    system.manage(SEND_AGAIN)
    system.worker(concurrency=3)

    assert within(PATIENCE, lambda: system.count("cases_bulkjob WHERE state = 'done'") == 1)
    assert within(PATIENCE, system.has_nothing_to_do)
    assert_all_is_done(system, 30)


def assert_all_is_done(system: System, rows: int) -> None:
    assert system.count("cases_bulkjob WHERE state = 'done' AND finished_at IS NOT NULL") == 1
    assert [system.count(what) for what in (DONE, "cases_case", EACH_ONCE)] == [rows] * 3
    assert_unharmed(system)
