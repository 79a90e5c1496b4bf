"""For load balancers and watchers: is it alive, and is everything it needs at work?"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import JobRun
from cases.tasks import LONG
from settle_gov.celery import app
from settle_gov.readiness import broker_answers

MISSED_BEATS = 3  # once or twice late is a busy worker, not a broken one


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer that this process takes requests; nothing else is looked at."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, broker and periodic jobs are at work; otherwise 503, with what is not as false.

    `late_jobs` names the periodic jobs that have not ended for a while: one that fails each time shows, too.
    """
    database = _database_answers()
    late = _late_jobs() if database else _periodic_jobs()
    checks = {"database": database, "broker": broker_answers(app), "beat": not late}
    if all(checks.values()):
        return JsonResponse({"status": "ready"} | checks)
    problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    return JsonResponse(problem | checks | {"late_jobs": late}, status=503, content_type="application/problem+json")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


def _periodic_jobs() -> list[str]:
    """The jobs of every round; one that runs by night tells nothing about now."""
    jobs = settings.CELERY_BEAT_SCHEDULE.values()
    return sorted(str(job["task"]) for job in jobs if job["schedule"] == settings.SWEEP_SECONDS)


def _late_jobs() -> list[str]:
    """The periodic jobs that have not ended for three rounds, or for as long as a run may take.

    A job of the night is late when it was begun and has died; not where the machine was off by night.
    """
    now = timezone.now()
    patience = max(MISSED_BEATS * settings.SWEEP_SECONDS, settings.CELERY_TASK_TIME_LIMIT)
    lately = JobRun.objects.filter(last_finished_at__gte=now - timedelta(seconds=patience))
    punctual = set(lately.values_list("name", flat=True))
    died = JobRun.objects.unfinished().filter(last_started_at__lt=now - timedelta(seconds=LONG))
    periodic = _periodic_jobs()
    late = {name for name in periodic if name not in punctual} | set(died.values_list("name", flat=True))
    return sorted(late)
