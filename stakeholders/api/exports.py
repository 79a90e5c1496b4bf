"""Whole lists as files: CSV and JSON lines, written row by row while they are read, so that memory stays flat."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from spreadsheets.formulas import harmless
from stakeholders.api.acting import ActingView
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.sparse import FIELDS

AT_ONCE = 2_000  # rows that are read, with what belongs to them, before they are written

Row = Mapping[str, Any]


class _Export(JSONRenderer):
    """Stands for a format that a client may ask for; what is refused is still a problem in JSON."""

    charset = "utf-8"


class CsvExport(_Export):
    """Comma-separated, with the names of the fields on top.

    Several codes in one field stand apart by spaces, anything deeper is JSON, and no text begins a formula.
    """

    media_type = "text/csv"
    format = "csv"


class LinesExport(_Export):
    """One JSON object a line, as in the results of the list."""

    media_type = "application/x-ndjson"
    format = "ndjson"


EXPORTS: tuple[type[BaseRenderer], ...] = (CsvExport, LinesExport)


class ExportedList(ActingView, GenericViewSet[Any]):
    """A list that comes page by page, or as a whole in a file called `export_name`: same filters, same visibility."""

    export_name: str
    ordering: Sequence[str]

    def get_renderers(self) -> list[BaseRenderer]:
        """The list may be had as a file, and nothing else."""
        exports = [each() for each in EXPORTS] if getattr(self, "action", None) == "list" else []
        return [*super().get_renderers(), *exports]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """One page, or all of it as a file."""
        asked_for = request.accepted_renderer
        if not isinstance(asked_for, EXPORTS):
            page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
            return self.get_paginated_response(self.shown(page, many=True))
        filterset_class = getattr(self, "filterset_class", None)
        refuse_strangers(request, frozenset({FIELDS, *(filterset_class.base_filters if filterset_class else ())}))
        return self._streamed(self.filter_queryset(self.get_queryset()).order_by(*self.ordering), asked_for)

    def _streamed(self, rows: QuerySet[Any], kind: BaseRenderer) -> StreamingHttpResponse:
        serializer = cast("Serializer[Any]", self.get_serializer())
        written = map(serializer.to_representation, rows.iterator(chunk_size=AT_ONCE))
        lines = _csv(written, list(serializer.fields)) if kind.format == "csv" else _lines(written)
        disposition = f'attachment; filename="{self.export_name}.{kind.format}"'
        content_type = f"{kind.media_type}; charset=utf-8"
        return StreamingHttpResponse(lines, content_type=content_type, headers={"Content-Disposition": disposition})


class _Line:
    """Takes what the CSV writer writes, and hands it back."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[Row], names: list[str]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(names)
    for row in rows:
        yield writer.writerow([_cell(row[name]) for name in names])


def _cell(value: Any) -> object:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = " ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else harmless(value)


def _lines(rows: Iterator[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"
