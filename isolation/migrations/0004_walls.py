"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0005_engine"),
        ("isolation", "0003_health_side"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_advicerequest",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_harmdecision",
                    "world": "custody",
                },
            ],
        ),
    ]
