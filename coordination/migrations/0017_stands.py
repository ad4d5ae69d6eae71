"""What somebody signed stands: a guard for every table that says so, and the first of them."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """A function and a trigger."""

    dependencies: ClassVar = [("coordination", "0016_walls")]

    operations: ClassVar = [
        migrations.RunSQL((SQL / "0006_stands.sql").read_text()),
        migrations.RunSQL(
            "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON base.coordination_confidentialityacceptance "
            "FOR EACH ROW EXECUTE FUNCTION base.stands()"
        ),
    ]
