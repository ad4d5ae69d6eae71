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
                "FOR EACH ROW EXECUTE FUNCTION letterbox._only_added()"
                for prefix, schema in WORLDS.items()
            ]
        ),
        # The guards of new tables step aside for the one role that deletes by the law's date.
        migrations.RunSQL((SQL / "0003_retention.sql").read_text()),
        RunAs("samvirke_retention", (SQL / "0004_made_files.sql").read_text()),
    ]
