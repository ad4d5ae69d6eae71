"""Who in a prison reads what answers a request, as the database has it, and what the asker is told on the way."""

from django.urls import reverse

from consent import actions
from consent.access import authorisations, inbox, outbox
from consent.actions import Enclosure, document
from consent.models import CustodyAttachment, CustodyHandling, CustodyLetter
from coordination import clock
from tests.consent.asking import ask, decline, name, received, release
from tests.consent.paper import page_text
from tests.consent.post import patient


def test_the_database_itself_shows_the_answer_and_what_lies_with_it_to_those_who_are_named(cast, admin) -> None:
    name(cast)
    pdf = Enclosure("vurdering.pdf", document(b"%PDF-1.7\n%%EOF\n"))
    release(cast, ask(cast), patient(cast), files=[pdf])
    with cast["duty_leader"].acting() as actor:
        actions.forward(inbox(actor).get(kind="information_answer"), to=actor.membership_id)
    tables = (
        CustodyLetter.objects.filter(kind="information_answer"),
        CustodyAttachment.objects,
        CustodyHandling.objects,
    )

    def seen(who: str) -> list[int]:
        with cast[who].acting():
            return [rows.count() for rows in tables]

    for who in ("officer", "contact_officer", "warden", "release_caseworker"):
        assert seen(who) == [0, 0, 0], who
        with cast[who].acting():
            # Not by their keys either, and not blindly by what may be written.
            assert not CustodyLetter.objects.filter(kind="information_answer").update(person=cast.people["fiolin"])
            assert CustodyLetter.objects.exists(), "other letters are read as before"
    assert seen("duty_leader") == [1, 1, 1]
    with cast["warden"].acting() as actor:
        actions.end_naming(actor, authorisations(actor).get(), at=clock.now())
    assert seen("duty_leader") == [0, 0, 0]


def test_the_asker_is_told_the_answer_and_not_how_the_other_side_went_about_it(cast, admin) -> None:
    name(cast)
    asked = ask(cast)
    nurse, leader = cast["nurse"].client(), cast["duty_leader"].client()
    with cast["nurse"].acting() as actor:
        theirs = received(actor, asked).pk
    page = page_text(nurse.get(reverse("letter", args=[theirs])))
    assert "Kvitter for brevet" not in page, "nobody is told, so nobody is asked to"
    assert nurse.post(reverse("letter_file", args=[theirs]), {"reference": "J-2026/8"}).status_code == 303
    assert nurse.post(reverse("letter_acknowledge", args=[theirs])).status_code == 303
    copies = "SELECT read_at IS NULL, acknowledged_at IS NULL, filed_at IS NULL, filed_reference FROM {} WHERE letter_id = %s"
    row = admin.execute(copies.format("municipal_health.consent_municipalletter"), [asked]).fetchone()
    assert row == (False, False, False, "J-2026/8"), "it is kept where it was done"
    row = admin.execute(copies.format("custody.consent_custodyletter"), [asked]).fetchone()
    assert row == (True, True, True, "")
    with cast["duty_leader"].acting() as actor:
        own = outbox(actor).get(letter_id=asked).pk
    assert "ikke åpnet" not in page_text(leader.get(reverse("today")))
    receipts = page_text(leader.get(reverse("letter", args=[own]))).partition("Kvitteringer")[2]
    assert [word in receipts for word in ("Sendt", "Besvart", "Lest", "Kvittert", "Journalført")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    decline(cast, asked, None)
    with cast["duty_leader"].acting() as actor:
        assert outbox(actor).get(letter_id=asked).answered_at is not None
