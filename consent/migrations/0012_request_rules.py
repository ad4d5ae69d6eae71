"""Only those named ask, each request is answered once, and only a warden names."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
TRIGGERS = (
    ("named", "INSERT", "custody.consent_custodyletter", "_asked_by_named"),
    ("answers", "INSERT", "municipal_health.consent_municipalletter", "_answers_request"),
    ("answers", "INSERT", "specialist_health.consent_specialistletter", "_answers_request"),
    ("given", "INSERT OR UPDATE OR DELETE", "base.consent_requestauthorisation", "_given_by_warden"),
)


class Migration(migrations.Migration):
    """Functions and triggers."""

    dependencies = [("consent", "0011_beside")]

    operations = [
        RunAs("samvirke_postman", (SQL / "0003_requests.sql").read_text()),
        migrations.RunSQL(
            [
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION letterbox.{function}()"
                for name, event, table, function in TRIGGERS
            ]
        ),
        # What was written down of a refusal stands, as every such row does.
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {schema}.consent_{prefix}declinedrequest "
                "FOR EACH ROW EXECUTE FUNCTION letterbox._only_added()"
                for prefix, schema in (("municipal", "municipal_health"), ("specialist", "specialist_health"))
            ]
        ),
    ]
