"""What the tests of letters through HTTP share: two kinds, sending, and what a page says. Holds no test."""

import re
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from consent import letters
from consent.access import inbox, outbox
from consent.actions import send_letter
from consent.letters import IDENTITY, Field, LetterKind, identity_of
from coordination.models import Role
from coordination.people.access import access_person
from coordination.worlds import World

STAFF = (Role.OFFICER, Role.DUTY_LEADER)
NOTICE = LetterKind(
    code="t_paper",
    title="Prøvevarsel",
    senders=(World.CUSTODY,),
    recipients=(World.MUNICIPAL_HEALTH,),
    sender_roles=STAFF,
    bases=("LB04", "LB01"),
    category="test",
    fields=(
        *IDENTITY,
        Field("observation", "Hva er sett", "long"),
        Field("urgent", "Haster", "boolean"),
        Field("hours", "Timer", "number", required=False),
        Field("since", "Siden", "date", required=False),
        Field("started", "Startet", "instant", required=False),
        Field("codes", "Koder", "list", required=False),
    ),
    awaits="acknowledgement",
    due=timedelta(hours=2),
    waiting_reason=lambda letter, at: f"Ring {letter.other_agency.emergency_phone}",
)
REPLY = LetterKind(
    code="t_reply",
    title="Prøvesvar",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=(Role.PRISON_NURSE, Role.PRISON_DOCTOR),
    bases=("LB08", "LB02"),
    category="test",
    fields=(*IDENTITY, Field("advice", "Råd", "long")),
    awaits="answer",
    due=timedelta(hours=24),
)
CONTENT = {
    "observation": "Urolig i natt.\n<b>Ikke sovet</b>",
    "urgent": True,
    "hours": 2.5,
    "since": "2026-11-20",
    "started": "2026-11-20T12:30:00+00:00",
    "codes": ["alpha", "beta"],
}


@pytest.fixture(autouse=True)
def _kinds(cast, admin, monkeypatch):
    """Make two kinds known to code and postman for the length of a test."""
    from consent.models import LetterKindRow
    from consent.reference_data import load_kinds

    for kind in (NOTICE, REPLY):
        monkeypatch.setitem(letters.KINDS, kind.code, kind)
    load_kinds()
    assert LetterKindRow.objects.using("owner").filter(code="t_paper").exists()


def send(cast, who="officer", about="fiolin", to="north_health", **content):
    """Send a notice, committed, and return its letter_id."""
    with cast[who].acting() as actor:
        person = access_person(actor, cast.people[about])
        body = {**identity_of(person), **CONTENT, **content}
        return send_letter(
            actor, "t_paper", to=cast.agencies[to].pk, person=person, body=body, basis="LB04", inmate_informed=True
        )


def own(cast, name, letter_id):
    """Return the key of somebody's own copy."""
    with cast[name].acting() as actor:
        box = inbox(actor).filter(letter_id=letter_id).first() or outbox(actor).get(letter_id=letter_id)
        return box.pk


def page_text(response) -> str:
    """Return what a page says, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def queries(client, url) -> int:
    """Count the queries of a page."""
    client.get(url)
    with CaptureQueriesContext(connections["default"]) as caught:
        assert client.get(url).status_code == 200
    return len(caught)
