"""What if: drafts of the ledger in, the cells and the past cases that would stand otherwise out. Nothing is saved."""

from rest_framework import serializers
from rest_framework.response import Response

from cases.what_if_cases import cases_of_last_quarter
from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import values_of
from stakeholders.api.what_if import WhatIfBody, asked_draft, counts_of, rows_of
from stakeholders.models import Estate
from stakeholders.what_if import changes_of


class WhatIf(ActingView):
    """The cells that drafts would change, and the cases of the last quarter that would have gone out at once."""

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
