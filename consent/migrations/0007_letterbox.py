"""The postman hears objections, and what was signed, said and decided stands."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
WORLDS = {"custody": "custody", "municipal": "municipal_health", "specialist": "specialist_health"}
KEPT = {
    "_ends_once": ("consenttalk", "consentquestion", "objection"),
    "_only_added": ("consentpaper", "consentevent", "objectionoverride"),
}
TABLES = {
    function: [
        f"{schema}.consent_{prefix}{name}"
        for name in names
        for prefix, schema in WORLDS.items()
        if not (prefix == "custody" and name.startswith("objection"))
    ]
    for function, names in KEPT.items()
}


class Migration(migrations.Migration):
    """Functions and triggers."""

    dependencies = [("consent", "0006_walls")]

    operations = [
        RunAs("samvirke_postman", (SQL / "0002_letterbox.sql").read_text()),
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION letterbox.{function}()"
                for function, tables in TABLES.items()
                for table in tables
            ]
        ),
        # The hash beside a signed document is the document's.
        migrations.RunSQL(
            [
                f"ALTER TABLE {schema}.consent_{prefix}consentpaper ADD CONSTRAINT {prefix}_paper_digest "
                "CHECK (digest = sha256(data) AND size = length(data) AND size <= 10485760)"
                for prefix, schema in WORLDS.items()
            ]
        ),
    ]
