"""What was withheld is ended once and never changed; a file that was made stands as it was made."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
WORLDS = {"custody": "custody", "municipal": "municipal_health", "specialist": "specialist_health"}
KEPT = {"withholding": "_withheld_ends_once", "madefile": "_only_added"}


class Migration(migrations.Migration):
    """A function, triggers and the hash beside a file."""

    dependencies = [("consent", "0009_walls")]

    operations = [
        RunAs("samvirke_postman", (SQL / "0003_insight.sql").read_text()),
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {schema}.consent_{prefix}{name} "
                f"FOR EACH ROW EXECUTE FUNCTION letterbox.{function}()"
                for prefix, schema in WORLDS.items()
                for name, function in KEPT.items()
            ]
        ),
        migrations.RunSQL(
            [
                f"ALTER TABLE {schema}.consent_{prefix}madefile ADD CONSTRAINT {prefix}_madefile_digest "
                "CHECK (digest = sha256(data) AND size = length(data))"
                for prefix, schema in WORLDS.items()
            ]
        ),
    ]
