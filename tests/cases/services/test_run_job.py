"""How a periodic job is run: what is counted, and when it is not begun."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from cases.models import JobRun
from cases.schedule import PeriodicJob
from cases.services.run_job import run_job

pytestmark = pytest.mark.django_db
SWEEP = PeriodicJob("x.sweep", 30, 60, "X.")
ALONE = PeriodicJob("x.alone", 30, 60, "X.", is_alone=True)
NOON = datetime.fromisoformat("2026-11-28T12:00:00+08:00")


def test_run_job_notes_when_it_ran_and_how_much_it_did() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        did = run_job(SWEEP, lambda: clock.shift(5) or 7)

    run = JobRun.objects.get()
    assert (did, run.name, run.did, run.runs, run.failures) == (7, "x.sweep", 7, 1, 0)
    assert (run.last_started_at, run.last_finished_at) == (NOON, NOON + timedelta(seconds=5))


def test_run_job_adds_up_what_runs_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 4, 10, 11, 20, 23])
    monkeypatch.setattr("cases.services.run_job.time.perf_counter", lambda: next(clock))

    for did in (1, 0, 2):
        run_job(SWEEP, lambda did=did: did)

    run = JobRun.objects.get()
    assert (run.seconds, run.total_seconds, run.longest_seconds, run.mean_seconds) == (3, 8, 4, pytest.approx(8 / 3))
    assert (run.runs, run.did) == (3, 2)


def test_two_runs_at_once_are_both_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 1, 3, 10])  # the second begins and ends while the first one works
    monkeypatch.setattr("cases.services.run_job.time.perf_counter", lambda: next(clock))

    run_job(SWEEP, lambda: run_job(SWEEP, lambda: 1))

    run = JobRun.objects.get()
    assert (run.runs, run.total_seconds, run.longest_seconds, run.seconds) == (2, 12, 10, 10)


def test_run_job_counts_a_failure_and_raises_it() -> None:
    run_job(SWEEP, lambda: 3)

    with time_machine.travel(NOON, tick=False), pytest.raises(KeyError):
        run_job(SWEEP, lambda: {}["gone"])

    run = JobRun.objects.get()
    assert (run.runs, run.failures, run.did, run.last_failed_at) == (1, 1, 3, NOON)
    assert run.last_error == "KeyError: 'gone'"


def test_run_job_keeps_500_characters_of_an_error_and_no_values_of_a_row() -> None:
    for words in ("x" * 600, 'new row violates "y"\nDETAIL:  Failing row contains (刘桂兰, 13800002607).'):
        with pytest.raises(ValueError, match=words[:10]):
            run_job(SWEEP, _raising(ValueError(words)))
        told = JobRun.objects.get().last_error
        assert told == f"ValueError: {words}"[:500].partition("\n")[0]

    assert told == 'ValueError: new row violates "y"'


def _raising(error: Exception):
    def work() -> int:
        raise error

    return work


def test_run_that_is_killed_stays_noted_as_begun() -> None:
    with pytest.raises(KeyboardInterrupt):  # what no handler of errors sees
        run_job(SWEEP, lambda: (_ for _ in ()).throw(KeyboardInterrupt))

    run = JobRun.objects.get()
    assert (run.is_unfinished, run.runs, run.failures) == (True, 0, 0)


@pytest.mark.parametrize(("job", "runs"), [(SWEEP, 2), (ALONE, 1)])
def test_only_a_job_to_run_alone_is_not_begun_while_it_runs(job: PeriodicJob, runs: int) -> None:
    inner = []

    run_job(job, lambda: inner.append(run_job(job, lambda: 5)) or 1)

    assert (inner, JobRun.objects.get().runs) == ([5 if runs == 2 else None], runs)


@pytest.mark.parametrize(("seconds", "is_begun"), [(60, False), (61, True)])
def test_job_to_run_alone_is_begun_again_once_the_other_must_have_died(seconds: int, is_begun: bool) -> None:
    JobRun.objects.create(name="x.alone", last_started_at=timezone.now())

    with time_machine.travel(timezone.now() + timedelta(seconds=seconds - 0.5)):
        assert (run_job(ALONE, lambda: 1) is not None) == is_begun


def test_job_to_run_alone_is_begun_again_after_a_failure() -> None:
    with pytest.raises(RuntimeError):
        run_job(ALONE, _raising(RuntimeError("no")))

    assert run_job(ALONE, lambda: 1) == 1


def test_run_job_costs_three_queries(django_assert_num_queries) -> None:
    run_job(SWEEP, lambda: 1)

    with django_assert_num_queries(3):
        run_job(SWEEP, lambda: 1)
