"""Applications to a recovery unit: offered, wished for, asked about consent, in order, decided by both services, taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg.errors import CheckViolation

from consent.access import access_consent, outbox
from consent.actions import refuse_consent, send_letter, start_talk, withdraw_consent
from consent.letters import identity_of
from coordination import clock
from coordination.people import actions as people
from coordination.people import stays
from coordination.people.access import access_person, open_stay
from coordination.person_page import links_for
from coordination.reference import consent_text_on
from coordination.refusals import Refused
from coordination.timeline import events_for
from recovery_units import access, actions
from recovery_units.models import RecoveryApplication
from recovery_units.rules import ConsentStep
from tests.api.calls import get, send
from tests.consent.post import given, patient
from tests.consent.test_letters import page_text
from tests.consent.test_states import signed

ALONE = "Personen sa nei til samtykke, og spesialisthelsetjenesten kan ikke spørres."


def refused(way, row, code, **how):
    """Expect a decision to be refused, and nothing to be written."""
    with pytest.raises(Refused) as no:
        way.decide(row, **how)
    assert no.value.code == code
    assert way.seen(row).state == "applied"
    return no.value


def trust_says(cast, content="Vi konkluderer med ja."):
    """Let the trust write its conclusion to the prison on the patient's consent."""
    about = patient(cast, who="trust_intake", unit="trust_clinic")
    consent = given(cast, about, who="trust_intake", categories=["health_information"])
    with cast["trust_intake"].acting() as actor:
        person = access_person(actor, about)
        send_letter(
            actor, "health_information", to=cast.agencies["north"].pk, person=person, basis="LB02", consent=consent,
            body={**identity_of(person), "about": "Rusmestringsenhet", "content": content},
        )  # fmt: skip


@pytest.mark.obligation("RM4-d", "RM4-e")
def test_somebody_is_informed_and_offered_a_place_and_a_no_is_an_answer(cast, way):
    client, person = cast["contact_officer"].client(), cast.people["fiolin"]
    with cast["contact_officer"].acting() as actor:
        page = reverse("recovery_offer", args=[open_stay(actor, person).pk])
        assert page in [link.url for link in links_for(actor, access_person(actor, person))]
    assert client.post(page, {"key": str(uuid4()), "unit": str(way.unit.pk)}).status_code == 422
    once = {"key": str(uuid4()), "unit": str(way.unit.pk), "told": "Hva enheten tilbyr, og hvordan man søker."}
    made = [client.post(page, once) for _twice in range(2)]
    assert made[0].status_code == 303
    assert made[0].url == made[1].url
    again = client.post(page, {**once, "key": str(uuid4())})
    assert "ikke er ferdig" in page_text(again)
    assert client.post(made[0].url, {"applies": "no", "version": "1"}).status_code == 303
    assert "Takket nei" in page_text(client.get(made[0].url))
    assert "Avdeling A" in page_text(cast["warden"].client().get(reverse("recovery_list")))
    with cast["warden"].acting() as actor:
        assert access.informed_by_unit(actor) == [("Avdeling A", 1)]
        titles = [e.title for e in events_for(actor, access_person(actor, person), clock.now() - timedelta(days=1))]
        assert {"Tilbudt plass i rusmestringsenhet", "Rusmestringsenhet: takket nei"} <= set(titles)
    # Nothing more is asked, and a new offer may be made.
    assert way.offer().state == "offered"


@pytest.mark.obligation("RM2-b")
def test_nobody_is_applied_for_without_their_own_wish(way, admin, cast):
    row = way.offer()
    with pytest.raises(Refused) as no, cast["contact_officer"].acting() as actor:
        actions.answer(actor, row, applies=True, wish=" ", version=row.version, at=clock.now())
    assert no.value.errors.keys() == {"wish"}
    for by in ("duty_leader", "warden"):
        with pytest.raises(Refused), cast[by].acting() as actor:
            actions.decide(actor, row, approve=True, reason="Plass.", why_alone=ALONE, version=1, at=clock.now())
    with pytest.raises(CheckViolation, match="recovery_"):
        admin.execute(
            "UPDATE custody.recovery_units_recoveryapplication SET state = 'approved', decided_at = now(), reason = 'x', consent = 'refused'"
        )
    assert way.apply("ung", by="duty_leader").wish


@pytest.mark.obligation("R6.3-a", "RM7-e")
def test_no_decision_before_the_question_is_answered_and_no_place_before_the_person_is_asked(cast, way, admin):
    row = way.apply()
    assert way.step(row) is ConsentStep.UNANSWERED
    for approve in (True, False):
        refused(way, row, "consent_question", approve=approve, why_alone=ALONE)
    page = reverse("recovery_application", args=[row.pk])
    client = cast["contact_officer"].client()
    assert "Spørsmålet stilles ved søknad til rusmestringsenhet" in page_text(client.get(page))
    way.say(row, needed=True)
    assert way.step(row) is ConsentStep.WAITING
    assert "Start samtykkesamtalen" in page_text(client.get(page))
    no = refused(way, row, "consent", why_alone=ALONE)
    assert "hindrer det ikke opphold" in str(no)
    with pytest.raises(CheckViolation, match="recovery_"):
        admin.execute(
            "UPDATE custody.recovery_units_recoveryapplication SET state = 'approved', decided_at = now(), reason = 'x'"
        )
    # Declining gives nothing away, and waits for nobody's consent.
    assert way.decide(row, approve=False, reason="Ingen plass.", why_alone="Avslått uten å spørre.").state == "declined"


@pytest.mark.obligation("RM7-e")
def test_not_needed_is_enough_with_its_reason(way):
    row = way.apply()
    way.say(row, needed=False)
    assert refused(way, row, "why_alone").errors.keys() == {"why_alone"}
    refused(way, row, "reason", reason=" ", why_alone=ALONE)
    done = way.decide(row, why_alone="Ingenting kan deles, og enheten kjenner personen.")
    assert (done.state, done.consent, done.specialist_letter) == ("approved", "not_needed", None)


@pytest.mark.obligation("RM7-e")
def test_whoever_says_no_to_consent_is_not_barred(cast, way):
    row = way.apply()
    way.say(row, needed=True)
    now = clock.now()
    asked = {
        "recipients": [cast.agencies["trust"].pk], "categories": ["recovery"], "purpose": "Inntak",
        "valid_from": clock.local_date(now), "valid_to": clock.local_date(now), "language": "nb", "interpreter": "not_needed",
        "told": list(consent_text_on("sharing", clock.local_date(now)).points), "given_by": "self",
    }  # fmt: skip
    with cast["contact_officer"].acting() as actor:
        person = access_person(actor, row.person_id)
        # A no to something else is no answer to this.
        refuse_consent(actor, start_talk(actor, person, **{**asked, "categories": ["plan"]}, at=now), note="", at=now)
    assert way.step(row) is ConsentStep.WAITING
    with cast["contact_officer"].acting() as actor:
        refuse_consent(actor, start_talk(actor, person, **asked, at=now), note="", at=clock.now())
    assert way.step(row) is ConsentStep.REFUSED
    text = page_text(cast["duty_leader"].client().get(reverse("recovery_application", args=[row.pk])))
    assert "Sa nei til samtykke Det hindrer ikke opphold i enheten." in " ".join(text.split())
    assert way.decide(row, why_alone=ALONE).consent == "refused"


@pytest.mark.obligation("RM4-f", "RM7-e")
def test_with_consent_the_specialist_service_takes_part_through_letters(cast, way):
    row = way.apply()
    way.say(row, needed=True)
    trust = cast.agencies["trust"]
    signed(cast, row.person_id, "contact_officer", recipients=[str(trust.pk)], categories=["recovery"])
    assert way.step(row) is ConsentStep.GIVEN
    leader, page = cast["duty_leader"].client(), reverse("recovery_application", args=[row.pk])
    share = f"{reverse('share', args=[row.person_id])}?til={trust.pk}&type=recovery_information"
    assert share.replace("&", "&amp;") in leader.get(page).content.decode()
    told = {"about": "Søknad", "content": "Søker plass. Vi mener tilbudet passer.", "basis": "LB01", "informed": "yes"}
    assert leader.post(share, told).status_code == 303
    with cast["duty_leader"].acting() as actor:
        assert outbox(actor).get(kind="recovery_information").basis == "LB01"
    refused(way, row, "specialist", why_alone="Haster.")
    decide = reverse("recovery_decide", args=[row.pk])
    assert 'name="specialist_letter"' not in leader.get(decide).content.decode()
    trust_says(cast)
    with cast["duty_leader"].acting() as actor:
        (letter,) = access.letters_of(actor, row, trust.world)
        assert letter.person_id is None
    form = {
        "outcome": "yes", "specialist_letter": str(letter.pk), "reason": "Begge tjenestene mener det passer.",
        "version": str(way.seen(row).version),
    }  # fmt: skip
    assert "Velg hva spesialisthelsetjenesten konkluderer med" in page_text(leader.post(decide, form))
    assert "sier nei" in page_text(leader.post(decide, {**form, "conclusion": "no"}))
    assert leader.post(decide, {**form, "specialist_letter": str(uuid4()), "conclusion": "yes"}).status_code == 422
    assert leader.post(decide, {**form, "conclusion": "conditions"}).status_code == 303
    done = way.seen(row)
    assert (done.state, done.consent, done.conclusion, done.specialist_letter) == (
        "approved", "given", "conditions", letter.pk,
    )  # fmt: skip
    text = page_text(leader.get(page))
    assert "Ja, på vilkår" in text
    assert "Vi konkluderer" not in text
    with cast["duty_leader"].acting() as actor:
        assert outbox(actor).filter(kind="recovery_information").exists()
        assert access.letters_of(actor, done, trust.world)[0].person_id == row.person_id


def test_a_consent_that_is_taken_back_is_a_no_from_then_on(cast, way):
    row = way.apply()
    way.say(row, needed=True)
    consent = signed(
        cast, row.person_id, "contact_officer", recipients=[str(cast.agencies["trust"].pk)], categories=["recovery"]
    )
    assert way.step(row) is ConsentStep.GIVEN
    with cast["contact_officer"].acting() as actor:
        withdraw_consent(access_consent(actor, consent), note="", at=clock.now(), actor=actor)
    assert way.step(row) is ConsentStep.REFUSED
    assert way.decide(row, why_alone=ALONE).state == "approved"


@pytest.mark.obligation("RM2-a")
def test_who_serves_a_sentence_comes_first_and_a_leader_may_say_otherwise(cast, way):
    now = clock.now()
    remand = way.apply("ung", by="duty_leader", at=now - timedelta(days=3))
    sentence = way.apply("fiolin", at=now - timedelta(days=1))
    late = way.apply("trompet", by="duty_leader", at=now - timedelta(hours=1))

    def order():
        with cast["duty_leader"].acting() as actor:
            return [row.pk for row in access.in_order(access.applications_for(actor))]

    assert order() == [sentence.pk, remand.pk, late.pk]
    client = cast["duty_leader"].client()
    page = reverse("recovery_place", args=[late.pk])
    form = {"group": "1_first", "version": str(late.version)}
    assert "Skriv hvorfor" in page_text(client.post(page, form))
    assert client.post(page, {**form, "group_reason": "Løslates snart."}).status_code == 303
    assert client.post(page, {**form, "group_reason": "Igjen."}).status_code == 409
    assert order() == [sentence.pk, late.pk, remand.pk]
    text = page_text(client.get(reverse("recovery_list")))
    assert text.index("Fiolin") < text.index("Trompet") < text.index("Ung,")
    assert "Løslates snart." in text
    assert client.post(page, {"group": "", "group_reason": "x", "version": str(late.version + 1)}).status_code == 303
    assert order() == [sentence.pk, remand.pk, late.pk]


def test_the_person_takes_it_back_and_it_falls_away_with_the_stay(cast, way):
    row = way.apply()
    client, page = cast["contact_officer"].client(), reverse("recovery_withdraw", args=[row.pk])
    assert client.post(page, {"version": "1"}).status_code == 409
    assert client.post(page, {"version": str(row.version)}).status_code == 303
    client.post(page, {"version": str(row.version + 1)})
    assert way.seen(row).state == "withdrawn"
    with pytest.raises(Refused):
        way.decide(row, why_alone=ALONE)
    again, offered = way.apply(), way.offer("ung", by="duty_leader")
    with cast["duty_leader"].acting() as actor:
        stay = open_stay(actor, cast.people["fiolin"])
        person = access_person(actor, cast.people["fiolin"])
        stays.end_stay(
            actor, person, stay, reason="released", ended_at=clock.now(), version=stay.version, at=clock.now()
        )
        assert access.access_application(actor, again.pk).state == "lapsed"
        ung = access_person(actor, cast.people["ung"])
        people.transfer_to_prison(actor, ung, to_unit=cast.units["south_a"], at=clock.now())
    with cast["south_duty_leader"].acting() as actor:
        assert access.access_application(actor, offered.pk).state == "lapsed"


def test_programs_do_the_same(cast, way):
    officer, leader = cast["contact_officer"].client(), cast["duty_leader"].client()
    path, body = f"people/{cast.people['fiolin']}/recovery-applications/", {"unit_id": str(way.unit.pk), "told": "Alt."}
    once = uuid4()
    made = [send(officer, "post", path, body, key=once) for _twice in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert send(officer, "post", path, body).json()["code"] == "running"
    assert send(officer, "post", path, {"unit_id": str(cast.units["north_a"].pk)}).status_code == 400
    row = f"recovery-applications/{made[0].json()['id']}/"
    applied = send(officer, "put", f"{row}answer/", {"applies": True, "wish": "Vil slutte.", "version": 1})
    version = applied.json()["version"]
    placed = send(leader, "put", f"{row}place/", {"group": "2_next", "reason": "Nettopp flyttet.", "version": version})
    assert placed.json()["group"] == "2_next"
    decision = {"approve": True, "reason": "Plass.", "why_alone": ALONE, "version": version + 1}
    assert send(leader, "put", f"{row}decision/", decision).json()["code"] == "consent_question"
    with cast["duty_leader"].acting() as actor:
        way.say(access.applications_for(actor).get(), needed=False)
    assert send(leader, "put", f"{row}decision/", decision).json()["state"] == "approved"
    assert [line["id"] for line in get(leader, "recovery-applications/").json()["results"]] == [made[0].json()["id"]]
    gone = send(officer, "put", f"{row}withdrawal/", {"version": version + 2}).json()
    assert gone["state"] == "withdrawn"
    assert get(officer, row).json() == gone


# The wall


def test_those_who_plan_the_stay_read_it_and_nobody_else_knows(cast, way):
    row = way.apply()
    reading = [
        reverse("recovery_application", args=[row.pk]),
        reverse("recovery_offer", args=[row.stay_id]),
        f"/api/v1/recovery-applications/{row.pk}/",
    ]
    deciding = [reverse(name, args=[row.pk]) for name in ("recovery_place", "recovery_decide")]
    withdrawing = reverse("recovery_withdraw", args=[row.pk])
    for who, decides in (("contact_officer", 404), ("release_caseworker", 404), ("duty_leader", 200), ("warden", 200)):
        client = cast[who].client()
        assert {client.get(door).status_code for door in reading} == {200}, who
        assert {client.get(door).status_code for door in deciding} == {decides}, who
    assert cast["release_caseworker"].client().post(withdrawing, {"version": "2"}).status_code == 404
    for who in (
        *("officer", "officer_b", "south_officer", "south_duty_leader", "region", "prison_admin"),
        *("nurse", "doctor", "health_leader", "trust_intake", "trust_clinician"),
    ):
        client = cast[who].client()
        assert {client.get(door).status_code for door in reading + deciding} == {404}, who
        assert client.post(withdrawing, {"version": "2"}).status_code == 404, who
    text = page_text(cast["south_duty_leader"].client().get(reverse("recovery_list")))
    assert "ingen rusmestringsenhet" in text
    assert way.seen(row).state == "applied"


@pytest.mark.parametrize(
    ("who", "rows"),
    [("contact_officer", 1), ("warden", 2), ("officer_b", 1), ("south_duty_leader", 0), ("nurse", None), ("trust_intake", None)],
)  # fmt: skip
def test_the_wall_without_any_filter(cast, way, who, rows):
    """Need to know by unit: who works in A knows of those in A."""
    way.apply()
    way.apply("trompet", by="duty_leader")
    with cast[who].acting():
        if rows is None:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                RecoveryApplication.objects.count()
        else:
            assert RecoveryApplication.objects.count() == rows


def test_the_list_asks_the_same_for_one_and_for_many(cast, way):
    client = cast["duty_leader"].client()

    def cost():
        client.get(reverse("recovery_list"))
        with CaptureQueriesContext(connections["default"]) as queries:
            assert client.get(reverse("recovery_list")).status_code == 200
        return len(queries)

    way.apply()
    one = cost()
    way.apply("trompet", by="duty_leader")
    way.apply("ung", by="duty_leader")
    assert cost() == one
