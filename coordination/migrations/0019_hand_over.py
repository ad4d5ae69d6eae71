"""What the postman adds about a person, alerts and what happened to a consent, follows the person to another prison too."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql" / "0007_hand_over.sql"


class Migration(migrations.Migration):
    """One function."""

    dependencies: ClassVar = [("coordination", "0018_names_and_review")]

    operations: ClassVar = [RunAs("samvirke_postman", SQL.read_text())]
