"""The postman under attack: every refusal beside its twin that goes through. Called in SQL, as whoever has broken the application would."""

import hashlib
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connections

from consent.models import CustodyLetter, MunicipalLetter, SpecialistLetter
from coordination.models import Role
from tests.cast import PERSONAS
from tests.consent.post import (
    KINDS,
    TABLES,
    body,
    deliver,
    denied,
    notice,
    receipt,
    refused,
    run,
    sent_notice,
    session_of,
)

LETTERS = {"custody": CustodyLetter, "municipal_health": MunicipalLetter, "specialist_health": SpecialistLetter}
pytestmark = pytest.mark.usefixtures("letter_kinds")
READERS = [name for name, (role, *_rest) in PERSONAS.items() if role is not Role.ADMINISTRATOR]


def copies(admin) -> int:
    """Return how many copies lie in all three worlds."""
    return sum(admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


# Who may send what to whom


@pytest.mark.obligation("R5.2.4-e", "R6.1-a")
def test_a_letter_lies_in_both_worlds_and_nowhere_else(cast, admin):
    letter = sent_notice(cast)
    out = admin.execute(
        "SELECT agency_id, direction, person_id, body, digest, statute, sender_membership_id FROM custody.consent_custodyletter"
    ).fetchall()
    came = admin.execute(
        "SELECT agency_id, direction, person_id, body, digest, statute, sender_membership_id FROM municipal_health.consent_municipalletter"
    ).fetchall()
    assert [row[:3] for row in out] == [(cast.agencies["north"].pk, "out", cast.people["fiolin"])]
    # The recipient's copy carries neither the sender's key of the person nor of the colleague.
    assert [row[:3] for row in came] == [(cast.agencies["north_health"].pk, "in", None)]
    assert came[0][6] is None
    assert out[0][3] == came[0][3] == body()
    assert out[0][5] == came[0][5] == "straffegjennomføringsforskriften § 3-16"
    assert copies(admin) == 2
    assert (
        admin.execute(
            "SELECT count(*) FROM audit.entry WHERE action = 'disclose' AND %s = ANY (object_ids)", [letter]
        ).fetchone()[0]
        == 1
    )


@pytest.mark.parametrize(
    ("who", "call", "code"),
    [
        ("officer", {"recipient": "north"}, "recipient"),
        ("officer", {"recipient": None}, "recipient"),
        ("officer", {"recipient": "trust"}, "kind"),
        ("officer", {"recipient": "region"}, "kind"),
        ("warden", {}, "kind"),
        ("release_caseworker", {}, "kind"),
        ("officer", {"what": "no_such_kind"}, "kind"),
        ("officer", {"what": "t_advice"}, "kind"),
        ("nurse", {"recipient": "north"}, "kind"),
        ("nurse", {}, "recipient"),
        ("trust_intake", {"recipient": "north_health"}, "kind"),
        ("officer", {"ground": "LB99"}, "basis"),
        ("officer", {"ground": "LB05"}, "basis"),
        ("officer", {"ground": "LB02"}, "basis"),
        ("officer", {"about": None}, "person"),
        ("officer", {"about": "sjiraff"}, "person"),
        ("officer", {"about": "trompet"}, "person"),
        ("south_officer", {}, "person"),
    ],
)
def test_refused_by_sender_recipient_kind_basis_and_person(cast, admin, who, call, code):
    values = notice(cast)
    for name, value in call.items():
        values[name] = (
            cast.agencies[value].pk
            if name == "recipient" and value
            else cast.people.get(value, value)
            if name == "about"
            else value
        )
    with cast[who].acting(), refused(code):
        deliver(**values)
    assert copies(admin) == 0
    with cast["officer"].acting():
        deliver(**notice(cast))


def test_unknown_and_closed_agencies_get_nothing(cast, admin):
    with cast["officer"].acting(), refused("recipient"):
        deliver(**notice(cast, recipient=uuid4()))
    admin.execute(
        "UPDATE base.coordination_agency SET closed_on = current_date WHERE id = %s", [cast.agencies["north_health"].pk]
    )
    with cast["officer"].acting(), refused("recipient"):
        deliver(**notice(cast))
    admin.execute(
        "UPDATE base.coordination_agency SET closed_on = NULL WHERE id = %s", [cast.agencies["north_health"].pk]
    )
    with cast["officer"].acting():
        deliver(**notice(cast))


@pytest.mark.parametrize("name", PERSONAS)
def test_only_the_roles_of_the_kind_send_it(cast, admin, name):
    role, agency, _unit = PERSONAS[name]
    may = (
        agency == "north" and role.value in KINDS["t_notice"][2] and name != "officer_b"
    )  # officer_b works in another unit
    with cast[name].acting():
        if may:
            deliver(**notice(cast))
        else:
            with pytest.raises(DatabaseError):
                deliver(**notice(cast))
    assert copies(admin) == (2 if may else 0)


def test_need_to_know_members_write_only_about_whom_they_follow(cast):
    about = cast.people["trompet"]
    with cast["officer"].acting(), refused("person"):
        deliver(**notice(cast, about=about))
    for name in ("officer_b", "duty_leader"):
        with cast[name].acting():
            deliver(**notice(cast, about=about))


def test_nobody_cannot_call_the_postman(cast, admin):
    with cast["prison_admin"].acting(), denied():
        deliver(**notice(cast))
    with cast["officer"].acting():
        # Another transaction's identity is no identity.
        forged = connections["default"].connection.execute("SELECT current_setting('samvirke.ctx')").fetchone()[0]
    with session_of(admin, cast["nurse"]) as other:
        other.execute("SELECT set_config('samvirke.ctx', %s, true)", [forged])
        with pytest.raises(psycopg.Error) as caught:
            other.execute(
                "SELECT letterbox.deliver(%s, 't_notice', '{}', %s, 'LB04')",
                [cast.agencies["north_health"].pk, cast.people["fiolin"]],
            )
        assert caught.value.diag.message_primary == "nobody acts"


# Content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "body"),
        ([], "body"),
        ("text", "body"),
        ({}, "missing:"),
        (body(text="x" * 60001), "body"),
        (body(diagnosis="F20"), "field:diagnosis"),
        (body(text=""), "missing:text"),
        (body(text=" \n\t "), "missing:text"),
        (body(text=None), "missing:text"),
        (body(text=7), "type:text"),
        (body(text={"a": 1}), "type:text"),
        (body(flag="ja"), "type:flag"),
        (body(hours="2"), "type:hours"),
        (body(codes="a"), "type:codes"),
        (body(codes=["a", {"b": 1}]), "type:codes"),
        (body(codes=["a", 7]), "type:codes"),
        (body(birth_date="15.05.1991"), "type:birth_date"),
        (body(birth_date="2026-02-30"), "type:birth_date"),
        (body(birth_date="infinity"), "type:birth_date"),
        (body(at="2026-11-23T11:00"), "type:at"),
        (body(at="2026-11-23T11:00:00+01:00"), "type:at"),
        (body(at="2026-11-23T25:00:00Z"), "type:at"),
        (body(at="now"), "type:at"),
    ],
)
def test_content_is_checked_field_by_field(cast, content, code):
    with cast["officer"].acting(), pytest.raises(DatabaseError) as caught:
        deliver(**notice(cast, body=content))
    assert caught.value.__cause__.diag.message_primary.startswith(code)


def test_content_of_every_type_goes_through_unchanged(cast, admin):
    full = body(
        flag=False, hours=2.5, codes=["a", "b"], at="2026-11-23T11:00:00+00:00", text="<b>x</b>\n' \" \\ č đ 🙂"
    )
    sent_notice(cast, body=full)
    sent_notice(cast, body=body(at="2026-11-23T11:00:00.123456Z", hours=None, codes=[]))
    assert (
        admin.execute("SELECT body FROM municipal_health.consent_municipalletter ORDER BY sent_at LIMIT 1").fetchone()[
            0
        ]
        == full
    )


# Both or neither


def test_both_copies_or_neither(cast, admin):
    admin.execute("CREATE UNIQUE INDEX one_only ON municipal_health.consent_municipalletter (agency_id, kind)")
    try:
        sent_notice(cast)
        assert copies(admin) == 2
        with cast["officer"].acting():
            with pytest.raises(DatabaseError, match="one_only"):
                deliver(**notice(cast))
            # The transaction goes on: only the refused letter is gone.
            assert CustodyLetter.objects.count() == 1
        assert copies(admin) == 2
    finally:
        admin.execute("DROP INDEX municipal_health.one_only")
    sent_notice(cast)
    assert copies(admin) == 4


def test_a_rolled_back_request_leaves_no_letter(cast, admin):
    class Stop(Exception):
        pass

    def request() -> None:
        with cast["officer"].acting():
            deliver(**notice(cast))
            raise Stop

    with pytest.raises(Stop):
        request()
    assert copies(admin) == 0


@pytest.mark.parametrize("name", READERS)
def test_no_content_role_writes_a_letter_itself(cast, admin, name):
    sent_notice(cast)
    with cast[name].acting() as actor:
        table = LETTERS[actor.world]._meta.db_table
        with denied():
            run(f"INSERT INTO {table} (id, agency_id) VALUES (gen_random_uuid(), %s)", actor.agency_id)
        for column in (
            "body",
            "digest",
            "read_at",
            "acknowledged_at",
            "answered_at",
            "filed_reference",
            "settled_at",
            "superseded_by",
            "agency_id",
            "next_alert_at",
            "statute",
        ):
            with denied():
                run(f"UPDATE {table} SET {column} = {column}")
        with denied():
            run(f"DELETE FROM {table}")
        with denied():
            run(f"TRUNCATE {table}")
    assert copies(admin) == 2


def test_no_content_role_calls_the_postmans_inner_functions(cast):
    letter = sent_notice(cast)
    with cast["doctor"].acting() as actor:
        with denied():
            run(
                "SELECT letterbox._stamp(%s, %s, 'municipal_health', %s, 'custody', 'answered', 'x', '', NULL)",
                letter,
                actor.agency_id,
                cast.agencies["north"].pk,
            )
        with denied():
            run("SELECT letterbox._knows(%s)", cast.people["fiolin"])
        with denied():
            run("SET LOCAL ROLE samvirke_postman")


# What was sent stands


@pytest.mark.obligation("R5.2.4-e")
def test_a_letter_never_changes_not_even_for_the_owner(cast, admin):
    letter = sent_notice(cast)
    with cast["nurse"].acting():
        receipt(letter, "acknowledged")
        receipt(letter, "filed", "S-1")
    for table in TABLES[:2]:
        for change in (
            "body = '{}'",
            "digest = sha256('x')",
            "statute = 'x'",
            "sent_at = now()",
            "kind = 'x'",
            "agency_id = other_agency_id",
            "necessity = 'x'",
            "read_at = now() + interval '1 day'",
            "acknowledged_at = NULL",
            "acknowledged_by = 'x'",
            "filed_reference = 'x'",
            "settled_at = NULL",
        ):
            with pytest.raises(psycopg.errors.RaiseException, match="a letter never changes"):
                admin.execute(f"UPDATE {table} SET {change}")
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(psycopg.errors.RaiseException, match="a letter never changes"):
                admin.execute(statement)
        # The sweep's own mark may move.
        admin.execute(f"UPDATE {table} SET next_step = 1")
    with pytest.raises(psycopg.errors.RaiseException, match="a letter never changes"):
        admin.execute("UPDATE custody.consent_custodyletter SET person_id = %s", [cast.people["ung"]])
    # The owner of the tables meets the walls before the trigger: forced row security shows it no letter.
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE custody.consent_custodyletter SET next_step = 2")
        assert cursor.rowcount == 0


def test_the_digest_is_of_the_content_and_the_same_on_both_copies(cast, admin):
    sent_notice(cast)
    (out,) = admin.execute("SELECT body::text, digest FROM custody.consent_custodyletter").fetchall()
    (came,) = admin.execute("SELECT body::text, digest FROM municipal_health.consent_municipalletter").fetchall()
    assert out == came
    assert bytes(out[1]) == hashlib.sha256(out[0].encode()).digest()
