"""Writes what finds names in the forms people write them, and what closes a line of the privacy officer's week or says whom it is about."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions, and the table of closed lines beside the log."""

    dependencies: ClassVar = [("coordination", "0017_stands")]

    operations: ClassVar = [
        RunAs("samvirke_postman", (SQL / "0006_names.sql").read_text()),
        RunAs("samvirke_audit", (SQL / "0006_lookups.sql").read_text()),
        RunAs("samvirke_owner", (SQL / "0006_review_settings.sql").read_text()),
        RunAs("samvirke_audit", (SQL / "0006_findings.sql").read_text()),
    ]
