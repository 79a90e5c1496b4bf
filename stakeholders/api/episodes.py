"""Episodes: when which cell had nobody, several or only a backstop."""

from django.db.models import QuerySet
from rest_framework.mixins import RetrieveModelMixin

from stakeholders import policies
from stakeholders.api.exports import ExportedList
from stakeholders.api.serializers import EpisodeSerializer
from stakeholders.filters import EpisodeFilter
from stakeholders.models import Episode


class Episodes(RetrieveModelMixin, ExportedList):
    """The episodes of the estates that the actor sees, latest written first."""

    serializer_class = EpisodeSerializer
    filterset_class = EpisodeFilter
    ordering = ("-id",)
    export_name = "episodes"
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Episode]:
        """What the actor sees, with all that the answer names."""
        policies.require(policies.can_see_duties(self.actor))
        named = Episode.objects.select_related("estate", "building", "need_item").prefetch_related("parties")
        return named.visible_to(self.actor)
