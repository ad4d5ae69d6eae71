"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0006_attention"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("person_id", "coordination_person"),),
                    "person": "person_id",
                    "table": "coordination_attention",
                    "world": "custody",
                },
                {
                    "appends": True,
                    "grants": "coordination_persongrant",
                    "kind": "personal",
                    "parents": (("attention_id", "coordination_attention"), ("person_id", "coordination_person")),
                    "person": "person_id",
                    "table": "coordination_attentionreason",
                    "world": "custody",
                },
            ],
        ),
    ]
