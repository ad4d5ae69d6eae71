"""The statement of confidentiality stands between the login and everything else: read, accepted, logged, and asked again when it is new."""

import dataclasses
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from coordination import confidentiality
from coordination.models import ConfidentialityAcceptance
from coordination.reference import confidentiality_statement_on, confidentiality_statements
from coordination.worlds import PERSONAL_WORLDS
from tests.cast import AT
from tests.doors.office import audited
from tests.doors.steps import post_login

DOOR = "/taushetserklaering/"


def forget(admin) -> None:
    """Let the database forget who has accepted; nobody else can."""
    admin.execute("ALTER TABLE base.coordination_confidentialityacceptance DISABLE TRIGGER kept")
    admin.execute("DELETE FROM base.coordination_confidentialityacceptance")
    admin.execute("ALTER TABLE base.coordination_confidentialityacceptance ENABLE TRIGGER kept")


@pytest.mark.obligation("R6.2-c")
@pytest.mark.parametrize(
    ("who", "words"),
    [("officer", "forvaltningsloven §§ 13"), ("nurse", "Hvem som er pasient, er også taushetsbelagt"), ("trust_intake", "spesialisthelsetjenesteloven § 6-1")],
)  # fmt: skip
def test_nothing_opens_before_the_statement_is_accepted_and_then_everything_does(cast, admin, at, who, words):
    forget(admin)
    client = Client()
    assert post_login(client, who).url == DOOR
    assert "acting_token" not in client.session, "nobody acts, so no page and no API reads anything"
    assert client.get(reverse("people")).status_code == 302
    assert client.get("/api/v1/people/").status_code in (401, 403)
    page = client.get(DOOR)
    assert words in page.content.decode()
    assert client.post(DOOR, {"version": "1"}).status_code == 422, "it is read, not clicked past"
    assert "acting_token" not in client.session
    in_at_last = client.post(DOOR, {"version": "1", "accept": "on"})
    assert in_at_last.status_code == 303
    assert client.get(reverse("people")).status_code == 200
    row = ConfidentialityAcceptance.objects.using("auth").get()
    assert (row.membership_id, row.version, row.accepted_at) == (cast[who].membership.pk, 1, AT)
    agency = cast[who].membership.agency
    assert ("accept", "confidentiality") in audited(admin, agency, ["accept", "login"])
    # Once is enough: the next login goes straight in.
    assert post_login(Client(), who).url == reverse("today")


@pytest.mark.obligation("R6.2-c")
def test_a_new_version_is_asked_about_at_the_next_login(cast, admin, at, monkeypatch):
    old = confidentiality_statement_on("custody", AT.date())
    new = dataclasses.replace(old, version=2, points=("Et nytt punkt.",))
    monkeypatch.setattr(confidentiality, "confidentiality_statement_on", lambda world, on: new)
    client = Client()
    assert post_login(client).url == DOOR
    assert "Et nytt punkt." in client.get(DOOR).content.decode()
    # Who had the old page open has not accepted the new words.
    stale = client.post(DOOR, {"version": "1", "accept": "on"})
    assert stale.status_code == 422
    assert "ny siden du åpnet siden" in stale.content.decode()
    assert client.post(DOOR, {"version": "2", "accept": "on"}).status_code == 303
    both = ConfidentialityAcceptance.objects.using("auth").filter(membership=cast["officer"].membership)
    assert sorted(row.version for row in both) == [1, 2]


def test_the_page_is_for_somebody_on_the_way_in(cast, at):
    assert Client().get(DOOR).url == reverse("login")
    assert cast["officer"].client().get(DOOR).url == reverse("today")


def test_an_acceptance_stands(cast, admin):
    for text in ("UPDATE base.coordination_confidentialityacceptance SET version = 9", "DELETE FROM base.coordination_confidentialityacceptance"):  # fmt: skip
        with pytest.raises(Exception, match="never changes"):
            admin.execute(text)


def test_the_administrator_sees_who_has_accepted(cast, admin, boss):
    url = reverse("member", args=[cast["officer"].membership.pk])
    assert "versjon 1" in boss.get(url).content.decode()
    forget(admin)
    assert "Ikke godtatt" in boss.get(url).content.decode()


def test_every_world_has_one_text_on_every_date():
    for world in PERSONAL_WORLDS:
        rows = [row for row in confidentiality_statements() if world in row.worlds]
        assert rows
        days = sorted((row.valid_from, row.valid_to) for row in rows)
        assert days[-1][1] is None
        assert all(ends is not None and begins > ends for (_first, ends), (begins, _last) in pairwise(days))  # fmt: skip
