"""A meeting that was held or cancelled, and a deviation that was closed, stand too: others have read them."""

from django.db import migrations

#: Table → when a row stands, whatever the application does.
STANDS = {
    "cooperation_deviation": "old.closed_at IS NOT NULL",
    "cooperation_meeting": "old.state <> 'planned'",
}


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies = [("cooperation", "0005_stands")]

    operations = [
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept_whole BEFORE UPDATE OR DELETE ON cooperation.{table} FOR EACH ROW "
                f"WHEN ({done} AND current_user <> 'samvirke_retention'::name) EXECUTE FUNCTION base.stands()"
                for table, done in STANDS.items()
            ]
        ),
    ]
