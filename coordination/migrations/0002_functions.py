"""Writes the database's own code: identity, audit, and the postman's ground floor."""

from pathlib import Path

from django.db import migrations

from coordination.walls.operations import RunAs

SQL = Path(__file__).resolve().parents[1] / "walls" / "sql"


class Migration(migrations.Migration):
    """Functions only; no table of ours."""

    dependencies = [
        ("coordination", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        # Before the functions: their owners must be able to name the rows they take as arguments.
        migrations.RunSQL(
            """
            GRANT SELECT ON coordination_membership, coordination_membershipunit, coordination_agency, coordination_unit
                TO samvirke_sec;
            GRANT SELECT ON auth_permission, django_content_type TO samvirke_postman, samvirke_custody_agency, samvirke_custody_unit,
                samvirke_municipal_health_agency, samvirke_municipal_health_unit, samvirke_specialist_health_agency,
                samvirke_specialist_health_unit, samvirke_admin;
            GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO samvirke_auth;
            GRANT SELECT ON auth_group TO samvirke_admin, samvirke_custody_agency, samvirke_municipal_health_agency,
                samvirke_specialist_health_agency;
            """
        ),
        RunAs("samvirke_sec", (SQL / "0001_sec.sql").read_text()),
        RunAs("samvirke_audit", (SQL / "0001_audit.sql").read_text()),
        RunAs("samvirke_postman", (SQL / "0001_postman.sql").read_text()),
    ]
