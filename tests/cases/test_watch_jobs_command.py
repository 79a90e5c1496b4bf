"""`manage.py watch_jobs`, as cron sees it."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.models import JobFault, JobRun
from tests.factories.jobs import all_jobs_ran

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-28T12:00:00+08:00")


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def told(*, exit_code: int) -> list[str]:
    """What it says on its way out with this code."""
    out = StringIO()
    try:
        call_command("watch_jobs", stdout=out)
        ended = 0, ""
    except CommandError as failure:
        ended = failure.returncode, str(failure)
    assert ended[0] == exit_code
    return [*out.getvalue().splitlines(), ended[1]]


def test_command_tells_when_each_job_last_ran_and_ends_well() -> None:
    all_jobs_ran()
    JobRun.objects.filter(name="cases.escalate").update(last_finished_at=None)

    lines = told(exit_code=0)

    assert lines[0] == "cases.collect_mail: on time, last ended 28 Nov 12:00 after 0.5 s"
    assert lines[2] == "cases.escalate: running, never ended"
    assert len(lines) == len(settings.PERIODIC_JOBS) + 1
    assert not JobFault.objects.exists()


def test_command_fails_and_notes_the_fault_when_a_job_is_late() -> None:
    all_jobs_ran()
    JobRun.objects.filter(name="cases.escalate").update(last_finished_at=NOON - timedelta(days=1))

    lines = told(exit_code=1)

    assert (lines[2], lines[-1]) == (
        "cases.escalate: late, last ended 27 Nov 12:00 after 0.5 s",
        "1 job is late.",
    )
    assert JobFault.objects.get().name == "cases.escalate"


def test_command_on_a_system_whose_worker_never_came_fails_once_its_time_is_over() -> None:
    first = told(exit_code=0)

    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        later = told(exit_code=1)

    assert set(first[:-1]) == {f"{run.name}: not yet run, never ended" for run in JobRun.objects.all()}
    assert later[-1] == "14 jobs are late."  # those of the night may still come
