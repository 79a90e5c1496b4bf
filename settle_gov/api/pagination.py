"""Pages of lists by keyset: page 3,000 costs what page 1 costs, and nothing is lost or doubled while rows arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.core import signing
from django.db.models import Field, Model, Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


class OrderedView(Protocol):
    """A list view names its order: fields without nulls that together are unique, "-" for the newest first."""

    ordering: Sequence[str]


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind the row at `position`, going on or going back.

    Without a position it begins at the very start or, going back, at the very end.
    """

    position: Sequence[str]
    is_backward: bool


class NewestFirst(BasePagination):
    """`{"next", "previous", "results"}`, and `count` when it is asked for.

    Cursors are opaque and signed, so that none can be made up and what they hold need not be checked again. DRF's own
    cursors compare one field only and count on from there, and lose rows when more than 1,000 share a moment; these
    compare all fields of the order.
    """

    query_parameters = frozenset({"cursor", "page_size", "count"})

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Read one page and find out what lies beside it, in one query (two with the count)."""
        ordering = cast(OrderedView, view).ordering
        size = _page_size(request)
        self._request = request
        self._count = queryset.count() if _wants_count(request) else None
        self._keyset = Keyset(queryset.model, ordering)
        cursor = self._keyset.read(request)
        rows = queryset.order_by(*(_reversed(ordering) if cursor.is_backward else ordering))
        if cursor.position:
            rows = rows.filter(self._keyset.beyond(cursor))
        page = list(rows[: size + 1])
        goes_on, comes_from, page = len(page) > size, bool(cursor.position), page[:size]
        self._page = page[::-1] if cursor.is_backward else page
        self._has_previous, self._has_next = (goes_on, comes_from) if cursor.is_backward else (comes_from, goes_on)
        return self._page

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Say in the document what a list can be asked about its pages."""
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE}
        schemas = {
            "cursor": {"type": "string", "minLength": 1},
            "page_size": size,
            "count": {"type": "boolean", "default": False},
        }
        return [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Say in the document what a page looks like."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"count": {"type": "integer", "minimum": 0}, "next": link, "previous": link, "results": schema}
        return {"type": "object", "properties": properties, "required": ["next", "previous", "results"]}

    def get_paginated_response(self, data: Any) -> Response:
        """Put the page into its envelope."""
        envelope: dict[str, Any] = {"next": self._next(), "previous": self._previous(), "results": data}
        return Response(envelope if self._count is None else {"count": self._count, **envelope})

    def _next(self) -> str | None:
        return self._link(self._page[-1] if self._page else None, is_backward=False) if self._has_next else None

    def _previous(self) -> str | None:
        return self._link(self._page[0] if self._page else None, is_backward=True) if self._has_previous else None

    def _link(self, row: Model | None, *, is_backward: bool) -> str:
        """The address of the page beside `row`; beside an empty page lies the end that it came from."""
        position = self._keyset.position_of(row) if row is not None else []
        token = self._keyset.write(Cursor(position, is_backward))
        return replace_query_param(self._request.build_absolute_uri(), "cursor", token)


class Keyset:
    """The order of a list: reads and writes cursors for it."""

    def __init__(self, model: type[Model], ordering: Sequence[str]) -> None:
        self._ordering = ordering
        self._fields: list[Field[Any, Any]] = [
            cast("Field[Any, Any]", model._meta.get_field(name.lstrip("-"))) for name in ordering
        ]
        self._salt = ":".join(("cursor", model._meta.label, *ordering))  # a cursor of another list is not valid here

    def read(self, request: Request) -> Cursor:
        """The cursor of a request; raises ValidationError where it is not one of ours."""
        token = request.query_params.get("cursor")
        if token is None:
            return Cursor([], is_backward=False)
        try:
            is_backward, *position = signing.loads(token, salt=self._salt)
        except signing.BadSignature as error:
            raise _bad("cursor", _("This is no cursor of this list.")) from error
        return Cursor(position, is_backward)

    def write(self, cursor: Cursor) -> str:
        """The text of a cursor."""
        return signing.dumps([cursor.is_backward, *cursor.position], salt=self._salt)

    def position_of(self, row: Model) -> list[str]:
        """What tells this row from its neighbours."""
        return [field.value_to_string(row) for field in self._fields]

    def beyond(self, cursor: Cursor) -> Q:
        """The rows behind a position: a comparison of all fields, in a form that an index over them can serve."""
        condition = Q()
        for name, field, text in reversed(list(zip(self._ordering, self._fields, cursor.position, strict=True))):
            lookup = "lt" if name.startswith("-") != cursor.is_backward else "gt"
            value = field.to_python(text)
            strictly = Q(**{f"{field.name}__{lookup}": value})
            condition = Q(**{f"{field.name}__{lookup}e": value}) & (strictly | condition) if condition else strictly
        return condition


def _reversed(ordering: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in ordering]


def _page_size(request: Request) -> int:
    text = request.query_params.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE_SIZE):
        raise _bad("page_size", _("Give a number from 1 to %(most)d.") % {"most": MAX_PAGE_SIZE})
    return int(text)


def _wants_count(request: Request) -> bool:
    text = request.query_params.get("count", "false")
    if text not in ("true", "false"):
        raise _bad("count", _("Give true or false."))
    return text == "true"


def _bad(name: str, reason: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(reason, code="invalid")]})
