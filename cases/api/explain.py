"""Why a case is with whom it is, why its dates are what they are, and why its faults stand."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cases.api.serializers import EscalationSerializer, EventSerializer, FindingSerializer
from cases.arithmetic import Sum, arithmetic
from cases.clocks import CLOCKS
from cases.models import Case, DeadlineRule, Finding
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.fields import in_our_time
from stakeholders.api.parameters import refuse_strangers
from stakeholders.coverage import State
from stakeholders.ledger import answer_at
from stakeholders.models import Membership, Party
from stakeholders.policies import can_see_duties


class WhySerializer(FindingSerializer):
    """A fault that stands, what shows it, and the steps of the ladder that it set going."""

    steps = EscalationSerializer(source="escalations", many=True)

    class Meta:
        model = Finding
        fields = [*FindingSerializer.Meta.fields, "steps"]


class LedgerSerializer(serializers.Serializer[Any]):
    """What the ledger answers now for the place and the item of a case."""

    state = serializers.ChoiceField(choices=[each.value for each in State])
    leads = serializers.ListField(child=serializers.CharField())
    supports = serializers.ListField(child=serializers.CharField())
    backstops = serializers.ListField(child=serializers.CharField())
    ruling = serializers.IntegerField(allow_null=True)
    mandates = serializers.ListField(child=serializers.IntegerField())


class LeadSerializer(serializers.Serializer[Any]):
    """Who leads, what decided it, and what the ledger says to it."""

    party = serializers.CharField(allow_null=True)
    responsibility = serializers.ChoiceField(choices=Case.Responsibility.choices)
    event = EventSerializer(allow_null=True)
    ledger = LedgerSerializer(allow_null=True)


class LineSerializer(serializers.Serializer[Any]):
    """A line of the arithmetic, in words."""

    label = serializers.CharField()  # type: ignore[assignment]  # the framework has another use for the name
    value = serializers.CharField()


class DeadlineSerializer(serializers.Serializer[Any]):
    """A deadline: its rule, its facts, and how it comes about."""

    clock = serializers.ChoiceField(choices=DeadlineRule.Clock.choices)
    due_at = serializers.DateTimeField()
    rule = serializers.JSONField(allow_null=True)
    amount = serializers.JSONField(allow_null=True)
    unit = serializers.JSONField(allow_null=True)
    is_provisional = serializers.BooleanField()
    changes = serializers.ListField(child=serializers.JSONField())
    lines = LineSerializer(many=True)
    remarks = serializers.ListField(child=serializers.CharField())


class ReasonsSerializer(serializers.Serializer[Any]):
    """Why a case stands as it does."""

    lead = LeadSerializer()
    deadlines = DeadlineSerializer(many=True)
    findings = WhySerializer(many=True)


class ExplainCase(ActingView):
    """GET the reasons: for the lead, for each deadline, for each open finding."""

    lookup_field = "number"
    detail = True

    def get_queryset(self) -> Any:
        """What the actor sees."""
        return Case.objects.visible_to(self.actor).for_detail()

    @extend_schema(responses=ReasonsSerializer)
    def get(self, request: MemberRequest, number: str) -> Response:
        """Answer from the history, the ledger of this moment and what is written on the case."""
        refuse_strangers(request, frozenset())
        case, context = self.get_object(), self.get_serializer_context()
        faults = Finding.objects.open().filter(case=case).order_by("opened_at", "pk").select_related("case")
        findings = WhySerializer(faults.prefetch_related("escalations__rule"), many=True, context=context)
        return Response(
            {
                "lead": {
                    "party": case.lead.code if case.lead else None,
                    "responsibility": case.responsibility,
                    "event": _decided(case),
                    "ledger": _ledger(case, self.actor, timezone.now()),
                },
                "deadlines": [told for clock in CLOCKS if (told := _deadline(case, clock)) is not None],
                "findings": findings.data,
            }
        )


def _decided(case: Case) -> dict[str, Any] | None:
    """The last line of the history that gave the case to a party; its details name the ruling and the mandates."""
    given = case.events.filter(details__has_key="lead").select_related("by__user", "by__party")
    last = given.order_by("-seq").first()
    return dict(EventSerializer(last).data) if last is not None else None


def _ledger(case: Case, by: Membership, at: datetime) -> dict[str, Any] | None:
    """What the ledger answers now; None where it cannot be asked, or not by the actor."""
    if case.estate is None or case.need_item is None or not can_see_duties(by):
        return None
    answer = answer_at(case.estate, case.building, case.need_item, at)
    named = Party.objects.in_bulk({*answer.leads, *answer.supports, *answer.backstops})
    return {
        "state": answer.state,
        "leads": [named[each].code for each in answer.leads],
        "supports": [named[each].code for each in answer.supports],
        "backstops": [named[each].code for each in answer.backstops],
        "ruling": answer.ruling,
        "mandates": list(answer.mandates),
    }


def _deadline(case: Case, clock: DeadlineRule.Clock) -> dict[str, Any] | None:
    """One deadline: its rule, its facts, and the arithmetic in words."""
    due_at: datetime | None = getattr(case, CLOCKS[clock])
    told = arithmetic(case, clock)
    if due_at is None or told is None:
        return None
    written = case.deadlines[clock]
    return {
        "clock": clock,
        "due_at": serializers.DateTimeField().to_representation(due_at),
        "rule": written["rule"],
        "amount": written["amount"],
        "unit": written["unit"],
        "is_provisional": written["provisional"],
        "changes": in_our_time(written.get("changes", [])),
        "lines": _lines(told),
        "remarks": told.remarks,
    }


def _lines(told: Sum) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in (*told.lines, told.total)]
