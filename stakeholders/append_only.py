"""Tables whose rows are written once: a migration operation that has the database itself refuse the rest."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AppendOnly(Operation):
    """Forbid deleting rows of a table and changing them, but for columns that may be filled in once.

    A row says what was known at a moment; a correction is a new row. The trigger holds for every way in:
    services, admin, a shell, another program. `may_be_set` names columns that may go from NULL to a value,
    such as the moment a record was withdrawn, and never change again.
    """

    reversible = True

    def __init__(self, table: str, columns: Sequence[str], may_be_set: Sequence[str] = ()) -> None:
        self.table, self.columns, self.may_be_set = table, tuple(columns), tuple(may_be_set)

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
            schema_editor.execute(f"DROP TRIGGER {self.table}_keep ON {self.table}")
            schema_editor.execute(f"DROP FUNCTION {self.table}_keep()")
        else:
            schema_editor.execute(f"DROP TRIGGER {self.table}_keep_update")
            schema_editor.execute(f"DROP TRIGGER {self.table}_keep_delete")

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Let rows of {self.table} be written once"

    def _is_changed(self, distinct: str) -> str:
        changed = [f"OLD.{column} {distinct} NEW.{column}" for column in self.columns]
        changed += [
            f"(OLD.{column} IS NOT NULL AND OLD.{column} {distinct} NEW.{column})" for column in self.may_be_set
        ]
        return " OR ".join(changed)

    def _sqlite(self) -> list[str]:
        refuse = f"SELECT RAISE(ABORT, 'rows of {self.table} are written once')"
        return [
            f"CREATE TRIGGER {self.table}_keep_update BEFORE UPDATE ON {self.table} "
            f"WHEN {self._is_changed('IS NOT')} BEGIN {refuse}; END",
            f"CREATE TRIGGER {self.table}_keep_delete BEFORE DELETE ON {self.table} BEGIN {refuse}; END",
        ]

    def _postgresql(self) -> list[str]:
        return [
            f"CREATE FUNCTION {self.table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' OR {self._is_changed('IS DISTINCT FROM')} THEN "
            f"RAISE EXCEPTION 'rows of {self.table} are written once' USING ERRCODE = 'restrict_violation'; "
            f"END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {self.table}_keep BEFORE UPDATE OR DELETE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.table}_keep()",
        ]
