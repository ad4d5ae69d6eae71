"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0007_walls"),
        ("follow_up", "0003_health_side"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_frequencyplan",
                    "world": "municipal_health",
                },
                {
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_harmreport",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_lockinchange",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_motivationentry",
                    "world": "municipal_health",
                },
                {
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "table": "follow_up_specialistcourse",
                    "world": "specialist_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_specialistcourse"),
                        ("person_id", "coordination_specialistpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_specialistvisit",
                    "world": "specialist_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_supervisionconsideration",
                    "world": "municipal_health",
                },
                {
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_supervisiontransfer",
                    "world": "municipal_health",
                },
            ],
        ),
    ]
