"""Writes the database's code that compares the seals with the heads kept outside. No table."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """A function only."""

    dependencies = [("coordination", "0007_walls")]

    operations = [RunAs("samvirke_audit", (SQL / "0004_anchors.sql").read_text())]
