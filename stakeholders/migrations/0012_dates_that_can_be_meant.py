"""Dates that people give lie in years that can be meant; the columns stay as they are."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models

import stakeholders.years

IN_RANGE: dict[str, Any] = {"validators": [stakeholders.years.require_meant]}
MAY_BE_EMPTY: dict[str, Any] = {"blank": True, "null": True, **IN_RANGE}


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0011_phone_endings")]

    operations = [
        migrations.AlterField("mandate", "valid_from", models.DateTimeField("from", **IN_RANGE)),
        migrations.AlterField("mandate", "valid_until", models.DateTimeField("until", **MAY_BE_EMPTY)),
        migrations.AlterField("ruling", "valid_from", models.DateTimeField("from", **IN_RANGE)),
        migrations.AlterField("ruling", "valid_until", models.DateTimeField("until", **MAY_BE_EMPTY)),
        migrations.AlterField(
            "membership", "since", models.DateTimeField("since", default=django.utils.timezone.now, **IN_RANGE)
        ),
        migrations.AlterField("membership", "until", models.DateTimeField("until", **MAY_BE_EMPTY)),
        migrations.AlterField("party", "closed_at", models.DateTimeField("closed down", **MAY_BE_EMPTY)),
        migrations.AlterField("resident", "moved_out_at", models.DateTimeField("moved out", **MAY_BE_EMPTY)),
    ]
