"""Households and who lives in them: masked, unless somebody says why not."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from stakeholders import policies
from stakeholders.api.acting import MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Text
from stakeholders.api.register_bodies import HouseholdBody, ResidentBody
from stakeholders.api.registers import Register
from stakeholders.api.serializers import HouseholdSerializer, ResidentSerializer, RevealedResidentSerializer
from stakeholders.filters import HouseholdFilter, ResidentFilter
from stakeholders.models import Household, Resident
from stakeholders.services.reveal_resident import reveal_resident


class RevealBody(StrictBody):
    """Why somebody looks."""

    reason = Text(max_length=200)


class Households(Register):
    """Households of the actor's area or community."""

    serializer_class = HouseholdSerializer
    body = HouseholdBody
    filterset_class = HouseholdFilter

    def get_queryset(self) -> QuerySet[Household]:
        """What the actor sees."""
        policies.require(policies.can_see_residents(self.actor))
        return Household.objects.visible_to(self.actor).select_related("building")


class Residents(Register):
    """Residents of the actor's area or community, masked; latest written down first."""

    serializer_class = ResidentSerializer
    body = ResidentBody
    filterset_class = ResidentFilter
    ordering = ("-id",)
    lookup_field = "pk"
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Resident]:
        """What the actor sees."""
        policies.require(policies.can_see_residents(self.actor))
        return Resident.objects.visible_to(self.actor).select_related("household")

    @extend_schema(request=RevealBody, responses=RevealedResidentSerializer)
    @action(detail=True, methods=["post"], keeps_answers=False)
    def reveal(self, request: MemberRequest, pk: str) -> Response:
        """Show one resident in full, and write down who looked and why."""
        resident = self.get_object()
        values = values_of(RevealBody, request.data, self.get_serializer_context())
        revealed = reveal_resident(resident, **values, by=self.actor)
        return Response(RevealedResidentSerializer(revealed).data, headers={"Cache-Control": "no-store"})
