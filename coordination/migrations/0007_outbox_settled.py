"""One more reason why a mail was never sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Choices only; the column stays as it is."""

    dependencies = [("coordination", "0006_walls")]

    operations = [
        migrations.AlterField(
            model_name="outboxmail",
            name="dropped_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ended", "arbeidsforholdet er avsluttet"),
                    ("no_address", "mangler e-postadresse"),
                    ("refused", "adressen ble avvist"),
                    ("settled", "fristen ventet ikke lenger"),
                ],
                max_length=12,
            ),
        ),
    ]
