"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0007_walls"),
        ("isolation", "0006_reports_and_moves"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("informal_id", "isolation_informalisolation"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_informalreport",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("request_id", "isolation_advicerequest")),
                    "person": "person_id",
                    "table": "isolation_moveadvice",
                    "world": "custody",
                },
            ],
        ),
    ]
