"""What if: drafts of the ledger in, the cells and the past cases that would stand otherwise out. Nothing is saved."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cases.what_if_cases import cases_of_last_quarter
from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import values_of
from stakeholders.api.what_if import WhatIfBody, asked_draft, counts_of, rows_of
from stakeholders.coverage import State
from stakeholders.models import Estate
from stakeholders.what_if import Effect, changes_of


class StandingSerializer(serializers.Serializer[Any]):
    """How a cell stands, and who stands for it."""

    state = serializers.ChoiceField(choices=[each.value for each in State])
    parties = serializers.ListField(child=serializers.CharField())
    ruled = serializers.BooleanField()


class ChangedCellSerializer(serializers.Serializer[Any]):
    """A cell before and after the drafts."""

    estate = serializers.CharField()
    building = serializers.CharField(allow_null=True)
    need_item = serializers.CharField()
    effect = serializers.ChoiceField(choices=[each.value for each in Effect])
    before = StandingSerializer()
    after = StandingSerializer()


class RoutedCaseSerializer(serializers.Serializer[Any]):
    """A past case that would have gone out at once, and to whom."""

    number = serializers.CharField()
    need_item = serializers.CharField(allow_null=True)
    estate = serializers.CharField(allow_null=True)
    lead_after = serializers.CharField()


class WhatIfSerializer(serializers.Serializer[Any]):
    """What the drafts would change."""

    at = serializers.DateTimeField()
    cells = ChangedCellSerializer(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    cases = RoutedCaseSerializer(many=True)
    cases_considered = serializers.IntegerField()


class WhatIf(ActingView):
    """The cells that drafts would change, and the cases of the last quarter that would have gone out at once."""

    @extend_schema(request=WhatIfBody, responses=WhatIfSerializer)
    def post(self, request: MemberRequest) -> Response:
        """Answer for the estates and the cases that the actor sees."""
        policies.require(policies.can_see_duties(self.actor))
        values = values_of(WhatIfBody, request.data, self.get_serializer_context())
        (draft, withdrawn), at = asked_draft(values), values["at"]
        changes = changes_of(draft, at=at, also=withdrawn, among=Estate.objects.visible_to(self.actor))
        hindsight = cases_of_last_quarter(draft, by=self.actor, at=at)
        return Response(
            {
                "at": serializers.DateTimeField().to_representation(at),
                "cells": rows_of(changes, self.actor),
                "counts": counts_of(changes),
                "cases": [
                    {
                        "number": case.number,
                        "need_item": case.need_item.code if case.need_item else None,
                        "estate": case.estate.code if case.estate else None,
                        "lead_after": lead.code,
                    }
                    for case, lead in hindsight.routed
                ],
                "cases_considered": hindsight.considered,
            }
        )
