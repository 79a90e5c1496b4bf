"""Background jobs: each calls one service. Any of them may run twice, at once or never finish, without harm."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from celery import shared_task
from django.utils import timezone

from cases.models import JobRun
from cases.services.escalate import escalate
from cases.services.publish_events import publish_events, publish_forgotten_events
from cases.services.sweep_overdue import sweep_overdue
from cases.services.sweep_unowned import sweep_unowned
from stakeholders.services.check_episodes import check_episodes
from stakeholders.services.forget_duty_lists import forget_duty_lists
from stakeholders.services.refresh_episodes import refresh_episodes

LONG = 900  # seconds that a job over the whole ledger may take; one that died is begun anew after that
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@shared_task(name="cases.publish_events")
def publish(ids: list[int]) -> None:
    """Tell those concerned about events that were just committed."""
    publish_events(ids)


@shared_task(name="cases.publish_forgotten_events")
def run_publish_forgotten_events() -> None:
    """Tell about events whose message got lost."""
    _run("cases.publish_forgotten_events", publish_forgotten_events)


@shared_task(name="cases.sweep_overdue")
def run_sweep_overdue() -> None:
    """Flag what has fallen due."""
    _run("cases.sweep_overdue", sweep_overdue)


@shared_task(name="cases.sweep_unowned")
def run_sweep_unowned() -> None:
    """Flag what nobody has."""
    _run("cases.sweep_unowned", sweep_unowned)


@shared_task(name="cases.escalate")
def run_escalate() -> None:
    """Fire the steps of the ladder that have come due."""
    _run("cases.escalate", escalate)


@shared_task(name="stakeholders.refresh_episodes", time_limit=LONG)
def run_refresh_episodes() -> None:
    """Bring episodes up to the ledger where that was left for later; a city that is filled in takes minutes."""
    _run_alone("stakeholders.refresh_episodes", refresh_episodes)


@shared_task(name="stakeholders.check_episodes", time_limit=LONG)
def run_check_episodes() -> None:
    """By night: remove lists that nobody has recorded, reckon every episode anew and note what differs."""
    forget_duty_lists()
    _run_alone("stakeholders.check_episodes", check_episodes)


def _run_alone(name: str, service: Callable[[], int]) -> None:
    """Run a long service unless it is running: a second run would do the same work behind the first."""
    JobRun.objects.get_or_create(name=name, defaults={"last_started_at": NEVER, "last_finished_at": NEVER})
    now = timezone.now()
    running = JobRun.objects.unfinished().filter(last_started_at__gte=now - timedelta(seconds=LONG))
    if JobRun.objects.filter(name=name).exclude(pk__in=running.values("pk")).update(last_started_at=now):
        _run(name, service)


def _run(name: str, service: Callable[[], int]) -> None:
    """Run a periodic service and note when it ran and how long it took."""
    started = timezone.now()
    clock = time.perf_counter()
    JobRun.objects.update_or_create(name=name, defaults={"last_started_at": started})
    service()
    JobRun.objects.filter(name=name).update(
        last_finished_at=timezone.now(), seconds=round(time.perf_counter() - clock, 3)
    )
