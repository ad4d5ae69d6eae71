"""Writes the database's code for the privacy officer, for doors that were shut and for emergency access in health."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions, and the table of reviews beside the log."""

    # After the walls: the functions read columns that those open to the log.
    dependencies = [("coordination", "0011_walls")]

    operations = [
        RunAs("samvirke_sec", (SQL / "0005_log_reach.sql").read_text()),
        RunAs("samvirke_audit", (SQL / "0005_oversight.sql").read_text()),
        RunAs("samvirke_owner", (SQL / "0005_own_group.sql").read_text()),
        RunAs("samvirke_postman", (SQL / "0005_emergency.sql").read_text()),
    ]
