"""What was corrected of who a patient is, kept beside the patient."""

import coordination.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0007_outbox_settled"),
    ]

    operations = [
        migrations.CreateModel(
            name="MunicipalPatientChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=coordination.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("recorded_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=160)),
                (
                    "changes",
                    models.JSONField(
                        help_text="[fact, before, after] as text; of an identity number its masked form only"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coordination.agency"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coordination.membership"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="coordination.municipalpatient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name="muni_change_person")],
            },
        ),
        migrations.CreateModel(
            name="SpecialistPatientChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=coordination.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("recorded_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=160)),
                (
                    "changes",
                    models.JSONField(
                        help_text="[fact, before, after] as text; of an identity number its masked form only"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coordination.agency"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coordination.membership"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="coordination.specialistpatient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name="spec_change_person")],
            },
        ),
    ]
