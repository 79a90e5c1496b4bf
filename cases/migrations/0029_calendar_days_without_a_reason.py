"""A day of the work calendar need not say more than its kind: the words for that are drawn when it is shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0028_changes_say_who_lost_sight")]

    operations = [
        migrations.AlterField(
            model_name="workcalendarday",
            name="name",
            field=models.CharField(blank=True, max_length=80, verbose_name="name"),
        ),
    ]
