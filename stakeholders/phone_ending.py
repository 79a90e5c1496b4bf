"""The last four digits of a phone number, as the mask shows them: kept by the database itself, to be searched for."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.fields import AddField
from django.db.migrations.state import ProjectState
from django.db.models import Case, CharField, GeneratedField, When
from django.db.models.functions import Length, Right
from django.db.models.lookups import GreaterThanOrEqual

from stakeholders.masking import SHORTEST, SHOWN


def phone_ending_of(phone: str) -> GeneratedField:
    """A column with what the mask shows of the end of the phone in another one; null where it shows nothing."""
    is_shown = GreaterThanOrEqual(Length(phone), SHORTEST)
    return GeneratedField(
        expression=Case(When(is_shown, then=Right(phone, SHOWN)), default=None),
        output_field=CharField(max_length=SHOWN, null=True),
        db_persist=True,
        null=True,
    )


class AddPhoneEnding(AddField):
    """Add such a column. SQLite reckons it when it is read, and keeps it in the index alone.

    To store it there, the whole table would have to be written anew, and its triggers would be lost with the old one.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the column."""
        if schema_editor.connection.vendor == "sqlite":
            field = to_state.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
            vars(field)["db_persist"] = False
        super().database_forwards(app_label, schema_editor, from_state, to_state)
