"""The registers: places, parties and needs, to be read by their public codes."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.viewsets import ReadOnlyModelViewSet

from stakeholders.api.acting import ActingView
from stakeholders.api.serializers import (
    AreaSerializer,
    BuildingSerializer,
    EstateSerializer,
    GridSerializer,
    NeedClassSerializer,
    NeedItemSerializer,
    PartySerializer,
)
from stakeholders.filters import (
    BuildingFilter,
    EstateFilter,
    GridFilter,
    NeedItemFilter,
    PartyFilter,
)
from stakeholders.models import Area, Building, Estate, Grid, NeedClass, NeedItem, Party


class Register(ActingView, ReadOnlyModelViewSet[Any]):
    """A list in the order of its codes; an object of it has its code as address."""

    ordering: tuple[str, ...] = ("code",)
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_.-]+"


class Areas(Register):
    """Divisions: those in the area of the actor, and those above it."""

    serializer_class = AreaSerializer

    def get_queryset(self) -> QuerySet[Area]:
        """What the actor sees."""
        return Area.objects.visible_to(self.actor)


class Grids(Register):
    """Grids of the actor's area."""

    serializer_class = GridSerializer
    filterset_class = GridFilter

    def get_queryset(self) -> QuerySet[Grid]:
        """What the actor sees."""
        return Grid.objects.visible_to(self.actor)


class Estates(Register):
    """Estates of the actor's area or grid."""

    serializer_class = EstateSerializer
    filterset_class = EstateFilter

    def get_queryset(self) -> QuerySet[Estate]:
        """What the actor sees."""
        return Estate.objects.visible_to(self.actor).select_related("property_party")


class Buildings(Register):
    """Buildings of the actor's area or grid."""

    serializer_class = BuildingSerializer
    filterset_class = BuildingFilter

    def get_queryset(self) -> QuerySet[Building]:
        """What the actor sees."""
        return Building.objects.visible_to(self.actor).select_related("estate")


class Parties(Register):
    """Parties of the actor's area, and of the divisions above it."""

    serializer_class = PartySerializer
    filterset_class = PartyFilter

    def get_queryset(self) -> QuerySet[Party]:
        """What the actor sees."""
        return Party.objects.visible_to(self.actor).select_related("supervisor")


class NeedClasses(Register):
    """The classes of need, in their usual order."""

    serializer_class = NeedClassSerializer
    ordering = ("position", "code")

    def get_queryset(self) -> QuerySet[NeedClass]:
        """The same for everybody."""
        return NeedClass.objects.all()


class NeedItems(Register):
    """The items of need, in their usual order."""

    serializer_class = NeedItemSerializer
    filterset_class = NeedItemFilter
    ordering = ("position", "code")

    def get_queryset(self) -> QuerySet[NeedItem]:
        """The same for everybody."""
        return NeedItem.objects.select_related("need_class")
