"""What lies beside a letter is written by the postman alone, stands, and follows the letter."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"
WORLDS = {"custody": "custody", "municipal": "municipal_health", "specialist": "specialist_health"}
#: Every column of a file but the person, which is filled in once.
FILE = "id, agency_id, version, letter_id, desk_group_id, number, name, content_type, size, digest, data"
FOLLOWS = "OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.superseded_by IS DISTINCT FROM NEW.superseded_by"


def _triggers(prefix: str, schema: str) -> list[str]:
    letters, files = f"{schema}.consent_{prefix}letter", f"{schema}.consent_{prefix}attachment"
    return [
        (
            f"CREATE CONSTRAINT TRIGGER enclosed AFTER INSERT ON {letters} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            "WHEN (NEW.body ? 'attachments') EXECUTE FUNCTION letterbox._enclosed()"
        ),
        (
            f"CREATE TRIGGER beside_follows AFTER UPDATE OF person_id, superseded_by ON {letters} FOR EACH ROW "
            f"WHEN ({FOLLOWS}) EXECUTE FUNCTION letterbox._beside_follows()"
        ),
        f"CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF {FILE} ON {files} FOR EACH ROW EXECUTE FUNCTION letterbox._never()",
        (
            f"CREATE TRIGGER kept_person BEFORE UPDATE OF person_id ON {files} FOR EACH ROW "
            "WHEN (OLD.person_id IS NOT NULL AND OLD.person_id IS DISTINCT FROM NEW.person_id) EXECUTE FUNCTION letterbox._never()"
        ),
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {files} FOR EACH STATEMENT EXECUTE FUNCTION letterbox._never()",
        (
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {schema}.consent_{prefix}handling FOR EACH ROW "
            "EXECUTE FUNCTION letterbox._stands_beside()"
        ),
        # The hash beside a file is the file's.
        (
            f"ALTER TABLE {files} ADD CONSTRAINT {prefix}_attachment_digest "
            "CHECK (digest = sha256(data) AND size = length(data) AND size <= 10485760)"
        ),
    ]


class Migration(migrations.Migration):
    """Functions, triggers and a constraint."""

    dependencies = [("consent", "0010_insight_kept")]

    operations = [
        RunAs("samvirke_postman", (SQL / "0003_beside.sql").read_text()),
        migrations.RunSQL([line for prefix, schema in WORLDS.items() for line in _triggers(prefix, schema)]),
    ]
