"""The registers: places, parties and needs by their public codes, kept by administrators."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import values_of
from stakeholders.api.register_bodies import (
    AreaBody,
    BuildingBody,
    CloseBody,
    EstateBody,
    GridBody,
    NeedClassBody,
    NeedItemBody,
    PartyBody,
    RegisterBody,
)
from stakeholders.api.serializers import (
    AreaSerializer,
    BuildingSerializer,
    EstateSerializer,
    GridSerializer,
    NeedClassSerializer,
    NeedItemSerializer,
    PartySerializer,
)
from stakeholders.api.versions import etag_of_content, require_match
from stakeholders.filters import (
    BuildingFilter,
    EstateFilter,
    GridFilter,
    NeedItemFilter,
    PartyFilter,
)
from stakeholders.models import Area, Building, Estate, Grid, NeedClass, NeedItem, Party
from stakeholders.services.change_in_register import change_in_register
from stakeholders.services.enter_in_register import enter_in_register


class Register(ActingView, ReadOnlyModelViewSet[Any]):
    """A list in the order of its codes; an object of it has its code as address, the digest of what it says as ETag.

    Who keeps the register adds rows and changes them; nobody deletes any, for histories name them.
    """

    ordering: tuple[str, ...] = ("code",)
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_.-]+"
    body: type[RegisterBody]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One of them."""
        return self.answer(self.get_object())

    def create(self, request: MemberRequest) -> Response:
        """Add one, in the own area; needs are for who has no others beside the own area."""
        policies.require(policies.can_keep_registers(self.actor))
        row: Any = self.body.model(**values_of(self.body, request.data, self.get_serializer_context()))
        enter_in_register(row, by=self.actor)
        name, key = f"api:{self.basename}-detail", getattr(row, self.lookup_field)
        address = reverse(name, args=[key], request=request)
        return self.answer(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED, Location=address)

    @transaction.atomic
    def partial_update(self, request: MemberRequest, *args: Any, **kwargs: Any) -> Response:
        """Change what is given; what tells who or where it is was given once, when it was added."""
        row = self.as_read()
        return self.changed(row, values_of(self.body, request.data, self.get_serializer_context(), partial=True))

    def changed(self, row: Any, values: dict[str, Any]) -> Response:
        """Change a row, and answer with it."""
        change_in_register(row, values=values, by=self.actor)
        return self.answer(self.get_queryset().get(pk=row.pk))

    def answer(self, row: Any, code: int = status.HTTP_200_OK, **headers: str) -> Response:
        """A row with its ETag."""
        return Response(self.get_serializer(row).data, code, headers={"ETag": self._etag_of(row), **headers})

    def as_read(self) -> Any:
        """The row of the address, locked until it is written, if it still is what the client has read."""
        seen = self.get_object()
        policies.require(policies.can_keep_registers(self.actor))
        row = get_object_or_404(self.get_queryset().select_for_update(of=("self",)), pk=seen.pk)
        require_match(self.request, self._etag_of(row))
        return row

    def _etag_of(self, row: Any) -> str:
        """Of all that an answer says, whatever fields were asked for."""
        return etag_of_content(self.get_serializer_class()(row).data)


class Areas(Register):
    """Divisions: those in the area of the actor, and those above it."""

    serializer_class = AreaSerializer
    body = AreaBody

    def get_queryset(self) -> QuerySet[Area]:
        """What the actor sees."""
        return Area.objects.visible_to(self.actor)


class Grids(Register):
    """Grids of the actor's area."""

    serializer_class = GridSerializer
    body = GridBody
    filterset_class = GridFilter

    def get_queryset(self) -> QuerySet[Grid]:
        """What the actor sees."""
        return Grid.objects.visible_to(self.actor)


class Estates(Register):
    """Estates of the actor's area or grid."""

    serializer_class = EstateSerializer
    body = EstateBody
    filterset_class = EstateFilter

    def get_queryset(self) -> QuerySet[Estate]:
        """What the actor sees."""
        return Estate.objects.visible_to(self.actor).select_related("property_party")


class Buildings(Register):
    """Buildings of the actor's area or grid."""

    serializer_class = BuildingSerializer
    body = BuildingBody
    filterset_class = BuildingFilter

    def get_queryset(self) -> QuerySet[Building]:
        """What the actor sees."""
        return Building.objects.visible_to(self.actor).select_related("estate")


class Parties(Register):
    """Parties of the actor's area, and of the divisions above it."""

    serializer_class = PartySerializer
    body = PartyBody
    filterset_class = PartyFilter

    def get_queryset(self) -> QuerySet[Party]:
        """What the actor sees."""
        return Party.objects.visible_to(self.actor).select_related("supervisor")

    @extend_schema(request=CloseBody, responses=PartySerializer)
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def close(self, request: MemberRequest, code: str) -> Response:
        """Close a party down: its duties end with it, and the cases that it held go to whoever answers then."""
        party = self.as_read()
        values = values_of(CloseBody, request.data, self.get_serializer_context())
        return self.changed(party, {"closed_at": timezone.now(), **values})


class NeedClasses(Register):
    """The classes of need, in their usual order."""

    serializer_class = NeedClassSerializer
    body = NeedClassBody
    ordering = ("position", "code")

    def get_queryset(self) -> QuerySet[NeedClass]:
        """The same for everybody."""
        return NeedClass.objects.all()


class NeedItems(Register):
    """The items of need, in their usual order."""

    serializer_class = NeedItemSerializer
    body = NeedItemBody
    filterset_class = NeedItemFilter
    ordering = ("position", "code")

    def get_queryset(self) -> QuerySet[NeedItem]:
        """The same for everybody."""
        return NeedItem.objects.select_related("need_class")
