"""Mandates and rulings are never changed or deleted; being withdrawn is noted once."""

from django.db import migrations

from stakeholders.append_only import AppendOnly

SCOPE = ("id", "area_id", "estate_id", "building_id", "need_class_id", "need_item_id")
TIMES = ("valid_from", "valid_until", "recorded_at", "recorded_by_id")
WITHDRAWN = ("withdrawn_at", "withdrawn_by_id")


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0001_initial")]

    operations = [
        AppendOnly("stakeholders_mandate", (*SCOPE, *TIMES, "party_id", "role", "basis", "evidence"), WITHDRAWN),
        AppendOnly(
            "stakeholders_ruling", (*SCOPE, *TIMES, "lead_id", "decided_at", "reason", "document_no"), WITHDRAWN
        ),
    ]
