"""A migration operation that has the database itself mark every edition of the rules."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

MARKS = "cases_rulebookedition"
DRAW = "drawn_rulebook_edition"
EVENTS = ("INSERT", "UPDATE", "DELETE")
RANDOM = {"postgresql": "gen_random_uuid()::text", "sqlite": "lower(hex(randomblob(16)))"}


class DrawEditions(Operation):
    """Draw a new mark whenever a row of one of these tables is inserted, changed or deleted, whoever does it."""

    reversible = True

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Draw the first mark, and create the triggers."""
        vendor = schema_editor.connection.vendor
        draw = f"UPDATE {MARKS} SET mark = {RANDOM[vendor]}"  # noqa: S608 -- names of our own
        schema_editor.execute(f"INSERT INTO {MARKS} (mark) VALUES ({RANDOM[vendor]})")  # noqa: S608 -- the same
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {DRAW}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {draw}; RETURN NULL; END $$"
            )
        for table in self.tables:
            if vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_edition AFTER {' OR '.join(EVENTS)} OR TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {DRAW}()"
                )
            else:
                for event in EVENTS:
                    schema_editor.execute(
                        f"CREATE TRIGGER {table}_edition_{event.lower()} AFTER {event} ON {table} BEGIN {draw}; END"
                    )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        for table in self.tables:
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER {table}_edition ON {table}")
            else:
                for event in EVENTS:
                    schema_editor.execute(f"DROP TRIGGER {table}_edition_{event.lower()}")
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {DRAW}()")

    def describe(self) -> str:
        """Say in `sqlmigrate` and `migrate --plan` what this does."""
        return f"Mark every edition of {', '.join(self.tables)}"
