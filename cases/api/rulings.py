"""Decisions on who leads: to be read, made and taken back. A new one moves the cases that waited for it."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from cases.services.settle_scope import settle_scope
from stakeholders import policies
from stakeholders.api.acting import MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.duties import Records, ScopeBody
from stakeholders.api.fields import Instant, Reference, Text
from stakeholders.api.serializers import RulingSerializer
from stakeholders.filters import RulingFilter
from stakeholders.models import Party, Ruling
from stakeholders.services.withdraw_ruling import withdraw_ruling


class RulingBody(ScopeBody):
    """Who is to lead, and why."""

    valid_from = Instant(required=False)
    lead = Reference(Party.objects.all())
    reason = Text()
    document_no = Text(max_length=80, required=False, allow_blank=True)


class Rulings(Records):
    """Decisions on who leads, which go before mandates."""

    serializer_class = RulingSerializer
    filterset_class = RulingFilter

    def get_queryset(self) -> QuerySet[Ruling]:
        """What the actor sees of the ledger."""
        policies.require(policies.can_see_duties(self.actor))
        return Ruling.objects.visible_to(self.actor).with_scope().select_related("lead")

    @extend_schema(request=RulingBody, responses={201: RulingSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Rule on a scope; the cases that wait there go to the lead at once."""
        values = values_of(RulingBody, request.data, self.get_serializer_context())
        return self.created(settle_scope(**values, by=self.actor), "ruling")

    @extend_schema(request=StrictBody, responses=RulingSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: MemberRequest, pk: str) -> Response:
        """Take a ruling back; cases that it moved stay where they are."""
        ruling = self.get_object()
        values_of(StrictBody, request.data, self.get_serializer_context())
        return Response(self.get_serializer(withdraw_ruling(ruling, by=self.actor)).data)
