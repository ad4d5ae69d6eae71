"""Writes the postman's functions and makes letters and signed consents immutable."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
STAND = {
    "_immutable": (
        "custody.consent_custodyletter",
        "municipal_health.consent_municipalletter",
        "specialist_health.consent_specialistletter",
    ),
    "_stands_as_signed": (
        "custody.consent_custodyconsent",
        "municipal_health.consent_municipalconsent",
        "specialist_health.consent_specialistconsent",
    ),
}


class Migration(migrations.Migration):
    """Functions and triggers."""

    dependencies = [("consent", "0003_walls")]

    operations = [
        RunAs("samvirke_postman", (SQL / "0001_letterbox.sql").read_text()),
        migrations.RunSQL(
            [
                f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {each} EXECUTE FUNCTION letterbox.{function}()"
                for function, tables in STAND.items()
                for table in tables
                for name, event, each in (
                    ("immutable", "BEFORE UPDATE OR DELETE", "ROW"),
                    ("never_emptied", "BEFORE TRUNCATE", "STATEMENT"),
                )
            ]
        ),
    ]
