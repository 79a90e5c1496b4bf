"""What a load balancer sees without an account."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from cases.models import JobRun
from settle_gov.celery import app

READY = "/api/v1/ready/"


@pytest.fixture(autouse=True)
def _broker_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.conf, "broker_url", "memory://")
    monkeypatch.setattr(app.conf, "broker_write_url", "memory://")


JOBS = [  # of every round; those of the night tell nothing about now
    "cases.escalate",
    "cases.publish_forgotten_events",
    "cases.sweep_overdue",
    "cases.sweep_unowned",
    "stakeholders.refresh_episodes",
]


def finish_the_jobs(*, seconds_ago: float) -> None:
    then = timezone.now() - timedelta(seconds=seconds_ago)
    JobRun.objects.bulk_create(JobRun(name=name, last_started_at=then, last_finished_at=then) for name in JOBS)


def test_health_needs_neither_account_nor_database(client: Client):
    response = client.get("/api/v1/health/")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_when_a_job_has_ended_lately(client: Client):
    finish_the_jobs(seconds_ago=1)

    response = client.get(READY)

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": True, "broker": True, "beat": True}


@pytest.mark.django_db
def test_ready_tells_when_the_jobs_stand_still(client: Client, settings):
    finish_the_jobs(seconds_ago=settings.CELERY_TASK_TIME_LIMIT + 1)

    response = client.get(READY)

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "database": True,
        "broker": True,
        "beat": False,
        "late_jobs": JOBS,
    }


@pytest.mark.django_db
def test_ready_names_the_one_job_that_fails_each_time(client: Client, settings):
    finish_the_jobs(seconds_ago=1)
    long_ago = timezone.now() - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 1)
    JobRun.objects.filter(name="cases.escalate").update(last_started_at=timezone.now(), last_finished_at=long_ago)

    response = client.get(READY)

    assert (response.status_code, response.json()["late_jobs"]) == (503, ["cases.escalate"])


@pytest.mark.django_db
def test_ready_tells_when_the_broker_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.conf, "broker_write_url", "redis+socket:///nowhere/broker.sock")
    finish_the_jobs(seconds_ago=1)

    response = client.get(READY)

    assert response.status_code == 503
    assert response.json()["broker"] is False


@pytest.mark.django_db
def test_ready_tells_when_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get(READY)

    assert response.status_code == 503
    assert (response.json()["database"], response.json()["beat"]) == (False, False)


@pytest.mark.parametrize("path", ["/api/v1/health/", READY])
def test_health_refuses_to_be_written_to(client: Client, path: str):
    assert client.post(path).status_code == 405
