"""A dry run of a step of the ladder, saved or only thought of."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cases.api.rules import OfRules
from cases.dry_run import Outcome, Step, dry_run, last_month
from cases.ladder import LONGEST
from cases.models import Case, EscalationRule, Finding
from cases.models.rule import Unit
from stakeholders.api.acting import MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.parameters import refuse_strangers


class StepQuery(StrictBody):
    """The step, as in an address."""

    trigger = serializers.ChoiceField(choices=Finding.Kind.choices)
    amount = serializers.IntegerField(min_value=0, max_value=LONGEST)
    unit = serializers.ChoiceField(choices=Unit.choices)
    action = serializers.ChoiceField(choices=EscalationRule.Action.choices)


class FiringSerializer(serializers.Serializer[Any]):
    """On which case it would have fired, and when."""

    at = serializers.DateTimeField()
    case = serializers.CharField()


class DryRunSerializer(serializers.Serializer[Any]):
    """How often a step would have fired, on how many cases, how often it did fire, and the newest firings."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    firings = serializers.IntegerField()
    cases = serializers.IntegerField()
    fired = serializers.IntegerField()
    newest = FiringSerializer(many=True)


class DryRun(OfRules):
    """GET on which cases a step would have fired in the last thirty days."""

    @extend_schema(parameters=[StepQuery], responses=DryRunSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Count among the cases that the actor sees, and name the newest fifty firings."""
        refuse_strangers(request, set(Step._fields))
        step = Step(**values_of(StepQuery, request.query_params.dict(), self.get_serializer_context()))
        since, until = last_month(timezone.now())
        outcome = dry_run([step], since=since, until=until, among=Case.objects.visible_to(self.actor))[step]
        moment = serializers.DateTimeField().to_representation
        return Response(
            {
                "since": moment(since),
                "until": moment(until),
                "firings": outcome.firings,
                "cases": outcome.cases,
                "fired": outcome.fired,
                "newest": [{"at": moment(at), "case": number} for at, number in _named(outcome)],
            }
        )


def _named(outcome: Outcome) -> list[tuple[datetime, str]]:
    """The newest firings with the numbers of their cases, in one query."""
    found = Case.objects.filter(pk__in={firing.case for firing in outcome.newest})
    numbers = dict(found.order_by().values_list("pk", "number"))
    return [(firing.at, numbers[firing.case]) for firing in outcome.newest]
