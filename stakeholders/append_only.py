"""Tables whose rows are written once: a migration operation that has the database itself refuse the rest."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AppendOnly(Operation):
    """Forbid deleting rows of a table and changing them, but for columns that may be filled in once.

    A row says what was known at a moment; a correction is a new row. The triggers hold for every way in:
    services, admin, a shell, another program. `may_be_set` names columns that may go from NULL to a value,
    such as the moment a record was withdrawn, and never change again. `unique` names every unique key of the table
    beside `id`: SQLite's INSERT OR REPLACE deletes the rows that are in its way without asking a DELETE trigger.
    `days` lets rows be deleted that are older than so many days by their column `at`: what the law wants kept, and no
    longer than the office wants it.
    """

    reversible = True

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        may_be_set: Sequence[str] = (),
        *,
        unique: Sequence[Sequence[str]] = (),
        days: int | None = None,
    ) -> None:
        self.table, self.columns, self.may_be_set = table, tuple(columns), tuple(may_be_set)
        self.days = days
        self.unique = (("id",), *unique)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the triggers in the dialect of the engine."""
        create = self._postgresql() if schema_editor.connection.vendor == "postgresql" else self._sqlite()
        for statement in create:
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        if schema_editor.connection.vendor == "postgresql":
            for name in (f"{self.table}_keep", f"{self.table}_keep_all"):
                schema_editor.execute(f"DROP TRIGGER {name} ON {self.table}")
                schema_editor.execute(f"DROP FUNCTION {name}()")
        else:
            for event in ("insert", "update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {self.table}_keep_{event}")

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Let rows of {self.table} be written once"

    def _is_changed(self, distinct: str) -> str:
        changed = [f"OLD.{column} {distinct} NEW.{column}" for column in self.columns]
        changed += [
            f"(OLD.{column} IS NOT NULL AND OLD.{column} {distinct} NEW.{column})" for column in self.may_be_set
        ]
        return " OR ".join(changed)

    def _is_taken(self) -> str:
        return " OR ".join(
            f"EXISTS (SELECT 1 FROM {self.table} WHERE "  # noqa: S608 -- names of our own tables and columns
            + " AND ".join(f"{column} = NEW.{column}" for column in key)
            + ")"
            for key in self.unique
        )

    def _sqlite(self) -> list[str]:
        refuse = f"SELECT RAISE(ABORT, '{self._message}')"
        kept = "" if self.days is None else f"WHEN OLD.at > datetime('now', '-{self.days} days') "
        return [
            f"CREATE TRIGGER {self.table}_keep_insert BEFORE INSERT ON {self.table} "
            f"WHEN {self._is_taken()} BEGIN {refuse}; END",
            f"CREATE TRIGGER {self.table}_keep_update BEFORE UPDATE ON {self.table} "
            f"WHEN {self._is_changed('IS NOT')} BEGIN {refuse}; END",
            f"CREATE TRIGGER {self.table}_keep_delete BEFORE DELETE ON {self.table} {kept}BEGIN {refuse}; END",
        ]

    def _postgresql(self) -> list[str]:
        refuse = f"RAISE EXCEPTION '{self._message}' USING ERRCODE = 'restrict_violation'"
        # What may go must not be compared with what comes in its place: in a DELETE there is none.
        may_go = (
            ""
            if self.days is None
            else (f"IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{self.days} days' THEN RETURN OLD; END IF; ")
        )
        return [
            f"CREATE FUNCTION {self.table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {may_go}"
            f"IF TG_OP = 'DELETE' OR {self._is_changed('IS DISTINCT FROM')} THEN {refuse}; "
            f"END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {self.table}_keep BEFORE UPDATE OR DELETE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.table}_keep()",
            # TRUNCATE passes by the rows, and with CASCADE it reaches tables that nobody named
            f"CREATE FUNCTION {self.table}_keep_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$",
            f"CREATE TRIGGER {self.table}_keep_all BEFORE TRUNCATE ON {self.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_keep_all()",
        ]

    @property
    def _message(self) -> str:
        return f"rows of {self.table} are written once"
