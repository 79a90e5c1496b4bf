"""Events are never changed or deleted; being published is noted once."""

from django.db import migrations

from stakeholders.append_only import AppendOnly

LINE = ("id", "case_id", "seq", "kind", "at", "by_id", "details", "digest", "recorded_at")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [AppendOnly("cases_caseevent", LINE, ("published_at",), unique=[("case_id", "seq")])]
