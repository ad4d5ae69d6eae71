"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0003_walls"),
        ("intake", "0001_initial"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (
                        ("interview_id", "intake_intakeinterview"),
                        ("person_id", "coordination_person"),
                        ("stay_id", "coordination_stay"),
                    ),
                    "person": "person_id",
                    "table": "intake_actionplandecision",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("stay_id", "coordination_stay")),
                    "person": "person_id",
                    "table": "intake_healthcontactrequest",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (
                        ("health_contact_id", "intake_healthcontactrequest"),
                        ("person_id", "coordination_person"),
                        ("stay_id", "coordination_stay"),
                    ),
                    "person": "person_id",
                    "table": "intake_intakeinterview",
                    "world": "custody",
                },
            ],
        ),
    ]
