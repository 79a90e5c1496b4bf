"""Whole lists as files: CSV and JSON lines, written row by row while they are read, so that memory stays flat."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer, JSONRenderer

AT_ONCE = 2_000  # rows that are read, with what belongs to them, before they are written

Row = Mapping[str, Any]


class _Export(JSONRenderer):
    """Stands for a format that a client may ask for; what is refused is still a problem in JSON."""

    charset = "utf-8"


class CsvExport(_Export):
    """Comma-separated, with the names of the fields on top; several codes in one field stand apart by spaces."""

    media_type = "text/csv"
    format = "csv"


class LinesExport(_Export):
    """One JSON object a line, as in the results of the list."""

    media_type = "application/x-ndjson"
    format = "ndjson"


EXPORTS: tuple[type[BaseRenderer], ...] = (CsvExport, LinesExport)


def streamed(
    rows: QuerySet[Any], row_of: Callable[[Any], Row], names: Iterable[str], kind: BaseRenderer, *, name: str
) -> StreamingHttpResponse:
    """Write all rows as the client asked for them; `name` is that of the file."""
    written = map(row_of, rows.iterator(chunk_size=AT_ONCE))
    lines = _csv(written, list(names)) if kind.format == "csv" else _lines(written)
    disposition = f'attachment; filename="{name}.{kind.format}"'
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
        yield writer.writerow(
            [" ".join(each) if isinstance(each, list) else each for each in (row[name] for name in names)]
        )


def _lines(rows: Iterator[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"
