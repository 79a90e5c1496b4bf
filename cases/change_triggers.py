"""A migration operation that has the database itself note every change for the feed."""

from collections.abc import Mapping, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# What a trigger reads is called `fresh` and `stale`: whole tables on PostgreSQL, one row on SQLite.
NOTE = """
INSERT INTO cases_change (kind, record, key, is_deleted, at, left_area, left_grid)
SELECT '{kind}', {rows}.id, {key}, {is_deleted}, {now}, {left} FROM {source} {which}
ORDER BY {rows}.id
"""
NOWHERE = "NULL, NULL"
LEFT = (
    "CASE WHEN stale.area_id <> fresh.area_id THEN stale.area_id END, "
    "CASE WHEN stale.grid_id {distinct} fresh.grid_id THEN stale.grid_id END"
)
BOTH = "{stale} JOIN {fresh} ON stale.id = fresh.id"
MOVED = "stale.area_id <> fresh.area_id OR stale.grid_id {distinct} fresh.grid_id"
GREW_OR_MOVED = f"WHERE stale.version <> fresh.version OR {MOVED}"
MOVED_CASES = f"JOIN {{fresh}} ON beside.case_id = fresh.id JOIN {{stale}} ON stale.id = fresh.id WHERE {MOVED}"
# A party that had no part in a case so far sees it from now on, and with it all that lies beside it.
NEWLY_SEEN = """
WHERE beside.case_id IN (
    SELECT fresh.case_id FROM {fresh} WHERE NOT EXISTS (
        SELECT 1 FROM cases_custody AS known
        WHERE known.case_id = fresh.case_id AND known.party_id = fresh.party_id AND known.id < fresh.id
    )
) AND NOT EXISTS (SELECT 1 FROM {fresh} WHERE '{kind}' = 'custody' AND fresh.id = beside.id)
"""
BESIDE = {"custody": "cases_custody", "finding": "cases_finding"}


class NoteChanges(Operation):
    """Note each row of `table` that is inserted, updated or deleted as a change of `kind`.

    `key` is the column by which clients know it. On PostgreSQL one statement notes all that one statement changed. A
    case is noted where its version grew; where it was moved, or a party sees it for the first time, all that lies
    beside it is noted, too, for there is somebody who has not been told of it.
    """

    reversible = True

    def __init__(self, table: str, kind: str, *, key: str = "id") -> None:
        self.table, self.kind, self.key = table, kind, key

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the triggers, and note all that is there by now."""
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        dialect = self._postgresql if is_postgresql else self._sqlite
        words = _POSTGRESQL if is_postgresql else self._words_of_sqlite()
        for event, notes in self._notes().items():
            for statement in dialect(event, "".join(f"{note.format(**words)};" for note in notes)):
                schema_editor.execute(statement)
        schema_editor.execute(self._note(self.table, rows=self.table).format(**words))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        for event in self._notes():
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER {self._name(event)} ON {self.table}")
                schema_editor.execute(f"DROP FUNCTION {self._name(event)}()")
            else:
                schema_editor.execute(f"DROP TRIGGER {self._name(event)}")

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Note every change of {self.table} for the feed"

    def _name(self, event: str) -> str:
        return f"{self.table}_note_{event}"

    def _notes(self) -> Mapping[str, Sequence[str]]:
        """What is noted when; the words of a dialect are still to be filled in."""
        notes = {
            "insert": [self._note("{fresh}")],
            "update": [self._note("{fresh}")],
            "delete": [self._note("{stale}", rows="stale", is_deleted="true")],
        }
        if self.kind == "case":
            notes["update"] = [self._note(BOTH, left=LEFT, which=GREW_OR_MOVED)]
            notes["update"] += _beside(MOVED_CASES, LEFT)
        if self.kind == "custody":
            notes["insert"] += _beside(NEWLY_SEEN)
        return notes

    def _note(self, source: str, *, rows: str = "fresh", **words: str) -> str:
        key = f"{rows}.{self.key}" if self.key != "id" else f"CAST({rows}.id AS text)"
        return _note(self.kind, source, rows=rows, key=key, **words)

    def _postgresql(self, event: str, notes: str) -> list[str]:
        known = {"insert": "NEW TABLE AS fresh", "delete": "OLD TABLE AS stale"}
        tables = known.get(event, "OLD TABLE AS stale NEW TABLE AS fresh")
        name = self._name(event)
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {notes} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {self.table} REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ]

    def _sqlite(self, event: str, notes: str) -> list[str]:
        return [f"CREATE TRIGGER {self._name(event)} AFTER {event.upper()} ON {self.table} BEGIN {notes} END"]

    def _words_of_sqlite(self) -> dict[str, str]:
        columns = {"case": ["number", "version", "area_id", "grid_id"], "custody": ["case_id", "party_id"]}
        read = ["id", *columns.get(self.kind, [])]
        rows = {
            name: f"(SELECT {', '.join(f'{row}.{column} AS {column}' for column in read)}) AS {name}"
            for name, row in (("fresh", "NEW"), ("stale", "OLD"))
        }
        return {"now": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "distinct": "IS NOT", **rows}


_POSTGRESQL = {"now": "clock_timestamp()", "distinct": "IS DISTINCT FROM", "fresh": "fresh", "stale": "stale"}


def _note(kind: str, source: str, *, rows: str, key: str, **words: str) -> str:
    given = {"is_deleted": "false", "left": NOWHERE, "which": "", **words}
    return NOTE.format(kind=kind, source=source, rows=rows, key=key, now="{now}", **given)


def _beside(which: str, left: str = NOWHERE) -> list[str]:
    """Note custodies and findings of some cases."""
    return [
        _note(
            kind,
            f"{table} AS beside",
            rows="beside",
            key="CAST(beside.id AS text)",
            left=left,
            which=which.replace("{kind}", kind),
        )
        for kind, table in BESIDE.items()
    ]
