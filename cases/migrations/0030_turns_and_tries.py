"""Webhooks take turns, work that kills its worker is tried a few times only, and refused rows are rows of a table."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import cases.models.json_text


def begin_anew(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let webhooks count from here on, and have ledgers that wait to be started checked again: that keeps their rows."""
    apps.get_model("cases", "Webhook").objects.filter(failures__gt=0).update(failures=0, failing_since=None)
    checked = apps.get_model("cases", "CaseImport").objects.filter(state="checked")
    checked.update(state="waiting", checked_at=None, check_figures=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_calendar_days_without_a_reason")]

    operations = [
        migrations.AddField(
            "bulkjob", "tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries since it last got on")
        ),
        migrations.AddField(
            "caseimport",
            "tries",
            models.PositiveSmallIntegerField(default=0, verbose_name="tries since it last got on"),
        ),
        migrations.RemoveField("caseimport", "refusals"),
        migrations.AddField(
            "caseimport",
            "refused_file",
            models.BinaryField(null=True, verbose_name="refused rows as a file, compressed"),
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("problems", cases.models.json_text.JSONText(verbose_name="what is wrong")),
                (
                    "case_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="cases.caseimport",
                        verbose_name="import",
                    ),
                ),
            ],
            options={
                "verbose_name": "refused row",
                "verbose_name_plural": "refused rows",
                "ordering": ["case_import", "row"],
                "constraints": [models.UniqueConstraint(fields=("case_import", "row"), name="refused_row_once")],
            },
        ),
        migrations.AddField("webhook", "failing_since", models.DateTimeField(null=True, verbose_name="failing since")),
        migrations.AddField(
            "webhook",
            "next_try_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="not called before"),
        ),
        migrations.AddField("webhook", "is_slow", models.BooleanField(default=False, verbose_name="slow")),
        migrations.RunPython(begin_anew, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "webhook",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failing_since__isnull", True), ("failures", 0)),
                    models.Q(("failing_since__isnull", False), ("failures__gte", 1)),
                    _connector="OR",
                ),
                name="webhook_fails_since_its_first_failure",
            ),
        ),
        migrations.RemoveIndex("delivery", "delivery_waiting"),
        migrations.AddIndex(
            "delivery",
            models.Index(
                condition=models.Q(("delivered_at__isnull", True), ("given_up_at__isnull", True)),
                fields=["webhook", "due_at"],
                name="delivery_waiting",
            ),
        ),
    ]
