"""Consents that ran out are written down one by one: what stops one stops no other, and nobody decides about the person meanwhile."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """A function anew."""

    dependencies: ClassVar = [("consent", "0018_told_when_over")]

    operations: ClassVar = [RunAs("samvirke_postman", (SQL / "0006_expired.sql").read_text())]
