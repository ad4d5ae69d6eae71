"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0003_walls"),
        ("follow_up", "0001_initial"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("consultation_id", "follow_up_healthadmissionconsultation"),
                        ("person_id", "coordination_municipalpatient"),
                        ("visit_id", "follow_up_healthvisit"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_addendum",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "table": "follow_up_healthadmissionconsultation",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("course_id", "follow_up_supervisioncourse"),
                        ("letter_id", "consent_municipalletter"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_healthvisit",
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
                    "table": "follow_up_sentadvice",
                    "world": "municipal_health",
                },
                {
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (
                        ("notice_id", "consent_municipalletter"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "follow_up_supervisioncourse",
                    "world": "municipal_health",
                },
            ],
        ),
    ]
