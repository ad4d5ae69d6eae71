"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0015_confidentiality_and_kinds"),
        ("recovery_units", "0001_initial"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("stay_id", "coordination_stay")),
                    "person": "person_id",
                    "table": "recovery_units_recoveryapplication",
                    "world": "custody",
                }
            ],
        ),
    ]
