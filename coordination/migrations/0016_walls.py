"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0015_confidentiality_and_kinds"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[{"kind": "login", "table": "coordination_confidentialityacceptance"}],
        ),
    ]
