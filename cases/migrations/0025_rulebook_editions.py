"""Rules and calendar have an edition, so that whoever has read them need not read them again."""

from django.db import migrations, models

from cases.edition_triggers import DrawEditions


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_case_imports")]

    operations = [
        migrations.CreateModel(
            name="RulebookEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(editable=False, max_length=36)),
            ],
            options={"verbose_name": "rulebook edition", "verbose_name_plural": "rulebook editions"},
        ),
        DrawEditions(
            "cases_deadlinerule",
            "cases_escalationrule",
            "cases_disputelevel",
            "cases_workcalendarday",
            "cases_workcalendaryear",
        ),
    ]
