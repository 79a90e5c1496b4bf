"""Episodes: when which cell had nobody, several or only a backstop."""

from django.db.models import QuerySet
from django.http import HttpResponseBase
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.renderers import BaseRenderer
from rest_framework.viewsets import GenericViewSet

from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.exports import EXPORTS, streamed
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.serializers import EpisodeSerializer
from stakeholders.filters import EpisodeFilter
from stakeholders.models import Episode


class Episodes(RetrieveModelMixin, ActingView, GenericViewSet[Episode]):
    """The episodes of the estates that the actor sees, latest written first."""

    serializer_class = EpisodeSerializer
    filterset_class = EpisodeFilter
    ordering = ("-id",)
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Episode]:
        """What the actor sees, with all that the answer names."""
        policies.require(policies.can_see_duties(self.actor))
        named = Episode.objects.select_related("estate", "building", "need_item").prefetch_related("parties")
        return named.visible_to(self.actor)

    def get_renderers(self) -> list[BaseRenderer]:
        """The list may be had as a file."""
        exports = [] if self.detail else [each() for each in EXPORTS]
        return [*super().get_renderers(), *exports]

    def list(self, request: MemberRequest) -> HttpResponseBase:
        """One page, or all of it as a file."""
        asked_for = request.accepted_renderer
        if isinstance(asked_for, EXPORTS):
            refuse_strangers(request, frozenset(EpisodeFilter.base_filters))
        episodes = self.filter_queryset(self.get_queryset())
        if not isinstance(asked_for, EXPORTS):
            page = self.paginate_queryset(episodes)
            return self.get_paginated_response(self.get_serializer(page, many=True).data)
        row = EpisodeSerializer(context=self.get_serializer_context())
        return streamed(
            episodes.order_by(*self.ordering), row.to_representation, row.fields, asked_for, name="episodes"
        )
