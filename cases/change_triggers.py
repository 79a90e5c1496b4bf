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
TABLES = {"case": "cases_case", **BESIDE, "mandate": "stakeholders_mandate", "ruling": "stakeholders_ruling"}


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
        for event in self._notes():
            self.begin(event, schema_editor)
        schema_editor.execute(self._note(self.table, rows=self.table).format(**self._words(schema_editor)))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        for event in self._notes():
            self.end(event, schema_editor)

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Note every change of {self.table} for the feed"

    def begin(self, event: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Create the trigger of one event."""
        words = self._words(schema_editor)
        notes = "".join(f"{note.format(**words)};" for note in self._notes()[event])
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        for statement in (self._postgresql if is_postgresql else self._sqlite)(event, notes):
            schema_editor.execute(statement)

    def end(self, event: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Drop the trigger of one event."""
        _drop(self._name(event), self.table, schema_editor)

    def _name(self, event: str) -> str:
        return f"{self.table}_note_{event}"

    def _words(self, schema_editor: BaseDatabaseSchemaEditor) -> Mapping[str, str]:
        return _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else self._words_of_sqlite()

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
        return {**_SQLITE, **rows}


class StopNoting(Operation):
    """Note no more what `NoteChanges` notes of a table at one event, where something else does instead."""

    reversible = True

    def __init__(self, event: str, changes: NoteChanges) -> None:
        self.event, self.changes = event, changes

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the trigger."""
        self.changes.end(self.event, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create it again."""
        self.changes.begin(self.event, schema_editor)

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Note no {self.event} of {self.changes.table} for the feed"


class NoteBeside(Operation):
    """Note what else a change of a row changes in the feed: the records that show a column of it, and what is gone.

    `notes` speak of the row as `NEW` and `OLD`, `when` says for which rows they hold. An update is noted only where a
    column of `shown` has another value. These are triggers for each row: most rows of these tables never fire them.
    """

    reversible = True

    def __init__(self, table: str, event: str, *notes: str, shown: Sequence[str] = (), when: str = "") -> None:
        self.table, self.event, self.notes, self.shown, self.when = table, event, notes, tuple(shown), when

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the trigger."""
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        words = _POSTGRESQL if is_postgresql else _SQLITE
        notes = "".join(f"{note.format(**words)};" for note in self.notes)
        columns = f" OF {', '.join(self.shown)}" if self.shown else ""
        differs = " OR ".join(f"OLD.{column} {words['distinct']} NEW.{column}" for column in self.shown)
        conditions = " AND ".join(f"({each})" for each in (differs, self.when) if each)
        head = (
            f"CREATE TRIGGER {self._name} AFTER {self.event}{columns} ON {self.table} FOR EACH ROW "
            f"{f'WHEN ({conditions})' if conditions else ''}"
        )
        if not is_postgresql:
            schema_editor.execute(f"{head} BEGIN {notes} END")
            return
        schema_editor.execute(
            f"CREATE FUNCTION {self._name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {notes} RETURN NULL; END $$"
        )
        schema_editor.execute(f"{head} EXECUTE FUNCTION {self._name}()")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the trigger."""
        _drop(self._name, self.table, schema_editor)

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Note what each {self.event.lower()} of {self.table} changes in the feed"

    @property
    def _name(self) -> str:
        return f"{self.table}_beside_{self.event.lower()}"


def changed(kind: str, which: str, *, party: str = "NULL") -> str:
    """Note records of a kind; `party` is one that may see them no more."""
    table = TABLES[kind]
    return (
        "INSERT INTO cases_change (kind, record, key, is_deleted, at, left_party) "  # noqa: S608 -- names of our own
        f"SELECT '{kind}', {table}.id, {_key(kind, table)}, false, {{now}}, {party} "
        f"FROM {table} WHERE {which} ORDER BY {table}.id"
    )


def gone(kind: str, *, row: str = "OLD", case: str = "OLD", source: str = "") -> str:
    """Note that `row` is deleted, for those who saw it where its `case` lay."""
    return (
        "INSERT INTO cases_change (kind, record, key, is_deleted, at, left_area, left_grid) "
        f"SELECT '{kind}', {row}.id, {_key(kind, row)}, true, {{now}}, {case}.area_id, {case}.grid_id {source}"
    )


def lost(kind: str, parties: str, *, row: str = "OLD", source: str = "") -> str:
    """Note the same for each of the parties that had a part in its case: later nobody may know that any more."""
    return (
        "INSERT INTO cases_change (kind, record, key, is_deleted, at, left_party) "  # noqa: S608 -- names of our own
        f"SELECT '{kind}', {row}.id, {_key(kind, row)}, true, {{now}}, had_part.party_id "
        f"FROM ({parties}) AS had_part {source}"
    )


def _key(kind: str, row: str) -> str:
    return f"{row}.number" if kind == "case" else f"CAST({row}.id AS text)"


_SQLITE = {"now": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "distinct": "IS NOT"}
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


def _drop(name: str, table: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        schema_editor.execute(f"DROP FUNCTION {name}()")
    else:
        schema_editor.execute(f"DROP TRIGGER {name}")
