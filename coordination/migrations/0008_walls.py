"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0007_walls"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "desk": "unit_id",
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "postman_adds": True,
                    "sweep": (
                        "id",
                        "agency_id",
                        "unit_id",
                        "person_id",
                        "deadline_id",
                        "rule",
                        "step",
                        "severity",
                        "audience",
                        "due_at",
                        "raised_at",
                        "dedup_key",
                        "version",
                    ),
                    "sweep_writes": ("severity",),
                    "table": "coordination_custodyalert",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "desk": "unit_id",
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "postman_adds": True,
                    "sweep": (
                        "id",
                        "agency_id",
                        "unit_id",
                        "person_id",
                        "deadline_id",
                        "rule",
                        "step",
                        "severity",
                        "audience",
                        "due_at",
                        "raised_at",
                        "dedup_key",
                        "version",
                    ),
                    "sweep_writes": ("severity",),
                    "table": "coordination_municipalalert",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "desk": "unit_id",
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "postman_adds": True,
                    "sweep": (
                        "id",
                        "agency_id",
                        "unit_id",
                        "person_id",
                        "deadline_id",
                        "rule",
                        "step",
                        "severity",
                        "audience",
                        "due_at",
                        "raised_at",
                        "dedup_key",
                        "version",
                    ),
                    "sweep_writes": ("severity",),
                    "table": "coordination_specialistalert",
                    "world": "specialist_health",
                },
            ],
        ),
    ]
