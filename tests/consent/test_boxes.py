"""The boxes as people use them: narrowed, counted, acknowledged many at a time, given to a colleague, told on, and asked for again."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.access import access_letter, handlings_of, inbox, outbox, readers
from consent.actions import attach_person, correct, remind
from consent.actions.handling import assign
from consent.models import MunicipalHandling
from consent.rules import may_remind
from coordination import clock
from coordination.outbox import send_waiting
from coordination.people.access import access_person
from coordination.sweep import sweep
from tests.consent.paper import _kinds, page_text, queries  # noqa: F401 - the fixture of the kinds
from tests.consent.paper import own as own_copy
from tests.consent.paper import send as send_notice
from tests.consent.post import denied, patient, refused, run
from tests.consent.test_attachments import copy_of, send

NOW = clock.now()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("due", "settled", "reminded", "fine"),
    [
        (NOW - HOUR, None, None, True),
        (NOW, None, None, True),
        (NOW + HOUR, None, None, False),
        (None, None, None, False),
        (NOW - HOUR, NOW, None, False),
        (NOW - HOUR, None, NOW - timedelta(hours=24), True),
        (NOW - HOUR, None, NOW - timedelta(hours=23, minutes=59), False),
    ],
)
def test_when_a_sender_may_ask_again(due, settled, reminded, fine):
    assert may_remind(due, settled, reminded, NOW) is fine


def chips(page) -> dict[str, int]:
    """Return the counts a box shows by choice."""
    return {
        word: int(count)
        for word, count in re.findall(r">([^<>]+?) <span class=\"chips__count\">(\d+)", page.content.decode())
    }


def make_overdue(admin, letter) -> None:
    """Let a letter be past its time on both sides, as if sent yesterday."""
    for table in ("custody.consent_custodyletter", "municipal_health.consent_municipalletter"):
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            f"UPDATE {table} SET sent_at = sent_at - interval '1 day', due_at = due_at - interval '1 day' WHERE letter_id = %s",
            [letter],
        )
        admin.execute("SET session_replication_role = origin")


# Narrowed and counted


def test_every_choice_is_counted_in_one_statement_and_the_box_is_narrowed(cast, admin):
    letters = [send_notice(cast) for _turn in range(3)] + [send(cast)]
    make_overdue(admin, letters[0])
    nurse = cast["nurse"].client()
    nurse.post(reverse("letter_acknowledge", args=[own_copy(cast, "nurse", letters[1])]))
    pk = own_copy(cast, "nurse", letters[2])
    nurse.post(reverse("letter_assign", args=[pk]), {"to": str(cast["nurse"].membership.pk)})
    with CaptureQueriesContext(connections["default"]) as caught:
        page = nurse.get(reverse("inbox"))
    expected = {"Ikke lest": 3, "Venter": 2, "Ikke kvittert": 2, "Over fristen": 1, "Tildelt meg": 1, "Ferdig": 1}
    assert chips(page) == expected
    assert sum("FILTER" in query["sql"] for query in caught) == 1
    assert "Tildelt Nurse" in page_text(page)
    assert chips(cast["officer"].client().get(reverse("outbox"))) == {"Venter": 2, "Over fristen": 1, "Ferdig": 1}
    for query, rows in (
        ({"vis": "forfalt"}, 1),
        ({"vis": "mine"}, 1),
        ({"vis": "ukvittert"}, 2),
        ({"type": "t_paper"}, 3),
        ({"navn": "fio"}, 4),
        ({"navn": "trompet"}, 0),
        ({"fra": clock.local_date(clock.now()).strftime("%d.%m.%Y")}, 3),
        ({"til": (clock.local_date(clock.now()) - timedelta(days=1)).strftime("%d.%m.%Y")}, 1),
        ({"vis": "mine", "type": "follow_up_information"}, 0),
        ({"vis": "tull", "type": "tull", "fra": "i går"}, 4),
    ):
        assert nurse.get(reverse("inbox"), query).content.decode().count("<tr>") == (rows + 1 if rows else 0), query


def test_the_box_and_the_letter_ask_the_same_for_one_and_for_thirty(cast):
    pk = own_copy(cast, "nurse", send_notice(cast))
    nurse = cast["nurse"].client()
    pages = (reverse("inbox"), f"{reverse('inbox')}?vis=mine&navn=f", reverse("today"))
    give = {"to": "prison_nurse", "note": "Se på denne"}
    cast["doctor"].client().post(reverse("letter_forward", args=[pk]), give)
    one = [queries(nurse, page) for page in pages]
    for _turn in range(29):
        pk = own_copy(cast, "nurse", send_notice(cast))
        with cast["doctor"].acting():
            run("SELECT letterbox.hand_on(%s, 'forwarded', NULL, 'prison_nurse', 'x')", pk)
    assert [queries(nurse, page) for page in pages] == one


# Many at a time


def test_many_are_acknowledged_and_each_is_told_of(cast):
    letters = [send_notice(cast) for _turn in range(3)]
    keys = [own_copy(cast, "nurse", letter) for letter in letters]
    with cast["officer"].acting() as actor:
        # The last is corrected meanwhile: nobody acknowledges what no longer stands.
        row = outbox(actor).get(letter_id=letters[2])
        correct(actor, row, access_person(actor, cast.people["fiolin"]), {"observation": "Rettet"})
    nurse = cast["nurse"].client()
    assert "Kvitter for valgte" in nurse.get(reverse("inbox")).content.decode()
    hidden = own_copy(cast, "officer", letters[0])
    answer = nurse.post(reverse("letters_acknowledged"), {"brev": [*keys, str(hidden), str(uuid4()), "tull"]})
    assert answer.status_code == 303
    text = page_text(nurse.get(answer.url))
    for words in ("Kvittert: 2 brev", "Ikke kvittert: 1 brev", "Rettet av nytt brev", "2 brev finnes ikke her"):
        assert words in text, words
    with cast["officer"].acting() as actor:
        mine = {row.letter_id: row.acknowledged_by for row in outbox(actor).filter(letter_id__in=letters)}
    assert mine == {letters[0]: "Nurse", letters[1]: "Nurse", letters[2]: ""}
    # Looking again acknowledges nothing.
    assert cast["south_nurse"].client().get(answer.url).content.decode().count("<tr>") == 0
    assert "Ingen brev var valgt" in page_text(nurse.post(reverse("letters_acknowledged"), {}, follow=True))


# Inside the agency


@pytest.mark.obligation("RM7-b")
def test_only_a_colleague_who_may_read_it_is_given_it(cast, admin):
    pk = own_copy(cast, "nurse", send_notice(cast))
    nurse, doctor = cast["nurse"].client(), cast["doctor"].client()
    with cast["nurse"].acting() as actor:
        row = access_letter(actor, pk)
        assert {one.display_name for one in readers(actor, row)} == {"Nurse", "Doctor", "Health Leader"}
    with cast["south_nurse"].acting() as actor:
        assert readers(actor, row) == []
    for to, code in (
        (cast["doctor"].membership.pk, 303),
        (cast["south_nurse"].membership.pk, 422),
        (cast["health_admin"].membership.pk, 422),
        ("", 422),
    ):
        assert (
            nurse.post(reverse("letter_assign", args=[pk]), {"to": str(to), "note": "Ta denne"}).status_code == code
        ), to
    today = page_text(doctor.get(reverse("today")))
    assert "Tildelt Doctor: Prøvevarsel" in today
    assert "Fra Nurse: Ta denne" in today
    doctor.get(reverse("letter", args=[pk]))
    assert "Tildelt Doctor" not in page_text(doctor.get(reverse("today")))
    assert "Åpnet" in page_text(nurse.get(reverse("letter", args=[pk]))).partition("Hos oss")[2][:150]
    # Given to another: the first is done with it, and both stand.
    doctor.post(reverse("letter_assign", args=[pk]), {"to": str(cast["health_leader"].membership.pk)})
    with cast["nurse"].acting() as actor:
        assert [(one.to_name, one.ended_at is None) for one in handlings_of(actor, row)] == [
            ("Health Leader", True),
            ("Doctor", False),
        ]
    # The sender sees nothing of it, and past the postman nobody writes.
    assert "Health Leader" not in page_text(
        cast["officer"].client().get(reverse("letter", args=[own_copy(cast, "officer", row.letter_id)]))
    )
    with cast["nurse"].acting():
        with denied():
            run("UPDATE municipal_health.consent_municipalhandling SET note = 'x'")
        for call in (
            ("assigned", cast["south_nurse"].membership.pk, ""),
            ("assigned", None, "prison_nurse"),
            ("forwarded", None, "officer"),
            ("x", cast["doctor"].membership.pk, ""),
        ):
            with refused("reader"):
                run("SELECT letterbox.hand_on(%s, %s, %s, %s, '')", pk, *call)
    for name in ("south_nurse", "officer", "trust_intake"):
        with cast[name].acting(), refused("receipt"):
            run("SELECT letterbox.hand_on(%s, 'forwarded', %s, '', '')", pk, cast["doctor"].membership.pk)


def test_need_to_know_decides_about_colleagues_too(cast):
    """About somebody a wing does not follow, nobody of that wing is offered, and a role without a reader is refused."""
    mine = copy_of(cast, "officer", send(cast))
    page = cast["officer"].client().get(reverse("letter_forward", args=[mine])).content.decode()
    assert "Contact Officer" in page
    assert "Officer B" not in page
    sent = (
        cast["officer"]
        .client()
        .post(reverse("letter_forward", args=[mine]), {"to": str(cast["officer_b"].membership.pk)})
    )
    assert sent.status_code == 422
    assert (
        cast["officer"]
        .client()
        .post(reverse("letter_forward", args=[mine]), {"to": "warden", "note": "Til orientering"})
        .status_code
        == 303
    )
    assert "Til orientering" in page_text(cast["warden"].client().get(reverse("today")))
    assert "Til orientering" not in page_text(cast["duty_leader"].client().get(reverse("today")))
    assert cast["officer_b"].client().get(reverse("letter", args=[mine])).status_code == 404


def test_it_follows_the_letter_to_the_person(cast):
    pk, known = own_copy(cast, "doctor", send_notice(cast)), patient(cast)
    with cast["doctor"].acting() as actor:
        run("SELECT letterbox.hand_on(%s, 'forwarded', NULL, 'health_leader', 'x')", pk)
        attach_person(access_letter(actor, pk), access_person(actor, known))
        assert MunicipalHandling.objects.get().person_id == known


# Corrected for all who had it


def test_a_correction_goes_to_all_who_had_the_letter_and_to_the_colleagues_it_was_given_to(cast, admin):
    letters = {to: send(cast, "duty_leader", to=to) for to in ("north_health", "trust")}
    assert len(set(letters.values())) == 2
    theirs = copy_of(cast, "nurse", letters["north_health"])
    cast["doctor"].client().post(reverse("letter_forward", args=[theirs]), {"to": "prison_nurse", "note": "Les"})
    cast["nurse"].client().get(reverse("letter", args=[theirs]))
    leader = cast["duty_leader"].client()
    mine = copy_of(cast, "duty_leader", letters["north_health"])
    page = page_text(leader.get(reverse("letter_correct", args=[mine])))
    assert "Fengselshelsetjenesten north" in page
    assert "Prøve sykehus HF" in page
    answer = leader.post(reverse("letter_correct", args=[mine]), {"about": "Timeplan", "content": "Rettet."})
    assert answer.status_code == 303, page_text(answer)
    for name in ("nurse", "trust_intake"):
        with cast[name].acting() as actor:
            rows = list(inbox(actor))
            assert [(row.body["content"], row.superseded_by is None) for row in rows] == [
                ("Rettet.", True),
                ("Se vedlegget.", False),
            ], name
    # Whoever the letter was forwarded to is told of the corrected one, though they had read the first.
    assert "Videresendt til sykepleier: Opplysninger" in page_text(cast["nurse"].client().get(reverse("today")))


def test_one_who_can_no_longer_get_it_holds_up_nothing(cast, admin):
    letters = {to: send(cast, "duty_leader", to=to) for to in ("north_health", "trust")}
    admin.execute(
        "UPDATE base.coordination_agency SET closed_on = current_date WHERE id = %s", [cast.agencies["trust"].pk]
    )
    leader, mine = cast["duty_leader"].client(), copy_of(cast, "duty_leader", letters["north_health"])
    answer = leader.post(reverse("letter_correct", args=[mine]), {"about": "A", "content": "Rettet."}, follow=True)
    assert "Prøve sykehus HF kunne ikke få rettelsen" in page_text(answer)
    assert "Det rettede brevet er sendt" in page_text(answer)


# Asked again


def test_asked_again_once_a_day_and_the_other_side_is_alerted(cast, admin):
    admin.execute(
        "UPDATE base.consent_letterkindrow SET sender_rule = 'D07S', recipient_rule = 'D07R' WHERE code = 't_paper'"
    )
    letter = send_notice(cast)
    mine, theirs = own_copy(cast, "officer", letter), own_copy(cast, "nurse", letter)
    officer = cast["officer"].client()
    assert "Send påminnelse" not in page_text(officer.get(reverse("letter", args=[mine])))
    assert "når fristen er ute" in page_text(officer.post(reverse("letter_remind", args=[mine]), follow=True))
    make_overdue(admin, letter)
    assert "Send påminnelse" in page_text(officer.get(reverse("today")))
    assert "Send påminnelse" in page_text(officer.get(reverse("letter", args=[mine])))
    answer = officer.post(reverse("letter_remind", args=[mine]), follow=True)
    assert "Påminnelsen er sendt" in page_text(answer)
    assert "Send påminnelse" not in page_text(answer)
    # Both sides see when; the recipient has an alert and a line that says so.
    leader = cast["health_leader"].client()
    assert "Påminnet" in page_text(leader.get(reverse("letter", args=[theirs])))
    assert "Avsenderen minnet om dette" in page_text(cast["nurse"].client().get(reverse("today")))
    assert "Kvitter for melding om samtykke" in page_text(leader.get(reverse("alerts")))
    alerts = "SELECT step, severity, audience @> '{health_leader}' FROM municipal_health.coordination_municipalalert"
    assert admin.execute(alerts).fetchall() == [(-1, "overdue", True)]
    # Whom the alert is for is mailed, and the mail says only that there is something to read.
    sweep()
    mailed = "SELECT m.display_name FROM base.coordination_outboxmail o JOIN base.coordination_membership m ON m.id = o.membership_id JOIN municipal_health.coordination_municipalalert a ON a.id = o.alert_id WHERE a.step = -1 ORDER BY 1"
    assert admin.execute(mailed).fetchall() == [("Health Leader",)]
    # So is whoever was given the letter to do; and nobody twice.
    with cast["health_leader"].acting() as actor:
        assign(access_letter(actor, theirs), to=cast["nurse"].membership.pk)
    sweep()
    sweep()
    assert admin.execute(mailed).fetchall() == [("Health Leader",), ("Nurse",)]
    send_waiting()
    sent = {one.to[0]: (one.subject, "Fiolin" in one.body) for one in mail.outbox}
    assert sent["nurse@example.test"] == sent["health_leader@example.test"] == ("Du har et varsel", False)
    # Not twice in a day, not by the recipient, not by others, and not when it has been settled.
    for name, code in (
        ("officer", "reminded"),
        ("nurse", "receipt"),
        ("officer_b", "receipt"),
        ("south_duty_leader", "receipt"),
    ):
        with cast[name].acting(), refused(code):
            run("SELECT letterbox.remind(%s)", letter)
    assert cast["nurse"].client().post(reverse("letter_remind", args=[theirs])).status_code == 404
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE custody.consent_custodyletter SET reminded_at = reminded_at - interval '25 hours'")
    admin.execute("SET session_replication_role = origin")
    with cast["officer"].acting() as actor:
        remind(access_letter(actor, mine))
    assert len(admin.execute(alerts).fetchall()) == 2
    cast["nurse"].client().post(reverse("letter_acknowledge", args=[theirs]))
    with cast["officer"].acting(), refused("receipt"):
        run("SELECT letterbox.remind(%s)", letter)
