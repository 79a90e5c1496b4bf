"""Reading and writing many rows by one statement.

`bulk_update` builds a branch for each row and each field, `bulk_create` prepares each value by itself, `in` binds each
key by itself: a sweep that finds ten thousand faults would spend three quarters of its time on that. Here a column
travels as one array.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models


def save_fields(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Save these fields of rows of one model that are in the database; values come from the instances."""
    if not rows:
        return
    options = type(rows[0])._meta
    columns: list[Any] = [options.pk, *(options.get_field(name) for name in dict.fromkeys(fields))]
    key, *names = [each.column for each in columns]
    source, parameters = _source(columns, [[getattr(row, each.attname) for row in rows] for each in columns])
    sets = ", ".join(f'"{name}" = fresh."{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{options.db_table}" SET {sets} FROM {source} '  # noqa: S608 -- names of our own columns
            f'WHERE "{options.db_table}"."{key}" = fresh."{key}"',
            parameters,
        )


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of a model, each its values by the names of attributes, and return their keys in the same order.

    All rows name the same attributes; what they do not name has its default. Who calls it sees to it that each value is
    of the type of its column: nothing is converted on the way.
    """
    if not rows:
        return []
    options = model._meta
    columns = [each for each in options.concrete_fields if not each.primary_key]
    names = ", ".join(f'"{each.column}"' for each in columns)
    source, parameters = _source(columns, [_column(each, rows) for each in columns])
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{options.db_table}" ({names}) SELECT {names} FROM {source} WHERE true '  # noqa: S608 -- the same
            f'RETURNING "{options.pk.column}"',
            parameters,
        )
        return sorted(key for (key,) in cursor.fetchall())


@models.BigAutoField.register_lookup
class Among(models.Lookup):
    """`pk__among`: one of these keys, however many; they travel as one array. Among none is nothing, unasked."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[int]) -> None:
        super().__init__(lhs, list(rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """The condition as SQLite reads it."""
        column, parameters = self._column(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*parameters, json.dumps(self.rhs))  # noqa: S608 -- ours

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """The condition as PostgreSQL reads it."""
        column, parameters = self._column(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*parameters, f"{{{','.join(map(str, self.rhs))}}}")

    def _column(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs:
            raise EmptyResultSet
        return self.process_lhs(compiler, connection)


def _column(column: Any, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    name = column.attname
    return [row[name] for row in rows] if name in rows[0] else [column.get_default()] * len(rows)


def _source(columns: Sequence[Any], values: Sequence[list[Any]]) -> tuple[str, list[Any]]:
    """The values of these columns as something to select from, called `fresh`, in the order of the rows."""
    if connection.vendor == "postgresql":
        return _unnested(columns, values)
    picked = ", ".join(f"json_extract(value, '$[{place}]') AS \"{each.column}\"" for place, each in enumerate(columns))
    adapted = [
        [each.get_db_prep_save(value, connection) for value in column]
        for each, column in zip(columns, values, strict=True)
    ]
    # As one text: the number of parameters of SQLite is limited.
    told = _encode(list(zip(*adapted, strict=True)))
    return f"(SELECT {picked} FROM json_each(%s) ORDER BY key) AS fresh", [told]  # noqa: S608 -- the same


def _unnested(columns: Sequence[Any], values: Sequence[list[Any]]) -> tuple[str, list[Any]]:
    """Arrays that PostgreSQL turns into rows; what is the same in all of them travels once."""
    picked, names, arrays, constants = [], [], [], []
    parameters: list[Any] = []
    for column, given in zip(columns, values, strict=True):
        kind, name = _type_of(column), f'"{column.column}"'
        plain = _plain_json if isinstance(column, models.JSONField) else _PLAIN.get(type(given[0]), str)
        if all(each is given[0] for each in given):
            picked.append(f"%s::{kind} AS {name}")
            constants.append(None if given[0] is None else plain(given[0]))
        else:
            picked.append(name)
            names.append(name)
            arrays.append(f"%s::{kind}[]")
            parameters.append(_literal(given, kind, is_json=isinstance(column, models.JSONField)))
    rows = f"unnest({', '.join(arrays)}) AS each({', '.join(names)})"
    if not arrays:  # one row, or several that are all alike
        rows, parameters = "generate_series(1, %s)", [len(values[0])]
    return f"(SELECT {', '.join(picked)} FROM {rows}) AS fresh", [*constants, *parameters]  # noqa: S608 -- the same


def _literal(values: Sequence[Any], kind: str, *, is_json: bool) -> str:
    """An array as PostgreSQL reads it, which is far cheaper to bind than a list."""
    if is_json:
        texts = [None if each is None else _plain_json(each) for each in values]
    else:
        texts = [None if each is None else _PLAIN.get(type(each), str)(each) for each in values]
    if is_json or kind == "text":
        return "{" + ",".join("NULL" if each is None else _quoted(each) for each in texts) + "}"
    return "{" + ",".join(each or "NULL" for each in texts) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_encode: Callable[[Any], str] = DjangoJSONEncoder().encode
_plain_json = _encode
_PLAIN: dict[type, Callable[[Any], str]] = {datetime: datetime.isoformat, bool: lambda value: "t" if value else "f"}


def _type_of(field: Any) -> str:
    """The type of a column; of texts without their length, for a cast would cut them where an assignment refuses."""
    kind = field.db_type(connection)
    return "text" if kind.startswith("varchar") else kind.removesuffix(" GENERATED BY DEFAULT AS IDENTITY")
