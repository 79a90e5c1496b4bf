"""For load balancers and watchers: is it alive, and is everything it needs at work?"""

from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.heartbeats import Heartbeat, heartbeats
from cases.models import JobRun
from settle_gov.celery import app
from settle_gov.readiness import broker_answers


class _ForWatchers(APIView):
    """Whoever asks gets an answer, and none is kept waiting by who they are."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class HealthSerializer(serializers.Serializer[Any]):
    """It is alive."""

    status = serializers.ChoiceField(choices=["alive"])


class Health(_ForWatchers):
    """Whether this process takes requests."""

    @extend_schema(responses=HealthSerializer)
    def get(self, request: Request) -> Response:
        """Answer; nothing else is looked at."""
        return Response({"status": "alive"})


class JobSerializer(serializers.Serializer[Any]):
    """A periodic job: when it last ended well, how long that took, and whether it is late."""

    name = serializers.CharField()
    last_finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    late = serializers.BooleanField()


class _ChecksSerializer(serializers.Serializer[Any]):
    """What is at work."""

    database = serializers.BooleanField()
    broker = serializers.BooleanField()
    beat = serializers.BooleanField()
    jobs = JobSerializer(many=True)


class ReadySerializer(_ChecksSerializer):
    """Everything is at work."""

    status = serializers.ChoiceField(choices=["ready"])


class NotReadySerializer(_ChecksSerializer):
    """Something is not, as a problem; `late_jobs` names the jobs that are late."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    late_jobs = serializers.ListField(child=serializers.CharField())


class Ready(_ForWatchers):
    """Whether everything it needs is at work."""

    @extend_schema(responses={200: ReadySerializer, (503, "application/problem+json"): NotReadySerializer})
    def get(self, request: Request) -> Response:
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
            return Response({"status": "ready"} | told)
        problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
        return Response(problem | told | {"late_jobs": late}, 503, content_type="application/problem+json")


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
