"""What was shared stands: nobody changes or deletes it, whatever the application does. A deviation is closed, and no more."""

from django.db import migrations

#: Table → the columns that may change all the same.
STANDS = {
    "cooperation_deviation": ("closed_at", "closed_by_name", "outcome", "version"),
    "cooperation_deviationnote": (),
    "cooperation_meetingnote": (),
}


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies = [("cooperation", "0004_walls"), ("coordination", "0017_stands")]

    operations = [
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON cooperation.{table} FOR EACH ROW "
                f"WHEN (current_user <> 'samvirke_retention'::name) EXECUTE FUNCTION base.stands({', '.join(map(repr, may))})"
                for table, may in STANDS.items()
            ]
        ),
    ]
