"""Background jobs: what the services do is tested with them; here, how a long one is run."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cases import tasks
from cases.models import JobRun

pytestmark = pytest.mark.django_db
NAME = "stakeholders.refresh_episodes"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each run of the service."""
    done: list[str] = []
    monkeypatch.setattr(tasks, "refresh_episodes", lambda: done.append("run") or 0)
    return done


def test_long_job_notes_when_it_ran(runs: list[str]) -> None:
    tasks.run_refresh_episodes()

    run = JobRun.objects.get(name=NAME)
    assert runs == ["run"]
    assert run.last_finished_at is not None
    assert run.last_finished_at >= run.last_started_at


def test_long_job_runs_again_once_it_has_ended(runs: list[str]) -> None:
    tasks.run_refresh_episodes()
    tasks.run_refresh_episodes()

    assert runs == ["run", "run"]


def test_long_job_is_not_run_twice_at_once(runs: list[str]) -> None:
    JobRun.objects.create(name=NAME, last_started_at=timezone.now())

    tasks.run_refresh_episodes()

    assert runs == []


def test_long_job_that_died_is_run_again(runs: list[str]) -> None:
    JobRun.objects.create(name=NAME, last_started_at=timezone.now())

    with time_machine.travel(timezone.now() + timedelta(seconds=tasks.LONG + 1)):
        tasks.run_refresh_episodes()

    assert runs == ["run"]
