"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0008_insight"),
        ("coordination", "0008_about"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "kind": "agency",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "consent_custodymadefile",
                    "unit_reads": False,
                    "world": "custody",
                },
                {
                    "kind": "agency",
                    "parents": (("letter_id", "consent_custodyletter"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "consent_custodywithholding",
                    "unit_reads": False,
                    "world": "custody",
                },
                {
                    "appends": True,
                    "kind": "agency",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "table": "consent_municipalmadefile",
                    "unit_reads": False,
                    "world": "municipal_health",
                },
                {
                    "kind": "agency",
                    "parents": (
                        ("letter_id", "consent_municipalletter"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "consent_municipalwithholding",
                    "unit_reads": False,
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "kind": "agency",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "table": "consent_specialistmadefile",
                    "unit_reads": False,
                    "world": "specialist_health",
                },
                {
                    "kind": "agency",
                    "parents": (
                        ("letter_id", "consent_specialistletter"),
                        ("person_id", "coordination_specialistpatient"),
                    ),
                    "person": "person_id",
                    "table": "consent_specialistwithholding",
                    "unit_reads": False,
                    "world": "specialist_health",
                },
            ],
        ),
    ]
