"""What becomes of a consent, through HTTP: narrowed, withdrawn, run out, superseded, refused."""

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.urls import reverse

from consent import actions
from consent.access import access_consent, consents_for, inbox, outbox
from consent.actions import Undelivered
from coordination import clock, timeline
from coordination.people.access import access_person
from coordination.sweep import sweep
from tests.consent.paper import page_text
from tests.consent.post import patient
from tests.consent.signing import last_day, signed, somebody, talk_of
from tests.consent.test_consents import advise


@pytest.fixture
def about(cast, monkeypatch):
    """Give a patient of the nurse's team."""
    return somebody(cast, monkeypatch)


# Less, over, another


def test_narrowed_holds_from_the_next_statement_on_and_the_others_are_told_neutrally(cast, about, admin):
    trust, north = cast.agencies["trust"].pk, cast.agencies["north"].pk
    pk = signed(cast, about, recipients=[str(north), str(trust)])
    advise(cast, "nurse", about, pk)
    nurse = cast["nurse"].client()
    url = reverse("consent_narrow", args=[pk])
    today = clock.local_date(clock.now())
    form = {"categories": ["test"], "valid_to": f"{today + timedelta(days=90):%d.%m.%Y}", "version": "1"}
    assert "Ingenting er endret" in page_text(nurse.post(url, {**form, "recipients": [str(north), str(trust)]}))
    wider = nurse.post(url, {**form, "recipients": [str(trust)], "valid_to": f"{today + timedelta(days=91):%d.%m.%Y}"})
    assert "bare gjøres mindre" in page_text(wider)
    assert nurse.post(url, {**form, "recipients": [str(trust)]}).status_code == 303
    with pytest.raises(Undelivered) as refused:
        advise(cast, "nurse", about, pk)
    assert refused.value.code == "proof"
    with cast["duty_leader"].acting() as actor:
        first, last = inbox(actor).filter(kind="consent_notice").order_by("sent_at")
        assert (first.body["event"], last.body["event"], last.thread_id) == ("given", "ended", first.thread_id)
        assert set(last.body) == {"family_name", "given_name", "birth_date", "event"}
    with cast["trust_intake"].acting() as actor:
        # Who still stands in it is not told that somebody else does not.
        assert [row.body["event"] for row in inbox(actor).filter(kind="consent_notice")] == ["given"]
    text = page_text(nurse.get(reverse("consent", args=[pk])))
    assert "Innsnevret" in text
    assert "Ikke lenger til Prøveby fengsel north." in text
    # An old tab: somebody narrowed it meanwhile.
    stale = nurse.post(url, {**form, "recipients": [str(trust)], "valid_to": f"{today + timedelta(days=5):%d.%m.%Y}"})
    assert stale.status_code == 409
    # Widening is refused by the database itself.
    for column, value in (
        ("recipients", f"ARRAY['{north}', '{trust}']::uuid[]"),
        ("valid_to", "valid_to + 400"),
        ("categories", "ARRAY['test', 'x']"),
    ):
        with pytest.raises(psycopg.Error, match="never changes"):
            admin.execute(
                f"UPDATE municipal_health.consent_municipalconsent SET {column} = {value} WHERE id = %s", [pk]
            )


def test_less_information_is_told_to_those_who_remain(cast, about):
    pk = signed(cast, about, categories=["test", "health_information"])
    with cast["nurse"].acting() as actor:
        row = access_consent(actor, pk)
        actions.narrow_consent(
            actor,
            row,
            recipients=row.recipients,
            categories=["health_information"],
            valid_to=row.valid_to,
            at=clock.now(),
        )
    with cast["duty_leader"].acting() as actor:
        last = inbox(actor).filter(kind="consent_notice").order_by("-sent_at")[0]
        assert last.body["event"] == "narrowed"
        assert last.body["categories"] == ["Helseopplysninger som trengs for oppfølgingen"]
    with pytest.raises(Undelivered):
        advise(cast, "nurse", about, pk)


@pytest.mark.obligation("R6.2-e")
def test_withdrawn_is_told_without_the_reason_and_stops_an_open_tab(cast, about):
    pk = signed(cast, about, categories=["test", "health_information"])
    client, north = cast["nurse"].client(), cast.agencies["north"].pk
    url = f"{reverse('share', args=[about])}?til={north}&type=health_information"
    letter = {"about": "Plan", "content": "Trenger ro om kvelden.", "basis": "LB02", "informed": "yes"}
    tab = client.get(url)
    assert 'value="LB02"' in tab.content.decode()
    assert client.post(reverse("consent_withdraw", args=[pk]), {"note": "Stoler ikke på betjent X"}).status_code == 303
    late = client.post(url, letter)
    assert late.status_code == 422
    assert "kan ikke brukes lenger" in page_text(late)
    assert "Trenger ro om kvelden." in late.content.decode()
    with cast["duty_leader"].acting() as actor:
        assert inbox(actor).filter(kind="health_information").count() == 0
        last = inbox(actor).filter(kind="consent_notice").order_by("-sent_at")[0]
        assert set(last.body) == {"family_name", "given_name", "birth_date", "event"}
        assert last.body["event"] == "ended"
    with cast["nurse"].acting() as actor:
        titles = [
            e.title for e in timeline.events_for(actor, access_person(actor, about), clock.now() - timedelta(days=1))
        ]
        assert {"Samtykke gitt", "Samtykke trukket tilbake"} <= set(titles)


def test_a_letter_already_sent_can_still_be_printed_after_the_withdrawal_but_not_corrected(cast, about):
    pk = signed(cast, about)
    advise(cast, "nurse", about, pk)
    client = cast["nurse"].client()
    with cast["nurse"].acting() as actor:
        sent = outbox(actor).exclude(kind="consent_notice").get()
    client.post(reverse("consent_withdraw", args=[pk]))
    assert client.get(reverse("letter_pdf", args=[sent.pk])).status_code == 200
    refused = client.post(reverse("letter_correct", args=[sent.pk]), {"advice": "Nytt råd."})
    assert refused.status_code == 422


def test_run_out_is_an_event_though_no_job_ever_ran(cast, about, monkeypatch):
    pk = signed(cast, about)
    later = clock.now() + timedelta(days=120)
    monkeypatch.setattr(clock, "now", lambda: later)
    with cast["nurse"].acting() as actor:
        person = access_person(actor, about)
        events = {e.title: e for e in timeline.events_for(actor, person, later - timedelta(days=200))}
        ended = clock.end_of_local_day(access_consent(actor, pk).valid_to)
        assert events["Samtykke utløpt"].at == ended


def test_that_it_ran_out_is_written_down_once_by_nobody_and_stands_in_the_log(cast, about, admin, monkeypatch):
    ran_out, withdrawn = signed(cast, about), signed(cast, about)
    client, today = cast["nurse"].client(), clock.local_date(clock.now())
    assert client.post(reverse("consent_withdraw", args=[withdrawn])).status_code == 303
    with cast["nurse"].acting() as actor:
        last = access_consent(actor, ran_out).valid_to
    events = "SELECT consent_id::text, by_id, by_name FROM municipal_health.consent_municipalconsentevent WHERE kind = 'expired'"
    sweep(clock.end_of_local_day(last) + timedelta(days=1))
    assert admin.execute(events).fetchall() == [], "an instant to come ends no consent"
    for day, written in ((today, []), *[(today - timedelta(days=1), [(ran_out, None, "Samvirke")])] * 2):
        last_day(admin, ran_out, day)
        sweep()
        assert admin.execute(events).fetchall() == written
    logged = admin.execute(
        "SELECT count(*) FROM audit.entry e JOIN municipal_health.consent_municipalconsentevent v ON v.id = ANY (e.object_ids) "
        "WHERE v.kind = 'expired' AND e.action = 'insert' AND %s = ANY (e.person_ids)",
        [about],
    ).fetchone()
    assert logged == (1,)
    assert "Samtykke gikk ut" in page_text(client.get(reverse("consent", args=[ran_out])))
    # Whoever was told of it sees it too, from the day after on, on the notice they have.
    with cast["duty_leader"].acting() as actor:
        notice = inbox(actor).filter(kind="consent_notice").order_by("sent_at")[0]
    over = "gjelder ikke lenger"
    for seconds, told in ((-1, False), (1, True)):
        at = clock.end_of_local_day(last) + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert (over in page_text(cast["duty_leader"].client().get(reverse("letter", args=[notice.pk])))) is told


def test_a_new_one_supersedes_the_old_in_one_step(cast, about, admin):
    north, trust = cast.agencies["north"].pk, cast.agencies["trust"].pk
    old = signed(cast, about, recipients=[str(north), str(trust)])
    client = cast["nurse"].client()
    page = client.get(f"{reverse('consent_new', args=[about])}?erstatter={old}")
    assert old in page.content.decode()
    new = signed(cast, about, replaces=old, recipients=[str(trust)])
    with pytest.raises(Undelivered) as refused:
        advise(cast, "nurse", about, old)
    assert refused.value.code == "proof"
    assert "Erstattet av nytt samtykke" in page_text(client.get(reverse("consent", args=[old])))
    with cast["duty_leader"].acting() as actor:
        assert [row.body["event"] for row in inbox(actor).filter(kind="consent_notice").order_by("sent_at")] == [
            "given",
            "ended",
        ]
    with pytest.raises(psycopg.Error, match="never changes"):
        admin.execute("UPDATE municipal_health.consent_municipalconsent SET superseded_at = NULL WHERE id = %s", [old])
    # The twin: the new one carries what it names.
    with cast["nurse"].acting() as actor:
        assert access_consent(actor, new).superseded_at is None


def test_a_consent_of_somebody_else_is_never_replaced(cast, about):
    other = patient(cast, family="Tromme")
    old = signed(cast, other)
    client = cast["nurse"].client()
    assert client.get(f"{reverse('consent_new', args=[about])}?erstatter={old}").status_code == 404
    path = talk_of(cast, about, replaces=old)
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422
    assert client.get(f"{reverse('consent_new', args=[about])}?erstatter={uuid4()}").status_code == 404


@pytest.mark.obligation("R6.3-b")
def test_a_no_is_kept_and_nothing_follows(cast, about):
    client, path = cast["nurse"].client(), talk_of(cast, about)
    assert client.post(path + "nei/", {"note": "Vil ikke"}).status_code == 303
    assert "sa nei" in page_text(client.get(reverse("consents", args=[about])))
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422
    assert client.post(path + "nei/").status_code == 422
    with cast["nurse"].acting() as actor:
        assert consents_for(actor, about).count() == 0
        assert outbox(actor).count() == 0
