"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0008_letters_requests_insight"),
        ("coordination", "0014_names"),
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
                    "table": "consent_custodyattachment",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "letter",
                    "moves": False,
                    "parents": (("letter_id", "consent_custodyletter"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "consent_custodyhandling",
                    "world": "custody",
                },
                {
                    "author": "by_id",
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "moves": False,
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "consent_custodyletterdraft",
                    "world": "custody",
                },
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
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "letter",
                    "moves": False,
                    "parents": (
                        ("letter_id", "consent_municipalletter"),
                        ("person_id", "coordination_municipalpatient"),
                    ),
                    "person": "person_id",
                    "table": "consent_municipalattachment",
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "table": "consent_municipaldeclinedrequest",
                    "world": "municipal_health",
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
                    "table": "consent_municipalhandling",
                    "world": "municipal_health",
                },
                {
                    "author": "by_id",
                    "grants": "coordination_municipalpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_municipalpatient"),),
                    "person": "person_id",
                    "table": "consent_municipalletterdraft",
                    "world": "municipal_health",
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
                {"agency_writes": True, "kind": "staff", "table": "consent_requestauthorisation"},
                {
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "letter",
                    "moves": False,
                    "parents": (
                        ("letter_id", "consent_specialistletter"),
                        ("person_id", "coordination_specialistpatient"),
                    ),
                    "person": "person_id",
                    "table": "consent_specialistattachment",
                    "world": "specialist_health",
                },
                {
                    "appends": True,
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "table": "consent_specialistdeclinedrequest",
                    "world": "specialist_health",
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
                    "table": "consent_specialisthandling",
                    "world": "specialist_health",
                },
                {
                    "author": "by_id",
                    "grants": "coordination_specialistpatientgrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_specialistpatient"),),
                    "person": "person_id",
                    "table": "consent_specialistletterdraft",
                    "world": "specialist_health",
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
