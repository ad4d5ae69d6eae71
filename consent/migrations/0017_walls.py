"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0016_journal_kept"),
        ("coordination", "0016_walls"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "grants": "coordination_persongrant",
                    "kind": "letter",
                    "moves": False,
                    "parents": (("letter_id", "consent_custodyletter"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "sweep": ("id", "agency_id", "letter_id", "what", "to_membership_id", "ended_at"),
                    "table": "consent_custodyhandling",
                    "world": "custody",
                },
                {
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "letter",
                    "moves": False,
                    "parents": (
                        ("letter_id", "consent_municipalletter"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "sweep": ("id", "agency_id", "letter_id", "what", "to_membership_id", "ended_at"),
                    "table": "consent_municipalhandling",
                    "world": "municipal_health",
                },
                {
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "letter",
                    "moves": False,
                    "parents": (
                        ("letter_id", "consent_specialistletter"),
                        ("person_id", "coordination_specialistpatient"),
                    ),
                    "person": "person_id",
                    "sweep": ("id", "agency_id", "letter_id", "what", "to_membership_id", "ended_at"),
                    "table": "consent_specialisthandling",
                    "world": "specialist_health",
                },
            ],
        ),
    ]
