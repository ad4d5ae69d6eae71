"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0007_walls"),
        ("isolation", "0003_whole_chapter"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("informal_id", "isolation_informalisolation"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_activityplan",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_advicerequest",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_authoritystep",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (
                        ("corrects_id", "isolation_contactsession"),
                        ("measure_id", "isolation_measure"),
                        ("person_id", "coordination_person"),
                    ),
                    "person": "person_id",
                    "table": "isolation_contactcorrection",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_courtorder",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_extentchange",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_harmdecision",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "isolation_informalisolation",
                    "world": "custody",
                },
                {"kind": "reference", "table": "isolation_lawswitch"},
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_lockinswitch",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_mitigation",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("informal_id", "isolation_informalisolation"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_motivation",
                    "world": "custody",
                },
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("measure_id", "isolation_measure"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_proposal",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("informal_id", "isolation_informalisolation"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "isolation_supervisionconsideration",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "isolation_timeout",
                    "world": "custody",
                },
            ],
        ),
    ]
