"""Proposing a measure and asking a doctor before a cell or bed: its own step, with a letter, and advice that is never a clearance."""

import uuid

import pytest
from django.http import Http404

from consent.access import inbox
from coordination import clock
from coordination.refusals import Refused
from follow_up import actions as follow_up
from isolation.actions import proposals as verbs
from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, coercion, count, decide, letters

REASON = "Angriper innredningen og truer med å skade seg."


def propose(cast, kind="security_cell", *, who="officer", person="fiolin", key=None, reason=REASON, at=AT):
    with cast[who].acting() as actor:
        return verbs.propose(actor, cast.people[person], kind=kind, reason=reason, key=key or uuid.uuid4(), at=at)


def ask(cast, row, *, who="duty_leader", question="Hva råder du oss til?", at=AT):
    with cast[who].acting() as actor:
        return verbs.request_statement(actor, row.pk, question=question, at=at)


def test_anybody_on_the_floor_proposes_and_one_waits_at_a_time(cast, admin) -> None:
    key = uuid.uuid4()
    one, two = propose(cast, key=key), propose(cast, key=key)
    assert one.pk == two.pk
    assert one.state == "proposed"
    with pytest.raises(Refused) as refused:
        propose(cast)
    assert refused.value.code == "open"
    for wrong in ({"kind": "court_isolation"}, {"reason": " "}):
        with pytest.raises(Refused):
            propose(cast, person="ung", **wrong)
    for who in ("release_caseworker", "region", "nurse", "south_duty_leader"):
        with pytest.raises(Http404):
            propose(cast, who=who, person="ung")
    assert count(admin, "proposal") == 1
    assert count(admin, "measure") == 0, "nobody is isolated by a proposal"


@pytest.mark.obligation("R7.1.2-o")
def test_a_doctor_is_asked_by_letter_before_the_decision(cast, admin) -> None:
    row = propose(cast)
    with pytest.raises(Http404):
        ask(cast, row, who="officer")
    with pytest.raises(Refused) as refused:
        ask(cast, row, question="  ")
    assert list(refused.value.errors) == ["question"]
    asked = ask(cast, row)
    assert (asked.state, asked.asked_at, asked.asked_by_name) == ("awaiting_statement", AT, "Vaktleder Duty Leader")
    ask(cast, row, at=AT + HOUR)
    ((body, role, reply, _, basis, letter),) = letters(admin, "doctor_statement_request")
    assert (role, reply, basis, letter) == ("duty_leader", None, "LB08", asked.letter_id)
    assert (body["means"], body["situation"], body["minor"]) == ("security_cell", REASON, False)
    waits = admin.execute(
        "SELECT rule, awaits, due_at - sent_at FROM custody.consent_custodyletter WHERE letter_id = %s", [letter]
    ).fetchone()
    assert waits == ("D24S", "answer", 2 * HOUR)


def test_only_cell_and_bed_wait_for_a_doctor(cast, admin) -> None:
    row = propose(cast, "exclusion")
    with pytest.raises(Refused) as refused:
        ask(cast, row)
    assert refused.value.code == "kind"
    assert letters(admin, "doctor_statement_request") == []


@pytest.mark.obligation("R7.1.2-o", "R7.1.2-p")
def test_the_doctors_advice_goes_into_the_basis_of_the_decision(cast, admin, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT + 20 * MINUTE)
    row = ask(cast, propose(cast))
    with cast["doctor"].acting() as actor:
        letter = inbox(actor).filter(kind="doctor_statement_request").get()
        follow_up.take_on(actor, letter.pk, patient_id=None, at=AT + 5 * MINUTE)
        letter = inbox(actor).filter(kind="doctor_statement_request").get()
        follow_up.send_advice(
            actor,
            letter,
            key=uuid.uuid4(),
            advice="Prøv samtale med kjent betjent først.",
            recommend="other",
            basis="LB08",
            at=AT + 10 * MINUTE,
        )
    client = cast["duty_leader"].client()
    page = client.get(f"/isolasjon/forslag/{row.pk}/").content.decode()
    assert "Prøv samtale med kjent betjent først." in page
    for word in ("godkjent", "klarert", "Godkjenn"):
        assert word not in page
    form = client.get(f"/isolasjon/person/{cast.people['fiolin']}/vedtak/?kind=security_cell").content.decode()
    assert "Prøv samtale med kjent betjent først." in form
    measure = decide(cast, coercion(statement="obtained", statement_text="Rådet til samtale.", effective_at=AT))
    state, found = admin.execute(
        "SELECT state, measure_id FROM custody.isolation_proposal WHERE id = %s", [row.pk]
    ).fetchone()
    assert (state, found) == ("decided", measure.pk)


def test_a_decision_does_not_wait_for_the_doctor(cast, admin) -> None:
    row = ask(cast, propose(cast))
    measure = decide(cast, coercion(effective_at=AT))
    assert measure.statement == "not_obtained"
    assert admin.execute("SELECT state FROM custody.isolation_proposal WHERE id = %s", [row.pk]).fetchone() == (
        "decided",
    )


def test_a_proposal_comes_to_nothing_with_words(cast, admin) -> None:
    row = propose(cast)
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        verbs.withdraw(actor, row.pk, note="Roet seg.", at=AT)
    for _ in range(2):
        with cast["duty_leader"].acting() as actor:
            gone = verbs.withdraw(actor, row.pk, note="Roet seg.", at=AT)
    assert (gone.state, gone.closed_note) == ("withdrawn", "Roet seg.")
    with pytest.raises(Refused) as refused:
        ask(cast, row)
    assert refused.value.code == "state"
    assert propose(cast).pk != row.pk


def test_a_proposal_falls_away_with_the_stay(cast, admin) -> None:
    from coordination.models import Person, Stay
    from coordination.people.stays import end_stay

    propose(cast)
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        stay = Stay.objects.get(person=person, ended_at=None)
        end_stay(actor, person, stay, reason="released", ended_at=AT, version=stay.version, at=AT)
    assert admin.execute("SELECT state FROM custody.isolation_proposal").fetchone() == ("withdrawn",)


def test_the_pages_of_a_proposal(cast, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    officer, leader = cast["officer"].client(), cast["duty_leader"].client()
    url = f"/isolasjon/person/{cast.people['fiolin']}/forslag/"
    key = str(uuid.uuid4())
    wrong = officer.post(url, {"key": key, "kind": "security_cell", "reason": ""})
    assert wrong.status_code == 422
    saved = officer.post(url, {"key": key, "kind": "security_cell", "reason": REASON})
    assert saved.status_code == 303
    page = saved["Location"]
    shown = officer.get(page).content.decode()
    assert "Venter på vaktleder" in shown
    assert "Be om legens uttalelse" not in shown
    assert "Forslag som venter" in leader.get("/isolasjon/").content.decode()
    assert leader.post(f"{page}lege/", {"question": ""}).status_code == 422
    assert leader.post(f"{page}lege/", {"question": "Hva råder du?"}).status_code == 303
    assert "Legen har ikke svart" in leader.get(page).content.decode()
    form = leader.get(f"/isolasjon/person/{cast.people['fiolin']}/vedtak/?kind=security_cell").content.decode()
    assert "har ikke fått svar" in form
    assert leader.post(f"{page}trekk/", {"note": ""}).status_code == 422
    assert leader.post(f"{page}trekk/", {"note": "Roet seg."}).status_code == 303
    assert cast["south_duty_leader"].client().get(page).status_code == 404
    assert cast["nurse"].client().get(page).status_code == 404
