"""Requests for information: the prison asks on facts and after trying consent, named persons only; health personnel alone decide what is released."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.http import Http404
from django.urls import reverse

from consent import access, actions
from consent.access import inbox, outbox
from consent.models import MunicipalDeclinedRequest, RequestAuthorisation
from coordination import clock
from coordination.people.access import access_person
from coordination.refusals import Refused
from tests.consent.asking import ask, decline, is_named, name, received, release, typed
from tests.consent.paper import page_text
from tests.consent.post import deliver, given, patient, refused
from tests.doors.steps import confirmed, unconfirmed

ASKING_SIDE = (
    *("officer", "officer_b", "contact_officer", "duty_leader", "release_caseworker", "warden"),
    *("south_officer", "south_duty_leader", "region"),
)

# Who may ask


@pytest.mark.obligation("R6.1-g")
def test_only_who_is_named_from_a_day_to_a_day_asks_and_to_others_there_is_no_form(cast) -> None:
    url = reverse("request_new", args=[cast.people["fiolin"]])
    leader = cast["duty_leader"].client()
    assert leader.get(url).status_code == 404
    assert url not in leader.get(reverse("person", args=[cast.people["fiolin"]])).content.decode()
    name(cast, start=1)
    assert leader.get(url).status_code == 404, "not yet"
    name(cast)
    assert leader.get(url).status_code == 200
    assert url in leader.get(reverse("person", args=[cast.people["fiolin"]])).content.decode()
    assert cast["warden"].client().get(url).status_code == 404, "who names is not named by that"
    name(cast, end=0)
    assert is_named(cast, "duty_leader"), "the last day counts"
    with cast["warden"].acting() as actor:
        actions.end_naming(actor, RequestAuthorisation.objects.latest("set_at"), at=clock.now())
    assert leader.get(url).status_code == 404


@pytest.mark.obligation("R6.1-g")
def test_the_warden_names_in_the_browser_and_keeps_who_when_and_on_what(cast) -> None:
    warden, today = cast["warden"].client(), clock.local_date(clock.now())
    url, member = reverse("requesters"), cast["officer"].membership
    asked = {
        "key": "0b8f3c3e-52a4-4a6c-9d4e-0a1b2c3d4e5f",
        "member": str(member.pk),
        "valid_from": today.strftime("%d.%m.%Y"),
        "valid_to": (today + timedelta(days=90)).strftime("%d.%m.%Y"),
        "decision": "Brev fra regionen 1. november 2026",
    }
    assert warden.post(url, {**asked, "decision": ""}).status_code == 422
    assert warden.post(url, {**asked, "valid_to": "1.1.2020"}).status_code == 422
    assert warden.post(url, {**asked, "member": str(cast["warden"].membership.pk)}).status_code == 422, "not oneself"
    for _twice in range(2):
        assert warden.post(url, asked).status_code == 303
    text = page_text(warden.get(url))
    for words in (member.display_name, "Brev fra regionen 1. november 2026", "Gjelder nå", "Fengselsleder Warden"):
        assert words in text
    assert is_named(cast, "officer")
    with cast["warden"].acting():
        row = RequestAuthorisation.objects.get()
    assert cast["duty_leader"].client().get(url).status_code == 404
    assert cast["duty_leader"].client().post(reverse("requester_end", args=[row.pk])).status_code == 404
    assert warden.post(reverse("requester_end", args=[row.pk])).status_code == 303
    assert not is_named(cast, "officer")
    assert "Avsluttet" in page_text(warden.get(url))


def test_the_database_lets_nobody_but_a_warden_name_anybody(cast) -> None:
    name(cast, "officer")
    today = clock.local_date(clock.now())
    statement = (
        "INSERT INTO base.consent_requestauthorisation (id, key, agency_id, membership_id, valid_from, valid_to, decision, ended, set_at, set_by_id, set_by_name) "
        "VALUES (gen_random_uuid(), gen_random_uuid(), %s, %s, %s, %s, 'x', false, now(), %s, 'x')"
    )
    prison, warden = cast.agencies["north"].pk, cast["warden"].membership.pk
    for who in (*ASKING_SIDE, "prison_admin", "doctor"):
        mine = cast[who].membership.pk
        for setter in (mine, warden):
            if (who, setter) == ("warden", mine):
                continue
            values = [prison, cast["contact_officer"].membership.pk, today, today, setter]
            with cast[who].acting(), pytest.raises(DatabaseError), transaction.atomic():
                connections["default"].cursor().execute(statement, values)
    with cast["warden"].acting(), connections["default"].cursor() as cursor:
        cursor.execute(statement, [prison, cast["contact_officer"].membership.pk, today, today, warden])
    with cast["warden"].acting(), connections["default"].cursor() as cursor:
        for change in (
            "UPDATE base.consent_requestauthorisation SET ended = true",
            "DELETE FROM base.consent_requestauthorisation",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(change)
    assert is_named(cast, "officer")


def test_the_postman_asks_for_the_naming_too(cast) -> None:
    letter = {
        "recipient": cast.agencies["north_health"].pk,
        "what": "information_request",
        "about": cast.people["fiolin"],
        "ground": "LB03",
        "necessity": "Nødvendig for å planlegge framstillingen på fredag.",
        "body": {
            "family_name": "Fiolin",
            "given_name": "Blid",
            "birth_date": "1991-05-15",
            "facts": "x",
            "wanted": "x",
            "sought": "refused",
            "sought_how": "x",
            "authorised": "x",
        },
    }
    with cast["officer"].acting(), refused("authorisation"):
        deliver(**letter)
    name(cast, "officer")
    with cast["officer"].acting():
        deliver(**letter)


# Asking


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"facts": "Fare."}, "facts"),
        ({"wanted": "Alle opplysninger dere har"}, "wanted"),
        ({"wanted": "hele journalen takk"}, "wanted"),
        ({"sought_how": "Nei."}, "sought_how"),
        ({"necessity": "Nødvendig."}, "necessity"),
        ({"necessity": "Vi trenger alle opplysninger om personen."}, "necessity"),
    ],
)
@pytest.mark.obligation("R6.1-g")
def test_a_request_states_facts_necessity_and_what_was_tried_and_never_asks_for_everything(cast, said, field) -> None:
    name(cast)
    with pytest.raises(Refused) as no:
        ask(cast, **said)
    assert list(no.value.errors) == [field]
    once = uuid4()
    assert ask(cast, key=once) == ask(cast, key=once), "pressed twice"


@pytest.mark.obligation("R6.1-g")
def test_asked_in_the_browser_with_the_password_where_there_is_danger(cast) -> None:
    name(cast)
    leader = cast["duty_leader"].client()
    unconfirmed(leader)
    url = reverse("request_new", args=[cast.people["fiolin"]])
    said = {**typed(), "recipient": str(cast.agencies["north_health"].pk), "informed": "no"}
    wrong = leader.post(url, {**said, "facts": ""})
    assert wrong.status_code == 422
    assert "Om han har sagt noe om når" in page_text(wrong), "what was typed is kept"
    assert leader.post(url, said).status_code == 403
    ordinary = leader.post(url, {**said, "kind": "information_request"})
    assert ordinary.status_code == 303
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).get()
        assert (letter.kind, letter.basis, letter.awaits) == ("information_request", "LB03", "answer")
        assert letter.body["sought"] == "refused"
        assert letter.body["authorised"].startswith("Gitt av Fengselsleder Warden")
        assert "national_id" in letter.body


# Answering


@pytest.mark.obligation("R6.1-h", "R6.1-g", "R6.2-a")
def test_health_personnel_release_what_they_choose_and_the_asker_reads_it(cast) -> None:
    name(cast)
    asked, about = ask(cast), patient(cast)
    doctor = cast["doctor"].client()
    with cast["doctor"].acting() as actor:
        letter = received(actor, asked)
    url = reverse("request_answer", args=[letter.pk])
    page = page_text(doctor.get(url))
    assert "Helsepersonell avgjør alene" in page
    assert "straffegjennomføringsloven § 7 a andre ledd bokstav c" in page
    answer: dict[str, Any] = {
        "verb": "give",
        "patient": str(about),
        "advice": "",
        "facts": "",
        "basis": "LB09",
        "informed": "yes",
        "necessity": "Faren for medinnsatte kan bare avverges ved at de holdes fra hverandre.",
    }
    assert doctor.post(url, answer).status_code == 422, "nothing chosen is nothing released"
    unconfirmed(doctor)
    answer |= {"advice": "Hold ham atskilt.", "ready": ["Hyppigere tilsyn"], "facts": "Har ikke sovet på tre døgn\n"}
    assert doctor.post(url, answer).status_code == 403, "the password again"
    confirmed(doctor)
    assert doctor.post(url, answer).status_code == 303
    with cast["duty_leader"].acting() as actor:
        got = inbox(actor).get(kind="information_answer")
        assert got.person_id == cast.people["fiolin"]
        assert got.body["items"] == ["Hyppigere tilsyn", "Har ikke sovet på tre døgn"]
        assert outbox(actor).get(letter_id=asked).answered_at
        # It is handed on to those alone who are named to receive it, though others follow the same person.
        assert {one.pk for one in access.readers(actor, got)} == {cast["duty_leader"].membership.pk}
    name(cast, "officer")
    with cast["duty_leader"].acting() as actor:
        both = {cast["duty_leader"].membership.pk, cast["officer"].membership.pk}
        assert {one.pk for one in access.readers(actor, got)} == both
    assert "Hold ham atskilt." in page_text(cast["duty_leader"].client().get(reverse("letter", args=[got.pk])))
    with cast["doctor"].acting() as actor:
        assert received(actor, asked).person_id == about, "and only now it is known here whom it was about"
    assert "allerede besvart" in page_text(doctor.get(url))
    assert doctor.post(url, answer).status_code == 422


@pytest.mark.obligation("R6.1-g")
def test_the_answer_is_received_by_those_who_are_named_and_by_nobody_else_in_the_prison(cast) -> None:
    name(cast)
    release(cast, ask(cast), patient(cast))
    with cast["duty_leader"].acting() as actor:
        got = inbox(actor).get(kind="information_answer")
        request = outbox(actor).get()
    assert cast["duty_leader"].client().get(reverse("letter_correct", args=[request.pk])).status_code == 404
    for who in ("officer", "contact_officer", "warden", "release_caseworker"):
        assert cast[who].client().get(reverse("letter", args=[got.pk])).status_code == 404, who
        assert str(got.pk) not in cast[who].client().get(reverse("inbox")).content.decode(), who
    named = cast["duty_leader"].client()
    assert str(got.pk) in named.get(reverse("inbox")).content.decode(), "there is something behind it"
    name(cast, "officer")
    assert cast["officer"].client().get(reverse("letter", args=[got.pk])).status_code == 200


@pytest.mark.obligation("R6.1-h")
def test_a_no_is_not_released_and_nothing_else_whatever_the_reason(cast, admin) -> None:
    name(cast)
    about = patient(cast)
    shown, stored = set(), set()
    for known, reason in (
        (about, "KANARI-HELSE ikke strengt nødvendig."),
        (None, ""),
        (about, "KANARI-HELSE annen vei."),
    ):
        asked = ask(cast, wanted=f"Om han har sagt noe om når {len(shown)} {reason[-6:]}")
        decline(cast, asked, known, reason)
        with cast["duty_leader"].acting() as actor:
            got = inbox(actor).order_by("-sent_at").first()
            request = outbox(actor).get(letter_id=asked)
        stored.add(
            (json.dumps(got.body), got.kind, got.basis, got.statute, got.necessity, got.consent_id, got.inmate_informed)
        )
        assert got.acknowledged_at is got.answered_at is None
        assert (request.answered_at, request.settled_at) == (request.acknowledged_at,) * 2
        page = cast["duty_leader"].client().get(reverse("letter", args=[got.pk]))
        assert "Ikke utlevert" in page_text(page)
        assert "KANARI-HELSE" not in page.content.decode()
        shown.add(asked)
    assert len(stored) == 1, "the same letter every time"
    assert json.loads(next(iter(stored))[0]) == {"result": "not_released"}
    with cast["nurse"].acting():
        assert MunicipalDeclinedRequest.objects.count() == 2, "the reasons stand in the own record"
    text = str(admin.execute("SELECT l.* FROM custody.consent_custodyletter l").fetchall())
    assert "KANARI-HELSE" not in text


@pytest.mark.obligation("R6.1-h")
def test_a_reason_is_written_where_there_is_a_record_and_a_request_is_answered_once(cast) -> None:
    name(cast)
    asked, about = ask(cast), patient(cast)
    with pytest.raises(Refused) as no:
        decline(cast, asked, about, "  ")
    assert list(no.value.errors) == ["reason"]
    decline(cast, asked, about, "Faren er over.")
    for again in (lambda: decline(cast, asked, about, "Nei."), lambda: release(cast, asked, about)):
        with pytest.raises(Refused):
            again()


@pytest.mark.obligation("R6.1-h")
def test_more_is_asked_in_codes_and_the_prison_asks_anew_in_the_same_thread(cast) -> None:
    name(cast)
    asked = ask(cast)
    nurse, leader = cast["nurse"].client(), cast["duty_leader"].client()
    with cast["nurse"].acting() as actor:
        letter = received(actor, asked)
    url = reverse("request_answer", args=[letter.pk])
    assert nurse.post(url, {"verb": "more"}).status_code == 422
    assert nurse.post(url, {"verb": "more", "missing": ["danger", "sought"]}).status_code == 303
    with cast["duty_leader"].acting() as actor:
        question = inbox(actor).get()
        assert question.body == {"result": "more", "missing": ["danger", "sought"]}
    back = reverse("request_again", args=[question.pk])
    form = leader.get(back)
    assert back in leader.get(reverse("letter", args=[question.pk])).content.decode()
    for words in ("Hva faren består i, og for hvem", "gjemte et skaft"):
        assert words in page_text(form), "what is missing, and what was written before"
    fuller = typed(facts="Han sa klokka 19 at han vil skade naboen i celle 12 i natt, og gjemte et skaft.")
    more = {**fuller, "recipient": str(cast.agencies["north_health"].pk), "informed": "no"}
    assert leader.post(back, more).status_code == 303
    with cast["nurse"].acting() as actor:
        newest = inbox(actor).first()
        assert newest.thread_id == letter.thread_id
        assert newest.person_id is None, "asking anew tells nobody here whom it is about"
    decline(cast, newest.letter_id, None)


def test_consent_carries_an_ordinary_answer_and_danger_is_no_ground_for_one(cast) -> None:
    name(cast)
    asked, about = ask(cast, kind="information_request"), patient(cast)
    with pytest.raises(Refused):
        release(cast, asked, about)
    consent = given(cast, about, categories=["health_information"])
    release(cast, asked, about, basis="LB02", consent=consent, necessity="")


# Nobody on the asking side


@pytest.mark.obligation("R6.1-h")
def test_nobody_on_the_asking_side_releases_nor_anybody_who_is_not_health_personnel(cast, admin) -> None:
    name(cast)
    asked, about = ask(cast), patient(cast)
    copies = [
        admin.execute(f"SELECT id FROM {table} WHERE letter_id = %s", [asked]).fetchone()[0]
        for table in ("custody.consent_custodyletter", "municipal_health.consent_municipalletter")
    ]
    with cast["nurse"].acting() as actor:
        letter, target = received(actor, asked), access_person(actor, about)
    body = {"result": "given", "advice": "x", "family_name": "F", "given_name": "B", "birth_date": "1991-05-15"}
    answer = {
        "recipient": cast.agencies["north"].pk,
        "what": "information_answer",
        "body": body,
        "ground": "LB09",
        "necessity": "Nødvendig for å avverge faren i natt.",
        "reply_to": asked,
    }
    for who in (*ASKING_SIDE, "prison_admin", "health_admin", "health_leader"):
        client = cast[who].client()
        for pk in copies:
            url = reverse("request_answer", args=[pk])
            assert client.get(url).status_code == 404, who
            assert client.post(url, {"verb": "give", "advice": "x", "basis": "LB09"}).status_code == 404, who
        with cast[who].acting() as actor:
            with pytest.raises(Http404):
                actions.release_information(
                    actor, letter, target, advice="x", items=[], basis="LB09", necessity="x" * 30, inmate_informed=True
                )
            for subject in (about, cast.people["fiolin"]):
                with pytest.raises(DatabaseError):
                    deliver(**answer, about=subject)
            for statement in (
                "INSERT INTO municipal_health.consent_municipalletter SELECT * FROM municipal_health.consent_municipalletter",
                "INSERT INTO custody.consent_custodyletter SELECT * FROM custody.consent_custodyletter",
                "UPDATE custody.consent_custodyletter SET answered_at = now()",
            ):
                with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
                    cursor.execute(statement)
    assert admin.execute("SELECT count(*) FROM custody.consent_custodyletter").fetchone()[0] == 1
    with cast["doctor"].acting():
        deliver(**answer, about=about)


def test_an_answer_answers_a_request_and_nothing_else(cast) -> None:
    name(cast)
    about = patient(cast)
    body = {"result": "given", "advice": "x", "family_name": "F", "given_name": "B", "birth_date": "1991-05-15"}
    with cast["doctor"].acting(), refused("reply"):
        deliver(
            recipient=cast.agencies["north"].pk, what="information_answer", body=body, about=about, ground="LB11",
            necessity="Nødvendig for å avverge faren i natt.",
        )  # fmt: skip
