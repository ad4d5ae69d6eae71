"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0008_retention"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "retention": ("until_on", "lifted_at"),
                    "table": "coordination_custodylegalhold",
                    "world": "custody",
                },
                {
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "retention": ("until_on", "lifted_at"),
                    "table": "coordination_municipallegalhold",
                    "world": "municipal_health",
                },
                {"kind": "reference", "table": "coordination_retentionrule"},
                {
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "retention": ("until_on", "lifted_at"),
                    "table": "coordination_specialistlegalhold",
                    "world": "specialist_health",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "retention": ("ended_at",),
                    "table": "coordination_stay",
                    "world": "custody",
                },
            ],
        ),
    ]
