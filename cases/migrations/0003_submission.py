"""Forms that are sent twice make one case; looking up a reporter is part of the history; read notices have an index."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_history_is_written_once"),
        ("stakeholders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(verbose_name="token")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stakeholders.membership",
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "constraints": [models.UniqueConstraint(fields=("membership", "token"), name="submission_once")],
            },
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reported", "reported"),
                    ("imported", "imported"),
                    ("opened", "opened"),
                    ("located", "located"),
                    ("assigned", "assigned"),
                    ("signed", "signed for"),
                    ("contacted", "reporter contacted"),
                    ("returned", "returned"),
                    ("reassigned", "reassigned"),
                    ("resolved", "resolved"),
                    ("reworked", "sent back"),
                    ("closed", "closed"),
                    ("voided", "void"),
                    ("commented", "comment"),
                    ("revealed", "reporter looked up"),
                    ("found", "fault found"),
                    ("cleared", "fault cleared"),
                    ("escalated", "escalated"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", False)), fields=["recipient", "-id"], name="notification_read"
            ),
        ),
    ]
