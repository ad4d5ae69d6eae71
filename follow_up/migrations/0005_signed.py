"""What health personnel signed stands: nobody changes or deletes it, whatever the application does (obligation RM8-b)."""

from django.db import migrations

#: Table → the columns that may change all the same: clocks beside what was signed.
SIGNED = {
    "municipal_health.follow_up_healthvisit": (),
    "municipal_health.follow_up_healthadmissionconsultation": (),
    "municipal_health.follow_up_addendum": (),
    "municipal_health.follow_up_harmreport": ("decided_at", "version"),
    "municipal_health.follow_up_supervisionconsideration": (),
    "municipal_health.follow_up_frequencyplan": (),
    "municipal_health.follow_up_motivationentry": (),
    "specialist_health.follow_up_specialistvisit": (),
}


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies = [("follow_up", "0004_walls"), ("coordination", "0017_stands")]

    operations = [
        migrations.RunSQL(
            [
                f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
                f"WHEN (current_user <> 'samvirke_retention'::name) EXECUTE FUNCTION base.stands({', '.join(map(repr, may))})"
                for table, may in SIGNED.items()
            ]
        )
    ]
