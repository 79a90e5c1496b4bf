"""The table of the periodic jobs, and that beat and workers keep to it."""

from datetime import time, timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings

from cases import tasks
from cases.schedule import PeriodicJob, periodic_jobs
from settle_gov.celery import app

BEAT = settings.CELERY_BEAT_SCHEDULE


def job(every: int | time, time_limit: int) -> PeriodicJob:
    return PeriodicJob("x", every, time_limit, "X.")


@pytest.mark.parametrize(
    ("every", "time_limit", "seconds"),
    [
        (60, 60, 180),  # three periods
        (60, 120, 180),
        (60, 121, 181),  # a run that begins a period later may take so long
        (30, 900, 930),
        (time(3, 20), 900, 3 * 86_400),
    ],
)
def test_patience_is_three_periods_or_until_a_run_may_end(every, time_limit, seconds) -> None:
    assert job(every, time_limit).patience == timedelta(seconds=seconds)


def test_sweeps_are_run_as_often_as_the_installation_says() -> None:
    jobs = periodic_jobs(sweep=7)

    assert {name for name, each in jobs.items() if each.every == 7} == {
        "cases.collect_mail",
        "cases.deliver_webhooks",
        "cases.escalate",
        "cases.publish_forgotten_events",
        "cases.reckon_deadlines_again",
        "cases.send_mail",
        "cases.sweep_clocks",
        "cases.sweep_disputes",
        "cases.sweep_unattended",
        "cases.sweep_unowned",
        "cases.work_off_bulk_jobs",
        "cases.work_off_imports",
        "stakeholders.refresh_episodes",
    }


def test_beat_sends_every_job() -> None:
    assert BEAT.keys() == settings.PERIODIC_JOBS.keys()


@pytest.mark.parametrize("name", sorted(settings.PERIODIC_JOBS))
def test_every_entry_of_beat_has_a_task_with_a_time_limit_and_an_expiry(name: str) -> None:
    each, entry = settings.PERIODIC_JOBS[name], BEAT[name]

    assert entry["task"] == name
    assert app.tasks[name].time_limit == each.time_limit > 0
    assert entry["options"]["expires"] == each.period.total_seconds()


def test_every_task_of_a_periodic_job_is_registered_from_one_module() -> None:
    assert {app.tasks[name].__module__ for name in settings.PERIODIC_JOBS} == {tasks.__name__}


def test_jobs_of_the_night_are_sent_at_their_time() -> None:
    assert BEAT["stakeholders.check_episodes"]["schedule"] == crontab(minute=20, hour=3)
    assert BEAT["cases.escalate"]["schedule"] == settings.SWEEP_SECONDS
