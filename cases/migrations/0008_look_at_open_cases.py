"""Have the next sweep look at every open case, so that what the new rules find is found on old cases, too."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def look_at_open_cases(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    cases = apps.get_model("cases", "Case").objects
    open_cases = cases.filter(stage__in=["reported", "opened", "dispatched", "handling"], resolved_at__isnull=True)
    open_cases.update(next_check_at=F("reported_at"), checked_at=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_life_of_a_case")]

    operations = [migrations.RunPython(look_at_open_cases, migrations.RunPython.noop, elidable=True)]
