"""Writes the database's code for administrators and for the login page. No table of ours."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions and triggers only."""

    dependencies = [("coordination", "0003_walls")]

    operations = [
        RunAs("samvirke_sec", (SQL / "0002_sec.sql").read_text()),
        RunAs("samvirke_owner", (SQL / "0002_administration.sql").read_text()),
    ]
