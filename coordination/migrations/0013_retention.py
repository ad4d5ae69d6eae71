"""Writes the database's own code for deletion by the law's date, and lets it reach the tables that stand already."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions, policies and one index of the log."""

    dependencies: ClassVar = [("coordination", "0012_oversight")]

    operations: ClassVar = [
        RunAs("samvirke_sec", "GRANT EXECUTE ON FUNCTION sec.any_agency() TO samvirke_retention"),
        RunAs("samvirke_audit", (SQL / "0003_retention_log.sql").read_text()),
        RunAs("samvirke_owner", (SQL / "0003_retention_rules.sql").read_text()),
        RunAs("samvirke_retention", (SQL / "0003_retention.sql").read_text()),
    ]
