"""For load balancers and watchers: is it alive, and is everything it needs at work?"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import JobRun
from settle_gov.celery import app
from settle_gov.readiness import broker_answers

MISSED_BEATS = 3  # a job may be late once without anything being wrong


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer that this process takes requests; nothing else is looked at."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, broker and the periodic jobs are at work, 503 naming what is not otherwise."""
    last_job = _last_finished_job()
    checks = {
        "database": last_job is not False,
        "broker": broker_answers(app),
        "beat": bool(last_job),
    }
    if all(checks.values()):
        return JsonResponse({"status": "ready"} | checks)
    return JsonResponse(
        {"type": "about:blank", "title": "Service Unavailable", "status": 503} | checks,
        status=503,
        content_type="application/problem+json",
    )
