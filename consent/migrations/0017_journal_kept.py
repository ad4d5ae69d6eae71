"""References in the agency's own system stand as they were written, and files made to be fetched go after a week."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
WORLDS = {"custody": "custody", "municipal": "municipal_health", "specialist": "specialist_health"}


class Migration(migrations.Migration):
    """Triggers and a function."""

    dependencies = [("consent", "0016_walls")]

    operations = [
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {schema}.consent_{prefix}journalreference "
                "FOR EACH ROW WHEN (current_user <> 'samvirke_retention'::name) EXECUTE FUNCTION base.stands('agency_id', 'version')"
                for prefix, schema in WORLDS.items()
            ]
        ),
        RunAs("samvirke_retention", (SQL / "0004_made_files.sql").read_text()),
    ]
