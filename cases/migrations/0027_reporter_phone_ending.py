"""Cases are found by the last four digits of the reporter's phone."""

from django.db import migrations, models

from stakeholders.phone_ending import AddPhoneEnding, phone_ending_of


class Migration(migrations.Migration):
    dependencies = [("cases", "0026_reply_templates"), ("stakeholders", "0011_phone_endings")]

    operations = [
        AddPhoneEnding(model_name="case", name="reporter_phone_ending", field=phone_ending_of("reporter_phone")),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(reporter_phone_ending__isnull=False),
                fields=["reporter_phone_ending"],
                name="case_phone_ending",
            ),
        ),
    ]
