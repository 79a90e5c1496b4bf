"""Filters that are never ignored: a parameter nobody knows, or a value that makes no sense, is 400."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from stakeholders.api.expand import EXPAND
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.sparse import FIELDS


class StrictFilterBackend(DjangoFilterBackend):
    """The FilterSet of a list view, and nothing but it; a detail view takes none. Any takes `fields`,
    and `expand` where there is something to expand.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Filter a list. Raises ValidationError by parameter name."""
        shaping = frozenset({FIELDS, EXPAND} if getattr(view, "expands", None) else {FIELDS})
        if getattr(view, "detail", False):
            refuse_strangers(request, shaping)
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = frozenset(filterset_class.base_filters) if filterset_class else frozenset()
        refuse_strangers(request, known | view.paginator.query_parameters | shaping)
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
