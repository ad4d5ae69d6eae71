"""A meeting that was held or cancelled stands as its notes do: nobody changes its minutes, whatever the application does."""

from django.db import migrations


class Migration(migrations.Migration):
    """One trigger."""

    dependencies = [("cooperation", "0005_stands")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON cooperation.cooperation_meeting FOR EACH ROW "
            "WHEN (OLD.state <> 'planned' AND current_user <> 'samvirke_retention'::name) EXECUTE FUNCTION base.stands()"
        ),
    ]
