"""The guards of what never changes step aside for the one role that deletes by the law's date."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql" / "0003_retention.sql"


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies: ClassVar = [("consent", "0012_request_rules"), ("coordination", "0013_retention")]

    operations: ClassVar = [migrations.RunSQL(SQL.read_text())]
