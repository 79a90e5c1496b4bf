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


def finish_a_job(*, seconds_ago: float) -> None:
    then = timezone.now() - timedelta(seconds=seconds_ago)
    JobRun.objects.create(name="cases.sweep_overdue", last_started_at=then, last_finished_at=then)


def test_health_needs_neither_account_nor_database(client: Client):
    response = client.get("/api/v1/health/")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_when_a_job_has_ended_lately(client: Client):
    finish_a_job(seconds_ago=1)

    response = client.get(READY)

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": True, "broker": True, "beat": True}


@pytest.mark.django_db
def test_ready_tells_when_the_jobs_stand_still(client: Client, settings):
    finish_a_job(seconds_ago=3 * settings.SWEEP_SECONDS + 1)

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
    }


@pytest.mark.django_db
def test_ready_tells_when_the_broker_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.conf, "broker_write_url", "redis+socket:///nowhere/broker.sock")
    finish_a_job(seconds_ago=1)

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
