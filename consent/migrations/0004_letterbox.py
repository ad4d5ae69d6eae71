"""Writes the postman's functions and makes letters immutable."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
LETTERS = ("custody.consent_custodyletter", "municipal_health.consent_municipalletter", "specialist_health.consent_specialistletter")


class Migration(migrations.Migration):
    """Functions and triggers."""

    dependencies = [("consent", "0003_walls")]

    operations = [
        RunAs("samvirke_postman", (SQL / "0001_letterbox.sql").read_text()),
        migrations.RunSQL(
            [
                f"CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION letterbox._immutable()"
                for table in LETTERS
            ]
        ),
    ]
