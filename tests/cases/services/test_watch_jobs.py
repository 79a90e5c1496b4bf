"""A job that stands still is a fault by itself, opened once and cleared when it runs again."""

import logging
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction

from cases.models import JobFault, JobRun
from cases.schedule import WATCH
from cases.services.watch_jobs import watch_if_nobody_does, watch_jobs
from tests.factories.jobs import all_jobs_ran

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-28T12:00:00+08:00")
SECOND = timedelta(seconds=1)
ESCALATE = settings.PERIODIC_JOBS["cases.escalate"]


def stand_still(name: str, *, until: datetime) -> None:
    JobRun.objects.filter(name=name).update(last_finished_at=until)


def test_watch_opens_a_fault_after_three_periods_and_clears_it_when_the_job_runs_again(caplog) -> None:
    watch = settings.PERIODIC_JOBS[WATCH]
    all_jobs_ran(at=NOON)
    late = NOON + 3 * watch.period
    JobRun.objects.exclude(name=WATCH).update(last_finished_at=late)

    changed = [watch_jobs(at=late - SECOND), watch_jobs(at=late + SECOND)]

    fault = JobFault.objects.get()
    assert changed == [0, 1]
    assert (fault.name, fault.since, fault.found_at, fault.cleared_at) == (WATCH, late, late + SECOND, None)
    assert caplog.record_tuples == [
        (
            "cases.services.watch_jobs",
            logging.WARNING,
            f"periodic job {WATCH} is late since {fault.since.isoformat()}",
        )
    ]

    stand_still(WATCH, until=late + 2 * SECOND)

    assert watch_jobs(at=late + 3 * SECOND) == 1
    assert JobFault.objects.get().cleared_at == late + 3 * SECOND


def test_watch_counts_a_job_that_never_ran_from_when_it_was_first_heard_of() -> None:
    watch_jobs(at=NOON)

    assert set(JobRun.objects.values_list("name", "known_since")) == {(name, NOON) for name in settings.PERIODIC_JOBS}
    assert watch_jobs(at=NOON + ESCALATE.patience - SECOND) == 1  # the watch itself
    assert JobFault.objects.get().name == WATCH
    watch_jobs(at=NOON + ESCALATE.patience)
    assert JobFault.objects.get(name="cases.escalate").since == NOON + ESCALATE.patience


def test_second_watch_writes_nothing(django_assert_num_queries) -> None:
    all_jobs_ran(at=NOON)
    stand_still("cases.escalate", until=NOON - ESCALATE.patience)
    watch_jobs(at=NOON)

    with django_assert_num_queries(4) as queries:  # two look, two are the savepoint
        changed = watch_jobs(at=NOON)

    assert changed == 0
    assert [each["sql"][:6] for each in queries] == ["SAVEPO", "SELECT", "SELECT", "RELEAS"]


@pytest.mark.parametrize("count", [1, 3])
def test_watch_is_set_based(count: int, django_assert_num_queries) -> None:
    all_jobs_ran(at=NOON)
    names = sorted(settings.PERIODIC_JOBS)
    for name in names[:count]:
        stand_still(name, until=NOON - timedelta(days=4))
    for name in names[-count:]:
        JobFault.objects.create(name=name, since=NOON - SECOND, found_at=NOON - SECOND)

    with django_assert_num_queries(6):
        assert watch_jobs(at=NOON) == 2 * count


def test_fault_of_a_job_that_is_no_more_is_cleared() -> None:
    all_jobs_ran(at=NOON)
    JobFault.objects.create(name="cases.gone", since=NOON, found_at=NOON)
    JobRun.objects.create(name="cases.gone", known_since=NOON - timedelta(days=9))

    assert watch_jobs(at=NOON) == 1
    assert not JobFault.objects.open().exists()


def test_fault_is_never_cleared_before_it_was_found() -> None:
    all_jobs_ran(at=NOON)
    JobFault.objects.create(name="cases.escalate", since=NOON, found_at=NOON)

    watch_jobs(at=NOON - SECOND)  # by a clock that is behind

    assert JobFault.objects.get().cleared_at == NOON


def test_no_job_has_two_open_faults() -> None:
    JobFault.objects.create(name="x", since=NOON, found_at=NOON, cleared_at=NOON)
    JobFault.objects.create(name="x", since=NOON, found_at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        JobFault.objects.create(name="x", since=NOON, found_at=NOON)


@pytest.mark.parametrize(
    "moments",
    [
        {"since": NOON + SECOND, "found_at": NOON},
        {"since": NOON, "found_at": NOON, "cleared_at": NOON - SECOND},
    ],
)
def test_a_fault_is_found_after_it_began_and_cleared_after_it_was_found(moments) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        JobFault.objects.create(name="x", **moments)


@pytest.mark.parametrize(("minutes", "faults"), [(2, []), (3, ["cases.watch_jobs"])])
def test_other_jobs_watch_if_the_watch_does_not(minutes: int, faults: list[str]) -> None:
    all_jobs_ran(at=NOON)
    now = NOON + timedelta(minutes=minutes)
    JobRun.objects.exclude(name=WATCH).update(last_finished_at=now)

    with time_machine.travel(now, tick=False):
        watch_if_nobody_does()

    assert list(JobFault.objects.open().values_list("name", flat=True)) == faults


def test_looking_whether_somebody_watches_costs_one_query(django_assert_num_queries) -> None:
    all_jobs_ran()

    with django_assert_num_queries(1):
        watch_if_nobody_does()
