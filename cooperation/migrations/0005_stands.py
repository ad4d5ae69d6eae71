"""What was shared stands: nobody changes or deletes it, whatever the application does. A deviation is closed, and no more."""

from django.db import migrations

from coordination.walls.operations import BindParties

#: Table → the columns that may change all the same.
STANDS = {
    "cooperation_deviation": ("closed_at", "closed_by_name", "outcome", "version"),
    "cooperation_deviationnote": (),
    "cooperation_deviationparty": (),
    "cooperation_forumparty": (),
    "cooperation_meetingnote": (),
}


class Migration(migrations.Migration):
    """Triggers, and the keys that bind parties to what their owner shared."""

    dependencies = [("cooperation", "0004_walls"), ("coordination", "0017_stands")]

    operations = [
        BindParties(
            tables={
                "cooperation_deviationparty": ("deviation_id", "cooperation_deviation"),
                "cooperation_forumparty": ("forum_id", "cooperation_meetingforum"),
            }
        ),
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON cooperation.{table} FOR EACH ROW "
                f"WHEN (current_user <> 'samvirke_retention'::name) EXECUTE FUNCTION base.stands({', '.join(map(repr, may))})"
                for table, may in STANDS.items()
            ]
        ),
    ]
