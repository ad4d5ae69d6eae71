"""Only those named receive an answer, a request tells its sender nothing but the answer, and what ran out or was never sent is seen to."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Functions only."""

    dependencies: ClassVar = [("consent", "0014_journal_drafts_events")]

    operations: ClassVar = [
        RunAs("samvirke_postman", (SQL / "0004_named.sql").read_text()),
        RunAs("samvirke_retention", (SQL / "0004_drafts.sql").read_text()),
    ]
