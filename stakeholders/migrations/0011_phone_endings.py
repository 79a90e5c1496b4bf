"""Residents are found by their full name and by the last four digits of their phone."""

from django.db import migrations, models

from stakeholders.phone_ending import AddPhoneEnding, phone_ending_of


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0010_sign_in_log")]

    operations = [
        AddPhoneEnding(model_name="resident", name="phone_ending", field=phone_ending_of("phone")),
        migrations.AddIndex(model_name="resident", index=models.Index(fields=["name"], name="resident_name")),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(
                condition=models.Q(phone_ending__isnull=False), fields=["phone_ending"], name="resident_phone_ending"
            ),
        ),
    ]
