"""For load balancers and watchers: is it alive, and is everything it needs at work?"""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.heartbeats import Heartbeat, heartbeats
from cases.models import JobRun
from settle_gov.celery import app
from settle_gov.readiness import broker_answers


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer that this process takes requests; nothing else is looked at."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, broker and periodic jobs are at work; otherwise 503, with what is not as false.

    `jobs` says when each periodic job last ended well and whether it is late, reckoned now and not by a job;
    `late_jobs` names those: one that fails each time shows, too.
    """
    runs = _runs()
    jobs = heartbeats(runs or {}, at=timezone.now())
    late = [each.job.name for each in jobs if each.late_since]
    checks = {"database": runs is not None, "broker": broker_answers(app), "beat": not late}
    told = checks | {"jobs": [_told(each) for each in jobs]}
    if all(checks.values()):
        return JsonResponse({"status": "ready"} | told)
    problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    return JsonResponse(problem | told | {"late_jobs": late}, status=503, content_type="application/problem+json")


def _runs() -> dict[str, JobRun] | None:
    """All that is noted about jobs, or None where the database does not answer."""
    try:
        return JobRun.objects.in_bulk()
    except OperationalError:
        return None


def _told(heartbeat: Heartbeat) -> dict[str, str | float | bool | None]:
    run = heartbeat.run
    return {
        "name": run.name,
        "last_finished_at": _moment(run.last_finished_at),
        "seconds": run.seconds,
        "late": heartbeat.late_since is not None,
    }


def _moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None
