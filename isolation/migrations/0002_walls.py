"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0003_walls"),
        ("isolation", "0001_initial"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_adviceanswer",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_check",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (
                        ("corrects_id", "isolation_check"),
                        ("measure_id", "isolation_measure"),
                        ("person_id", "coordination_person"),
                    ),
                    "person": "person_id",
                    "table": "isolation_checkcorrection",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_contactsession",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_continuouswatch",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_forecast",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_healthcheckrequest",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "isolation_measure",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"), ("plan_id", "isolation_weeklyplan")),
                    "person": "person_id",
                    "table": "isolation_planday",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_reassessment",
                    "world": "custody",
                },
                {"kind": "agency", "table": "isolation_reviewdeputy", "world": "custody"},
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_wardenreview",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (
                        ("measure_id", "isolation_measure"),
                        ("person_id", "coordination_person"),
                        ("watch_id", "isolation_continuouswatch"),
                    ),
                    "person": "person_id",
                    "table": "isolation_watchnote",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_watchorder",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_weeklyplan",
                    "world": "custody",
                },
            ],
        ),
    ]
