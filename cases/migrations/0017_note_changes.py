"""Every change of what the feed tells is noted by the database itself; what is there already is noted once."""

from django.db import migrations

from cases.change_triggers import NoteChanges


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_changes"), ("stakeholders", "0005_episodes_by_age_and_cell")]

    operations = [
        NoteChanges("stakeholders_mandate", "mandate"),
        NoteChanges("stakeholders_ruling", "ruling"),
        NoteChanges("cases_case", "case", key="number"),
        NoteChanges("cases_custody", "custody"),
        NoteChanges("cases_finding", "finding"),
    ]
