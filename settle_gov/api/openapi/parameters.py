"""The parameters of lists: what one can filter by."""

from collections.abc import Callable
from typing import Any

import django_filters
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.plumbing import build_parameter_type

from cases.filters import BehindFilter
from stakeholders.filters import MOST_ID, AnyOfFilter, CodeFilter, IdFilter, MomentFilter, YesNoFilter

TEXT = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "format": "date-time"}


class Filters(DjangoFilterExtension):
    """Every filter of a list."""

    target_class = "settle_gov.api.filtering.StrictFilterBackend"
    priority = 1

    def get_schema_operation_parameters(self, auto_schema: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """Read them off the FilterSet of the view."""
        filters = getattr(auto_schema.view, "filterset_class", None)
        known = filters.base_filters.items() if filters else ()
        return [_parameter(name, each) for name, each in known]


def _parameter(name: str, each: django_filters.Filter) -> dict[str, Any]:
    schema = _schema(each)
    many = {"explode": False, "style": "form"} if schema["type"] == "array" else {}
    described = build_parameter_type(name=name, location="query", description=str(each.label), schema=schema, **many)
    return dict(described)


def _schema(each: django_filters.Filter) -> dict[str, Any]:
    """What a filter takes: the first row of the table that it is one of."""
    return next(describe(each) for kind, describe in TAKEN if isinstance(each, kind))


def _values(each: django_filters.ChoiceFilter) -> list[Any]:
    return [value for value, _label in each.extra["choices"]]


# From the special to the general
TAKEN: list[tuple[type[django_filters.Filter], Callable[[django_filters.Filter], dict[str, Any]]]] = [
    (AnyOfFilter, lambda each: {"type": "array", "items": {"type": "string", "enum": _values(each)}, "minItems": 1}),
    (YesNoFilter, lambda each: {"type": "boolean"}),
    (MomentFilter, lambda each: MOMENT),
    (IdFilter, lambda each: {"type": "integer", "minimum": 1, "maximum": MOST_ID}),
    (CodeFilter, lambda each: {"type": "array", "items": TEXT, "minItems": 1}),
    (BehindFilter, lambda each: TEXT),
    (django_filters.ModelChoiceFilter, lambda each: TEXT),
    (django_filters.ChoiceFilter, lambda each: {"type": "string", "enum": _values(each)}),
    (django_filters.NumberFilter, lambda each: {"type": "integer"}),
    (django_filters.Filter, lambda each: TEXT),
]
