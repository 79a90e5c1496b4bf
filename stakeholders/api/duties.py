"""What parties answer for: to be read, and to be written by those who keep the ledger. Rulings share much of it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Instant, Reference, Text
from stakeholders.api.serializers import MandateSerializer
from stakeholders.filters import MandateFilter
from stakeholders.models import Area, Building, Estate, Mandate, NeedClass, NeedItem, Party, Ruling
from stakeholders.services.end_mandate import end_mandate
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate


class ScopeBody(StrictBody):
    """For what, where and when: exactly one place; no item and no class means everything."""

    area = Reference(Area.objects.all(), required=False, allow_null=True)
    estate = Reference(Estate.objects.all(), required=False, allow_null=True)
    building = Reference(Building.objects.select_related("estate"), required=False, allow_null=True)
    need_class = Reference(NeedClass.objects.all(), required=False, allow_null=True)
    need_item = Reference(NeedItem.objects.all(), required=False, allow_null=True)
    valid_from = Instant()
    valid_until = Instant(required=False, allow_null=True)


class MandateBody(ScopeBody):
    """What a party answers for, in which role, by which paper."""

    party = Reference(Party.objects.all())
    role = serializers.ChoiceField(choices=Mandate.Role.choices)
    basis = Text(max_length=200)
    evidence = Text(required=False, allow_blank=True)


class EndBody(StrictBody):
    """When a mandate is to end."""

    until = Instant()


class Records(ActingView, ReadOnlyModelViewSet[Any]):
    """Records of the ledger that can matter in the actor's area, latest recorded first."""

    ordering = ("-id",)
    lookup_value_regex = r"\d{1,18}"

    def created(self, record: Mandate | Ruling, name: str) -> Response:
        """A record that was just written, and where it stands from now on."""
        headers = {"Location": reverse(f"api:{name}-detail", args=[record.pk], request=self.request)}
        return Response(self.get_serializer(record).data, status.HTTP_201_CREATED, headers=headers)


class Mandates(Records):
    """What parties answer for."""

    serializer_class = MandateSerializer
    filterset_class = MandateFilter

    def get_queryset(self) -> QuerySet[Mandate]:
        """What the actor sees of the ledger."""
        policies.require(policies.can_see_duties(self.actor))
        return Mandate.objects.visible_to(self.actor).with_scope().select_related("party")

    @extend_schema(request=MandateBody, responses={201: MandateSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Record a mandate."""
        values = values_of(MandateBody, request.data, self.get_serializer_context())
        return self.created(record_mandate(**values, by=self.actor), "mandate")

    @extend_schema(request=StrictBody, responses=MandateSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: MemberRequest, pk: str) -> Response:
        """Take a mandate back."""
        mandate = self.get_object()
        values_of(StrictBody, request.data, self.get_serializer_context())
        return Response(self.get_serializer(withdraw_mandate(mandate, by=self.actor)).data)

    @extend_schema(request=EndBody, responses={201: MandateSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: MemberRequest, pk: str) -> Response:
        """Let a mandate end: it is withdrawn, and the answer is the one that stands in its place."""
        mandate = self.get_object()
        values = values_of(EndBody, request.data, self.get_serializer_context())
        return self.created(end_mandate(mandate, **values, by=self.actor), "mandate")
