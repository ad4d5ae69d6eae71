"""What the engine adds: why a mail was dropped, and work that the worker does as the one who asked."""

from pathlib import Path

from django.db import migrations, models

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Columns of the outbox, and functions for jobs."""

    dependencies = [("coordination", "0004_administration")]

    operations = [
        migrations.RemoveIndex(model_name="outboxmail", name="outbox_waiting"),
        migrations.AddField(
            model_name="outboxmail", name="dropped_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="dropped_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ended", "arbeidsforholdet er avsluttet"),
                    ("no_address", "mangler e-postadresse"),
                    ("refused", "adressen ble avvist"),
                ],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                fields=["membership", "queued_at"],
                condition=models.Q(("dropped_at", None), ("sent_at", None)),
                name="outbox_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                fields=["membership", "-sent_at"], condition=models.Q(("sent_at__isnull", False)), name="outbox_newest"
            ),
        ),
        RunAs("samvirke_sec", (SQL / "0003_jobs.sql").read_text()),
    ]
