"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0005_engine"),
        ("isolation", "0003_chains"),
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
                    "table": "isolation_authoritystep",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_courtorder",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_extentchange",
                    "world": "custody",
                },
                {"kind": "reference", "table": "isolation_lawswitch"},
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_proposal",
                    "world": "custody",
                },
            ],
        ),
    ]
