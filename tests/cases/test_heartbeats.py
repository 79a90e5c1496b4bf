"""How a job stands, by its row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from cases.heartbeats import Heartbeat, State, heartbeats
from cases.models import JobRun
from cases.schedule import PeriodicJob

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
JOB = PeriodicJob("x", 60, 60, "X.")  # late after 180 seconds


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def heartbeat(**row) -> Heartbeat:
    moments = {name: ago(seconds) for name, seconds in ({"known_since": 10_000} | row).items()}
    return Heartbeat(JOB, JobRun(name="x", **moments), NOW)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"last_started_at": 31, "last_finished_at": 30}, State.ON_TIME),
        ({"last_started_at": 30, "last_finished_at": 30}, State.ON_TIME),
        ({"last_started_at": 179.1, "last_finished_at": 179}, State.ON_TIME),
        ({"last_started_at": 181, "last_finished_at": 180}, State.LATE),
        ({"last_started_at": 60, "last_finished_at": 90}, State.RUNNING),
        ({"last_started_at": 61, "last_finished_at": 90}, State.BROKEN_OFF),
        ({"last_started_at": 1, "last_finished_at": 180}, State.LATE),  # each run is killed, and the next one begun
        ({"last_started_at": 31, "last_finished_at": 90, "last_failed_at": 30}, State.FAILED),
        ({"last_started_at": 31, "last_finished_at": 30, "last_failed_at": 90}, State.ON_TIME),
        ({"last_started_at": 5, "last_finished_at": 90, "last_failed_at": 30}, State.RUNNING),
        ({"last_started_at": 31, "last_finished_at": 200, "last_failed_at": 30}, State.LATE),
        ({"known_since": 179}, State.WAITING),
        ({"known_since": 180}, State.LATE),
        ({"known_since": 20, "last_started_at": 20}, State.RUNNING),
        ({"known_since": 20, "last_started_at": 20, "last_failed_at": 19}, State.FAILED),
    ],
)
def test_state_is_the_worst_that_holds(row, state) -> None:
    assert heartbeat(**row).state == state


def test_late_is_counted_from_when_the_next_run_should_have_ended() -> None:
    assert heartbeat(last_finished_at=200).late_since == ago(20)
    assert heartbeat(known_since=181).late_since == ago(1)
    assert heartbeat(last_finished_at=179).late_since is None


def test_every_job_is_late_where_none_was_ever_begun() -> None:
    all_jobs = heartbeats({}, at=NOW)

    assert [each.job.name for each in all_jobs] == sorted(settings.PERIODIC_JOBS)
    assert {each.late_since for each in all_jobs} == {NOW}


def test_a_new_job_is_not_late_before_it_is_noted() -> None:
    known = {"cases.escalate": JobRun(name="cases.escalate", last_finished_at=NOW)}

    assert {each.late_since for each in heartbeats(known, at=NOW)} == {None}
