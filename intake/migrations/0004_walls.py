"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0014_names"),
        ("intake", "0003_needs_mapping"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("stay_id", "coordination_stay")),
                    "person": "person_id",
                    "table": "intake_needsmapping",
                    "world": "custody",
                }
            ],
        ),
    ]
