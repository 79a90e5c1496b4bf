"""For load balancers and watchers: is it alive, and is everything it needs at work?"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import JobRun
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
    """Answer 200 when database, broker and periodic jobs are at work; otherwise 503, with what is not as false."""
    database = _database_answers()
    checks = {"database": database, "broker": broker_answers(app), "beat": database and _beat_is_heard()}
    if all(checks.values()):
        return JsonResponse({"status": "ready"} | checks)
    problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    return JsonResponse(problem | checks, status=503, content_type="application/problem+json")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


def _beat_is_heard() -> bool:
    """Tell whether some periodic job has ended lately, which takes beat, broker and worker together."""
    lately = timezone.now() - timedelta(seconds=MISSED_BEATS * settings.SWEEP_SECONDS)
    return JobRun.objects.filter(last_finished_at__gte=lately).exists()
