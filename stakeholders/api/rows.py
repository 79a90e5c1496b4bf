"""Rows of many records, read as columns: what a serializer would say of them, without making an object of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

Row = dict[str, Any]
Change = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Beside:
    """What lies in other tables: keys of records in, their values out; `otherwise` is said where there is nothing."""

    look_up: Callable[[Sequence[int]], Mapping[int, Any]]
    otherwise: Any


@dataclass(frozen=True)
class Rows:
    """The fields of a serializer as columns of its model.

    Which fields there are, and in which order, is said by the serializer alone. A plain field, a moment or a code is
    read from where the serializer reads it; any other must be `derived` from a column, be found `beside` the record,
    or be the same in every row.
    """

    serializer: type[serializers.ModelSerializer[Any]]
    derived: Mapping[str, tuple[str, Change]] = field(default_factory=dict)
    beside: Mapping[str, Beside] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)

    def of(self, records: QuerySet[Any], *, by: str = "pk") -> Iterator[tuple[int, Row]]:
        """Each record as its key (or another column, `by`) and row: one query, and one for each field beside it."""
        fields = self.serializer().fields
        read = {name: self._column(name, each) for name, each in fields.items() if self._is_read(name)}
        found = list(records.values_list(by, *(path for path, _change in read.values())))
        beside = {
            name: (each.look_up([key for key, *_values in found]), each.otherwise) for name, each in self.beside.items()
        }
        empty = {**dict.fromkeys(fields), **self.constants}
        columns, zone = [(name, change) for name, (_path, change) in read.items()], timezone.get_current_timezone()
        for key, *values in found:
            row = empty.copy()
            for (name, change), value in zip(columns, values, strict=True):
                row[name] = _told(value, zone) if change is None else change(value)
            for name, (values_of, otherwise) in beside.items():
                row[name] = values_of.get(key, otherwise)
            yield key, row

    def _is_read(self, name: str) -> bool:
        return name not in self.beside and name not in self.constants

    def _column(self, name: str, each: serializers.Field[Any, Any, Any, Any]) -> tuple[str, Change]:
        if name in self.derived:
            return self.derived[name]
        path = str(each.source).replace(".", "__")
        return (f"{path}__{each.slug_field}" if isinstance(each, serializers.SlugRelatedField) else path), None


def _told(value: Any, zone: tzinfo) -> Any:
    """A moment as the serializers write it, in the time of the town; all else as it is."""
    return value.astimezone(zone).isoformat() if type(value) is datetime else value
