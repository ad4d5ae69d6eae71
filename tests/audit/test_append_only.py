"""The audit log is append-only for everybody but a superuser, and its rows say who acted, not who says so."""

import psycopg
import pytest
from django.db import connections

from coordination.models import Person
from coordination.worlds import ADMIN_ROLE, CONTENT_ROLES, OWNER_ROLE, PRIVACY_ROLE, SWEEP_ROLE
from tests.database import login_url

ROLES = [
    *CONTENT_ROLES,
    ADMIN_ROLE,
    PRIVACY_ROLE,
    SWEEP_ROLE,
    OWNER_ROLE,
    "samvirke_sec",
    "samvirke_postman",
    "samvirke_web",
    "samvirke_worker",
    "samvirke_auth",
    "samvirke_migrate",
]
STATEMENTS = [
    "SELECT count(*) FROM audit.entry",
    "INSERT INTO audit.entry (action, subject_table, object_ids, person_ids, purpose, leaf) VALUES ('read', 'x', '{}', '{}', '', '')",
    "UPDATE audit.entry SET purpose = 'x'",
    "DELETE FROM audit.entry",
    "TRUNCATE audit.entry",
    "DELETE FROM audit.seal",
    "DELETE FROM audit.review",
    "UPDATE audit.tip SET seal = 0",
    "ALTER TABLE audit.entry DISABLE TRIGGER ALL",
    "DROP TABLE audit.entry",
]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_the_application_touches_the_log(admin, role):
    with psycopg.connect(admin.info.dsn) as connection:
        for statement in STATEMENTS:
            connection.execute(f"SET SESSION AUTHORIZATION {role}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
            connection.rollback()


@pytest.mark.parametrize(
    "statement", [s for s in STATEMENTS if s.startswith(("UPDATE audit.entry", "DELETE", "TRUNCATE"))]
)
def test_the_owner_of_the_log_only_appends(cast, admin, statement):
    with psycopg.connect(admin.info.dsn) as connection:
        connection.execute("SET SESSION AUTHORIZATION samvirke_audit")
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute(statement)
        connection.rollback()
        connection.execute("SET SESSION AUTHORIZATION samvirke_audit")
        assert connection.execute("SELECT count(*) FROM audit.entry").fetchone()[0] > 0
        connection.rollback()


def test_nobody_writes_in_the_log_without_an_identity(cast):
    with psycopg.connect(login_url("samvirke_web", connections["default"].settings_dict["NAME"])) as connection:
        for role in (*CONTENT_ROLES, ADMIN_ROLE, PRIVACY_ROLE):
            connection.execute(f"SET LOCAL ROLE {role}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="nobody is acting"):
                connection.execute("SELECT audit.write('[]', gen_random_uuid())")
            connection.rollback()


@pytest.mark.parametrize(
    "forged",
    [
        "v1|1|{user}|{membership}|{agency}|custody|agency||1|1|" + "0" * 64,
        "{user}",
        "v1|1|{user}|{membership}|{agency}|custody|agency|||",
    ],
)
def test_an_identity_set_by_hand_is_none(cast, forged):
    """Whoever can run SQL can set the setting; the key that signs it lies where they cannot read."""
    warden = cast["warden"].membership
    with cast["officer"].acting(), connections["default"].cursor() as cursor:
        text = forged.format(user=warden.user_id, membership=warden.pk, agency=warden.agency_id)
        cursor.execute("SELECT set_config('samvirke.ctx', %s, true)", [text])
        cursor.execute("SELECT sec.uid(), sec.membership(), sec.agency()")
        assert cursor.fetchone() == (None, None, None)
        cursor.execute("SELECT count(*) FROM coordination_person")
        assert cursor.fetchone() == (0,)


def test_what_is_written_names_the_one_who_acts_whatever_the_entry_says(cast, admin):
    """There is no parameter for the actor; a field of that name is not read."""
    warden, officer = cast["warden"].membership, cast["officer"].membership
    last = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    entry = {
        "action": "read",
        "table": "x",
        "ids": [],
        "persons": [],
        "user_id": str(warden.user_id),
        "agency_id": str(cast.agencies["south"].pk),
    }
    import json

    with cast["officer"].acting(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT audit.write(%s::jsonb, gen_random_uuid())", [json.dumps([entry])])
    rows = admin.execute("SELECT user_id, membership_id, agency_id FROM audit.entry WHERE seq > %s", [last]).fetchall()
    assert rows == [(officer.user_id, officer.pk, officer.agency_id)]


def test_no_function_of_the_log_takes_an_actor(admin, cast):
    names = admin.execute(
        "SELECT p.proname, unnest(p.proargnames) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'audit' AND p.proname IN ('write', '_append', 'wrote')"
    ).fetchall()
    assert not [n for n in names if any(word in n[1] for word in ("user", "actor", "agency", "member"))]


def test_each_request_is_one_in_the_log(cast, admin):
    requests = set()
    for name in ("officer", "duty_leader"):
        last = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
        with cast[name].acting("test"):
            people = {p.pk for p in Person.objects.all()}
        rows = admin.execute(
            "SELECT membership_id, request, person_ids, purpose FROM audit.entry WHERE seq > %s", [last]
        ).fetchall()
        assert [(m, p) for m, _r, _ids, p in rows] == [(cast[name].membership.pk, "test")]
        assert set(rows[0][2]) == people
        requests.add(rows[0][1])
    assert len(requests) == 2
