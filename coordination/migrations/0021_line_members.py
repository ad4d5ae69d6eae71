"""Gives each line of the privacy officer's week whose it is by a digest of the member's key, so that a corrected name changes nothing."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Two functions anew."""

    dependencies: ClassVar = [("coordination", "0020_grants_beside")]

    operations: ClassVar = [RunAs("samvirke_audit", (SQL / "0008_line_members.sql").read_text())]
