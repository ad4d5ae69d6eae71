"""When a consent runs out, those who were told of it are told that it is over."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Functions only."""

    dependencies: ClassVar = [("consent", "0017_journal_kept"), ("coordination", "0019_hand_over")]

    operations: ClassVar = [
        RunAs("samvirke_audit", (SQL / "0005_carried.sql").read_text()),
        RunAs("samvirke_postman", (SQL / "0005_expired.sql").read_text()),
    ]
