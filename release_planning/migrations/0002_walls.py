"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0003_walls"),
        ("release_planning", "0001_initial"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("plan_id", "release_planning_releaseplan")),
                    "person": "person_id",
                    "table": "release_planning_releasedate",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("plan_id", "release_planning_releaseplan")),
                    "person": "person_id",
                    "table": "release_planning_releasenotice",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("stay_id", "coordination_stay")),
                    "person": "person_id",
                    "table": "release_planning_releaseplan",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("stay_id", "coordination_stay")),
                    "person": "person_id",
                    "table": "release_planning_remandreleaseassessment",
                    "world": "custody",
                },
            ],
        ),
    ]
