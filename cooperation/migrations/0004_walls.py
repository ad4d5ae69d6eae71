"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cooperation", "0003_meetings_and_deviations"),
        ("coordination", "0018_names_and_review"),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[
                {"kind": "shared", "parties": "party_ids", "table": "cooperation_deviation", "world": "cooperation"},
                {
                    "appends": True,
                    "behind": "deviation_id",
                    "joins": True,
                    "kind": "shared",
                    "parents": (("deviation_id", "cooperation_deviation"),),
                    "table": "cooperation_deviationnote",
                    "world": "cooperation",
                },
                {
                    "behind": "forum_id",
                    "kind": "shared",
                    "parents": (("forum_id", "cooperation_meetingforum"),),
                    "table": "cooperation_meeting",
                    "world": "cooperation",
                },
                {"kind": "shared", "parties": "party_ids", "table": "cooperation_meetingforum", "world": "cooperation"},
                {
                    "appends": True,
                    "behind": "meeting_id",
                    "joins": True,
                    "kind": "shared",
                    "parents": (("meeting_id", "cooperation_meeting"),),
                    "table": "cooperation_meetingnote",
                    "world": "cooperation",
                },
            ],
        ),
    ]
