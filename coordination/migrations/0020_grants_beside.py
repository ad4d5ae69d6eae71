"""A grant that may end is found together with its end: what a need-to-know reader's policy asks of it stands in the index it is found by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("coordination", "0019_hand_over"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="municipalpatientgrant",
            name="muni_grant_once",
        ),
        migrations.RemoveConstraint(
            model_name="specialistpatientgrant",
            name="spec_grant_once",
        ),
        migrations.AddConstraint(
            model_name="municipalpatientgrant",
            constraint=models.UniqueConstraint(
                fields=("agency", "group", "permission", "content_object"),
                include=("valid_until",),
                name="muni_grant_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="specialistpatientgrant",
            constraint=models.UniqueConstraint(
                fields=("agency", "group", "permission", "content_object"),
                include=("valid_until",),
                name="spec_grant_once",
            ),
        ),
    ]
