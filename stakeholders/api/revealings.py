"""Who looked residents up: read by those who answer for the registers, so that looking is never unseen."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet

from stakeholders import policies
from stakeholders.api.acting import ActingView
from stakeholders.api.serializers import RevealingSerializer
from stakeholders.filters import RevealingFilter
from stakeholders.models import Revealing


class Revealings(ListModelMixin, ActingView, GenericViewSet[Any]):
    """Who looked up which resident of the actor's area, when and why; latest first."""

    serializer_class = RevealingSerializer
    filterset_class = RevealingFilter
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Revealing]:
        """What the actor sees."""
        policies.require(policies.can_see_revealings(self.actor))
        return Revealing.objects.visible_to(self.actor).select_related("by__user", "by__party")
