"""What a load balancer sees without an account."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from cases.models import JobRun
from cases.tasks import run_watch_jobs
from settle_gov.celery import app
from tests.factories.jobs import all_jobs_ran

READY = "/api/v1/ready/"
JOBS = sorted(settings.PERIODIC_JOBS)
OF_THE_NIGHT = {
    "cases.forget_bulk_jobs",
    "cases.forget_imports",
    "cases.forget_deliveries",
    "stakeholders.check_episodes",
    "stakeholders.forget_answers",
    "stakeholders.forget_account_events",
    "stakeholders.forget_duty_lists",
}
NOON = datetime.fromisoformat("2026-11-28T12:00:00+08:00")


@pytest.fixture(autouse=True)
def _broker_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.conf, "broker_url", "memory://")
    monkeypatch.setattr(app.conf, "broker_write_url", "memory://")


def test_health_needs_neither_account_nor_database(client: Client):
    response = client.get("/api/v1/health/")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def told(name: str, *, late: bool = False) -> dict[str, object]:
    return {"name": name, "last_finished_at": "2026-11-28T12:00:00+08:00", "seconds": 0.5, "late": late}


@pytest.mark.django_db
def test_ready_when_every_job_has_ended_lately(client: Client, django_assert_num_queries):
    all_jobs_ran(at=NOON)

    with time_machine.travel(NOON, tick=False), django_assert_num_queries(1):
        response = client.get(READY)

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": True,
        "broker": True,
        "beat": True,
        "jobs": [told(name) for name in JOBS],
    }


@pytest.mark.django_db
def test_ready_tells_when_the_jobs_stand_still(client: Client, django_assert_num_queries):
    all_jobs_ran(at=NOON)

    with time_machine.travel(NOON + timedelta(hours=1), tick=False), django_assert_num_queries(1):
        response = client.get(READY)

    late = [name for name in JOBS if name not in OF_THE_NIGHT]
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "database": True,
        "broker": True,
        "beat": False,
        "jobs": [told(name, late=name in late) for name in JOBS],
        "late_jobs": late,
    }


@pytest.mark.django_db
def test_ready_names_the_one_job_that_fails_each_time(client: Client):
    all_jobs_ran()
    JobRun.objects.filter(name="cases.escalate").update(last_finished_at=timezone.now() - timedelta(hours=1))

    response = client.get(READY)

    assert (response.status_code, response.json()["late_jobs"]) == (503, ["cases.escalate"])


@pytest.mark.django_db
def test_ready_waits_for_the_first_job_of_a_fresh_system(client: Client):
    before = client.get(READY)
    run_watch_jobs()
    after = client.get(READY)

    assert (before.status_code, before.json()["late_jobs"]) == (503, JOBS)
    assert (after.status_code, {each["late"] for each in after.json()["jobs"]}) == (200, {False})


@pytest.mark.django_db
def test_ready_tells_when_the_broker_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.conf, "broker_write_url", "redis+socket:///nowhere/broker.sock")
    all_jobs_ran()

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
