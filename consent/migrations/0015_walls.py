"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0014_journal"),
        ("coordination", "0014_names"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "consent_custodyjournalreference",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "table": "consent_municipaljournalreference",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "table": "consent_specialistjournalreference",
                    "world": "specialist_health",
                },
            ],
        ),
    ]
