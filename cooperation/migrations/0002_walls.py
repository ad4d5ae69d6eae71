"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cooperation", "0001_initial"),
        ("coordination", "0005_engine"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {
                    "appends": True,
                    "kind": "agency",
                    "table": "cooperation_custodyreport",
                    "unit_reads": False,
                    "world": "custody",
                },
                {
                    "appends": True,
                    "kind": "agency",
                    "table": "cooperation_municipalreport",
                    "unit_reads": False,
                    "world": "municipal_health",
                },
                {
                    "appends": True,
                    "kind": "agency",
                    "table": "cooperation_specialistreport",
                    "unit_reads": False,
                    "world": "specialist_health",
                },
            ],
        ),
    ]
