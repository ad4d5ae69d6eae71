"""What the tests of the letterbox share: kinds of their own, a patient, the postman's functions called as an attacker would."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from consent import actions
from coordination import clock
from coordination.people import actions as people
from coordination.people.access import access_person
from tests.cast import AT, Cast, Member
from tests.database import login_url

TABLES = (
    "custody.consent_custodyletter",
    "municipal_health.consent_municipalletter",
    "specialist_health.consent_specialistletter",
)
NAME = {"family_name": "Fiolin", "given_name": "Blid", "birth_date": "1991-05-15"}
NECESSITY = "Nødvendig for at helsetjenesten skal kunne planlegge."

FIELDS = [
    *(
        {"name": name, "type": "string", "form": form, "required": True}
        for name, form in (("family_name", "text"), ("given_name", "text"), ("birth_date", "date"))
    ),
    {"name": "text", "type": "string", "form": "long", "required": True},
    {"name": "flag", "type": "boolean", "form": "boolean", "required": False},
    {"name": "hours", "type": "number", "form": "number", "required": False},
    {"name": "codes", "type": "array", "form": "list", "required": False},
    {"name": "at", "type": "string", "form": "instant", "required": False},
]

#: code → senders, recipients, roles, bases, awaits
KINDS: dict[str, tuple[list[str], list[str], list[str], list[str], str]] = {
    "t_notice": (
        ["custody"],
        ["municipal_health"],
        ["officer", "duty_leader"],
        ["LB01", "LB03", "LB04", "LB06", "LB07"],
        "acknowledgement",
    ),
    "t_advice": (
        ["municipal_health"],
        ["custody"],
        ["prison_nurse", "prison_doctor"],
        ["LB02", "LB08", "LB09", "LB11"],
        "answer",
    ),
    "t_answer": (["custody"], ["municipal_health"], ["officer", "duty_leader"], ["LB08"], ""),
    "t_referral": (
        ["municipal_health"],
        ["specialist_health"],
        ["prison_nurse", "prison_doctor"],
        ["LB02", "LB10", "LB12", "LB13"],
        "acknowledgement",
    ),
    "t_decision": (["specialist_health"], ["municipal_health"], ["trust_intake", "trust_leader"], ["LB10", "LB12"], ""),
}


def register_kinds(admin: psycopg.Connection) -> None:
    """Write the test kinds where the postman reads them, past the application."""
    for code, (senders, recipients, roles, bases, awaits) in KINDS.items():
        admin.execute(
            "INSERT INTO base.consent_letterkindrow (code, title, senders, recipients, sender_roles, bases, category, fields, awaits, due_minutes, "
            "sender_rule, recipient_rule) VALUES (%s, %s, %s, %s, %s, %s, 'test', %s, %s, %s, '', '')",
            [code, code, senders, recipients, roles, bases, json.dumps(FIELDS), awaits, 120 if awaits else None],
        )


def body(**more: Any) -> dict[str, Any]:
    """Return content every test kind takes."""
    return {**NAME, "text": "Hilsen", **more}


def deliver(**call: Any) -> UUID:
    """Call the postman as whoever acts, with exactly these arguments."""
    if "body" in call:
        call["body"] = json.dumps(call["body"])
    names = ", ".join(f"{name} => %s{'::jsonb' if name == 'body' else ''}" for name in call)
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT letterbox.deliver({names})", list(call.values()))
        return cursor.fetchone()[0]


def receipt(letter: UUID, event: str, reference: str = "") -> None:
    """Leave a receipt as whoever acts."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT letterbox.receipt(%s, %s, %s)", [letter, event, reference])


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect the postman's refusal by its code."""
    with pytest.raises(DatabaseError) as caught:
        yield
    cause = caught.value.__cause__
    assert (getattr(cause, "sqlstate", None), cause.diag.message_primary) == ("SV001", code)


@contextmanager
def denied() -> Iterator[None]:
    """Expect the database to deny the privilege or to let the row be invisible: nothing is written."""
    with pytest.raises(DatabaseError) as caught:
        yield
    assert getattr(caught.value.__cause__, "sqlstate", None) == "42501"


def notice(cast: Cast, **more: Any) -> dict[str, Any]:
    """Return a notice from the prison about Fiolin that the postman accepts."""
    call = {
        "recipient": cast.agencies["north_health"].pk,
        "what": "t_notice",
        "body": body(),
        "about": cast.people["fiolin"],
        "ground": "LB04",
    }
    return {**call, **more}


def sent_notice(cast: Cast, who: str = "officer", **more: Any) -> UUID:
    """Send a notice, committed, and return its letter_id."""
    with cast[who].acting():
        return deliver(**notice(cast, **more))


def patient(cast: Cast, who: str = "nurse", unit: str = "north_team", family: str = "Fiolin", **more: Any) -> UUID:
    """Register a patient of a health service, committed, and return the key."""
    with cast[who].acting() as actor:
        made = people.register_patient(
            actor,
            unit=cast.units[unit],
            family_name=family,
            given_name="Blid",
            birth_date=date(1991, 5, 15),
            prison_id=None,
            at=AT,
            **more,
        )
        return made.pk


def advice(cast: Cast, about: UUID, **more: Any) -> dict[str, Any]:
    """Return health advice to the prison that the postman accepts."""
    call = {
        "recipient": cast.agencies["north"].pk,
        "what": "t_advice",
        "body": body(),
        "about": about,
        "ground": "LB08",
    }
    return {**call, **more}


def given(cast: Cast, about: UUID, who: str = "doctor", **more: Any) -> UUID:
    """Record a consent that covers the test kinds to the prison, committed, and return its key."""
    now = clock.now()
    today = clock.local_date(now)
    scope: dict[str, Any] = {
        "recipients": [cast.agencies["north"].pk],
        "categories": ["test"],
        "purpose": "Planlegge",
        "valid_from": today,
        "valid_to": today + timedelta(days=30),
        "reference": "",
        "at": now,
    }
    with cast[who].acting() as actor:
        return actions.give_consent(actor, access_person(actor, about), **{**scope, **more}).pk


@contextmanager
def session_of(admin: psycopg.Connection, who: Member) -> Iterator[psycopg.Connection]:
    """Give a second connection of the web login, acting as somebody in a transaction of its own."""
    with psycopg.connect(login_url("samvirke_web", admin.info.dbname)) as other:
        other.execute("SELECT set_config('role', a.db_role, true) FROM sec.begin(%s) a", [who.token])
        yield other


def run(sql: str, *values) -> int:
    """Run a statement as whoever acts; return how many rows it touched."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount
