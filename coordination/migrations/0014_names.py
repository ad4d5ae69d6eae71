"""Writes the function that finds names of the own register in a text that is to be about nobody."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql" / "0002_postman.sql"


class Migration(migrations.Migration):
    """Functions only."""

    dependencies: ClassVar = [("coordination", "0013_retention")]

    operations: ClassVar = [RunAs("samvirke_postman", SQL.read_text())]
