"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0008_requests"),
        ("coordination", "0007_walls"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "table": "consent_municipaldeclinedrequest",
                    "world": "municipal_health",
                },
                {"agency_writes": True, "kind": "staff", "table": "consent_requestauthorisation"},
                {
                    "appends": True,
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "table": "consent_specialistdeclinedrequest",
                    "world": "specialist_health",
                },
            ],
        ),
    ]
