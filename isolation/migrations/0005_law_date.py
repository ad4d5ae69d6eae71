"""The function that sets the day the 2026 act takes effect."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql" / "0001_law_date.sql"


class Migration(migrations.Migration):
    """One function."""

    dependencies: ClassVar = [("isolation", "0004_walls")]

    operations: ClassVar = [migrations.RunSQL(SQL.read_text())]
