"""Writes the functions that find names in the forms people write them, and that count how often one asks while typing."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions only."""

    dependencies: ClassVar = [("coordination", "0014_names")]

    operations: ClassVar = [
        RunAs("samvirke_postman", (SQL / "0006_names.sql").read_text()),
        RunAs("samvirke_audit", (SQL / "0006_lookups.sql").read_text()),
    ]
