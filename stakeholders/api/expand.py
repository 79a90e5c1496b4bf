"""Answers in which what they name by its code stands as a whole: `?expand=lead,estate`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

EXPAND = "expand"
# The fields that can be expanded, each with the view at whose address the whole stands
Whole = Mapping[str, type[Any]]


def wanted(request: Request, known: Whole, shown: Iterable[str]) -> list[str]:
    """The fields that are to be expanded. Raises ValidationError for one that cannot be, or is not shown."""
    text = request.query_params.get(EXPAND)
    names = [] if text is None else list(dict.fromkeys(text.split(",")))
    can_be = set(known) & set(shown)
    if unknown := [name for name in names if name not in can_be]:
        reason = _("“%(name)s” cannot be expanded here.") % {"name": unknown[0]}
        raise ValidationError({EXPAND: [ErrorDetail(reason, code="unknown")]})
    return names


def expand(rows: list[dict[str, Any]], name: str, kind: type[Any], request: Request) -> None:
    """Put objects in the place of their codes, as many queries for many as for one.

    An object is shown as the view `kind` shows it, and only where that view would; else its code stays.
    """
    codes = {code for row in rows for code in _listed(row[name])}
    found = _found(codes, kind(request=request)) if codes else {}
    for row in rows:
        value = row[name]
        whole = [found.get(code, code) for code in _listed(value)]
        row[name] = whole if isinstance(value, list) else next(iter(whole), None)


def _found(codes: set[str], view: Any) -> dict[str, Any]:
    rows = view.get_queryset().filter(**{f"{view.lookup_field}__in": codes})
    context = {"request": view.request, "actor": view.actor}
    return {getattr(row, view.lookup_field): view.serializer_class(row, context=context).data for row in rows}


def _listed(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
