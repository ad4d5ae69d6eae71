"""Who looked at one person: the question an agency's leader asks the log on that person's behalf, and the index it needs."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions and an index; no table of ours."""

    dependencies = [("coordination", "0008_anchors")]

    operations = [
        RunAs("samvirke_sec", (SQL / "0004_role.sql").read_text()),
        RunAs("samvirke_audit", (SQL / "0004_about.sql").read_text()),
    ]
