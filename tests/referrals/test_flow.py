"""A referral from writing to answer, across both agencies, through HTTP with real commits; and what each verb refuses."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from consent.access import inbox, outbox
from consent.actions import acknowledge, correct, give_consent, withdraw_consent
from consent.models import MunicipalConsent
from coordination import clock, national_id
from coordination.clock import OSLO, end_of_local_day
from coordination.models import MunicipalPatient, SpecialistDeadline, SpecialistPatient, StaleWrite
from coordination.people.actions import register_patient
from coordination.refusals import Refused
from referrals import access
from referrals.actions import assessing, sending
from referrals.letters import CATEGORY, DECISION
from referrals.models import MunicipalReferral, ReferralState, SpecialistReferral
from referrals.rules import OUTCOMES, State, assessment_due
from tests.cast import AT, Cast
from tests.referrals.hospital import (
    BORN,
    NUMBER,
    SECRET,
    content,
    decide,
    form,
    newest,
    patient,
    receive,
    refer,
    send_at,
    state,
)

FULL = {
    "reason": "Vurdert av team.",
    "treatment_deadline_on": "01.02.2027",
    "start_on": "11.01.2027",
    "appeal_information": "Klag til statsforvalteren.",
    "information_wanted": "Blodprøver.",
    "new_recipient": "Annet sykehus HF",
    "patient_informed": "on",
    "basis": "LB12",
}
NEEDED = {
    "right_granted": ["treatment_deadline_on", "start_on", "reason", "patient_informed"],
    "right_denied": ["reason", "appeal_information", "patient_informed"],
    "returned_for_information": ["reason", "information_wanted"],
    "redirected": ["reason", "new_recipient", "patient_informed"],
}


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def deadline(cast: Cast, case: object) -> SpecialistDeadline:
    """Return the newest B21 of a referral."""
    with cast["trust_intake"].acting():
        return SpecialistDeadline.objects.filter(rule="B21", subject_id=case).order_by("-due_at").first()


# From writing to answer


@pytest.mark.obligation("R5.2.2-d")
@pytest.mark.obligation("R4.3-i")
@pytest.mark.obligation("R5.1.3-b")
@pytest.mark.obligation("R5.2.3-a")
@pytest.mark.obligation("R5.2.3-b")
def test_a_referral_from_writing_to_answer(cast: Cast) -> None:
    pk = patient(cast)
    doctor, desk, clinician = (cast[name].client() for name in ("doctor", "trust_intake", "trust_clinician"))
    page = doctor.get(f"/henvisninger/ny/{pk}/").content.decode()
    assert "Fengselet ser ikke henvisningen." in page
    sent = doctor.post(f"/henvisninger/ny/{pk}/", form(cast))
    assert sent.status_code == 303
    mine = sent.headers["Location"]
    assert "Sendt" in doctor.get(mine).content.decode()

    work = desk.get("/henvisninger/mottak/").content.decode()
    assert "Fiolin, Blid" in work
    assert "Haster" in work
    letter = newest(cast)
    received = desk.get(f"/henvisninger/mottak/brev/{letter.pk}/").content.decode()
    assert SECRET in received
    assert NUMBER in received
    registered = desk.post(f"/henvisninger/mottak/brev/{letter.pk}/", {})
    assert registered.status_code == 303
    case = registered.headers["Location"]
    assert "Mottatt, vurderes" in doctor.get(mine).content.decode()

    assert clinician.get(case).status_code == 404
    assert "Fiolin" not in clinician.get("/henvisninger/mottak/").content.decode()
    assert desk.post(f"{case}klinikk/", {"clinic": str(cast.units["trust_clinic"].pk)}).status_code == 303
    assert "Fiolin" in clinician.get("/henvisninger/mottak/").content.decode()
    shown = clinician.get(case).content.decode()
    assert SECRET in shown
    version = shown.split('name="version" value="')[1].split('"')[0]
    answer = {**FULL, "outcome": "right_granted", "key": str(uuid4()), "version": version}
    assert clinician.post(f"{case}avgjorelse/", answer).status_code == 303

    result = doctor.get(mine).content.decode()
    assert "Rett til helsehjelp" in result
    assert "01.02.2027" in result
    assert "Avgjort" in doctor.get("/henvisninger/?vis=decided").content.decode()
    with cast["trust_intake"].acting():
        row = SpecialistReferral.objects.get()
        assert (row.patient_informed_at, row.referrer_informed_at, row.start_on) == (AT, AT, date(2027, 1, 11))
        assert SpecialistDeadline.objects.get(rule="B21").outcome == "met"


def test_the_answer_lies_on_the_patient_and_is_read(cast: Cast) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    decide(cast, receive(cast), "right_denied")
    with cast["nurse"].acting() as actor:
        answer = inbox(actor).get(kind=DECISION)
        assert answer.person_id == pk
        assert answer.body["appeal"].startswith("Klag")
        assert "treatment_deadline" not in answer.body
        assert answer.read_at is None
    assert cast["nurse"].client().get(f"/henvisninger/{mine}/").status_code == 200
    with cast["nurse"].acting() as actor:
        assert inbox(actor).get(kind=DECISION).read_at is not None


@pytest.mark.parametrize("outcome", sorted(o.value for o in OUTCOMES))
def test_each_outcome_needs_its_fields(cast: Cast, outcome: str) -> None:
    mine = refer(cast, patient(cast))
    case = receive(cast)
    client = cast["trust_leader"].client()
    base = {"outcome": outcome, "key": str(uuid4()), "version": "1", "basis": "LB12"}
    for missing in NEEDED[outcome]:
        answer = client.post(
            f"/henvisninger/mottak/{case}/avgjorelse/", {**base, **{k: v for k, v in FULL.items() if k != missing}}
        )
        assert answer.status_code == 422, missing
        assert f'href="#id_{missing}"' in answer.content.decode()
    assert state(cast, mine) == "received"
    needed = {k: v for k, v in FULL.items() if k in NEEDED[outcome]}
    assert client.post(f"/henvisninger/mottak/{case}/avgjorelse/", {**base, **needed}).status_code == 303
    assert state(cast, mine) == outcome
    with cast["doctor"].acting() as actor:
        body = inbox(actor).get(kind=DECISION).body
        assert body["outcome"] == outcome
        assert ("Annet sykehus HF" in body["reason"]) is (outcome == "redirected")


def test_a_deadline_for_treatment_in_the_past_is_refused(cast: Cast) -> None:
    refer(cast, patient(cast))
    case = receive(cast)
    with pytest.raises(Refused) as refused:
        decide(cast, case, "right_granted", treatment_deadline_on=date(2026, 11, 22))
    assert refused.value.code == "treatment_deadline_on"
    decide(cast, case, "right_granted", treatment_deadline_on=date(2026, 11, 23))


# Ten working days


@pytest.mark.obligation("R4.3-i")
@pytest.mark.obligation("R5.1.3-b")
@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (datetime(2026, 6, 1, 9, tzinfo=OSLO), date(2026, 6, 15)),
        (datetime(2026, 3, 27, 9, tzinfo=OSLO), date(2026, 4, 15)),  # Easter, and the clock goes forward
        (datetime(2026, 12, 18, 9, tzinfo=OSLO), date(2027, 1, 5)),  # Christmas and New Year
        (datetime(2026, 10, 17, 23, 30, tzinfo=OSLO), date(2026, 10, 30)),  # a Saturday; the clock goes back
    ],
)
def test_ten_working_days_count_from_when_it_was_sent(cast: Cast, admin, sent: datetime, last: date) -> None:
    refer(cast, patient(cast))
    send_at(admin, newest(cast), sent)
    # Registered late: the clock has run since the letter lay there.
    found = deadline(cast, receive(cast, at=sent.astimezone(UTC) + timedelta(days=3)))
    assert found.due_at == end_of_local_day(last)
    assert found.starts_at == sent


def test_the_receipt_itself_is_owed_within_a_day(cast: Cast) -> None:
    refer(cast, patient(cast))
    letter = newest(cast)
    assert (letter.rule, letter.due_at - letter.sent_at) == ("B21R", timedelta(hours=24))
    receive(cast)
    with cast["doctor"].acting() as actor:
        copy = outbox(actor).get()
        assert (copy.rule, copy.settled_at is not None) == ("B21S", True)


# Sent again, corrected, taken back


@pytest.mark.obligation("R4.2-l")
def test_a_returned_referral_is_sent_again_and_gets_ten_new_days(cast: Cast, admin) -> None:
    mine = refer(cast, patient(cast))
    send_at(admin, newest(cast), datetime(2026, 11, 2, 9, tzinfo=UTC))
    case = receive(cast)
    first_due = deadline(cast, case).due_at
    client = cast["doctor"].client()
    assert client.get(f"/henvisninger/{mine}/endre/").status_code == 404
    decide(cast, case, "returned_for_information")
    page = client.get(f"/henvisninger/{mine}/endre/").content.decode()
    assert "Blodprøver fra siste måned." in page
    version = page.split('name="version" value="')[1].split('"')[0]
    again = form(cast, reason="Blodprøver: alt i orden.", version=version)
    assert [client.post(f"/henvisninger/{mine}/endre/", again).status_code for _ in range(2)] == [303, 404]
    assert state(cast, mine) == "sent"
    with cast["doctor"].acting() as actor:
        assert outbox(actor).count() == 2
    desk = cast["trust_intake"].client()
    assert "Ny versjon" in desk.get("/henvisninger/mottak/").content.decode()
    assert receive(cast) == case
    assert state(cast, mine) == "received"
    found = deadline(cast, case)
    assert found.due_at == assessment_due(newest(cast).sent_at) > first_due
    with cast["trust_intake"].acting():
        assert SpecialistPatient.objects.count() == 1
    decide(cast, case, "right_granted")
    assert state(cast, mine) == "right_granted"


def test_only_a_returned_referral_is_sent_again(cast: Cast) -> None:
    mine = refer(cast, patient(cast))
    for _step in ("sent", "received"):
        with pytest.raises(Refused) as refused:
            _send_again(cast, mine)
        assert refused.value.code == "state"
        case = receive(cast) if state(cast, mine) == "sent" else case  # noqa: F821
    decide(cast, case, "returned_for_information")
    with pytest.raises(StaleWrite):
        _send_again(cast, mine, version=1)
    key = uuid4()
    for _time in range(2):
        _send_again(cast, mine, key=key)
    with cast["doctor"].acting() as actor:
        assert outbox(actor).count() == 2


def _send_again(cast: Cast, mine: object, **more: object) -> None:
    with cast["doctor"].acting() as actor:
        row = access.access_referral(actor, mine).referral
        sending.send_again(actor, row, **{"version": row.version, "key": uuid4(), "at": AT, **content(), **more})


def test_a_correction_before_the_answer_keeps_the_clock(cast: Cast, admin) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    send_at(admin, newest(cast), datetime(2026, 11, 2, 9, tzinfo=UTC))
    case = receive(cast)
    due = deadline(cast, case).due_at
    with cast["doctor"].acting() as actor:
        correct(actor, outbox(actor).get(), MunicipalPatient.objects.get(pk=pk), {"urgency": "ordinary"})
    assert receive(cast) == case
    assert deadline(cast, case).due_at == due
    with cast["trust_intake"].acting():
        assert SpecialistReferral.objects.get().urgency == "ordinary"
    assert state(cast, mine) == "received"


def test_a_draft_is_withdrawn_without_a_word(cast: Cast) -> None:
    pk = patient(cast)
    client = cast["nurse"].client()
    saved = client.post(f"/henvisninger/ny/{pk}/", form(cast, draft="1"))
    page = saved.headers["Location"]
    assert "Utkast" in client.get(page).content.decode()
    assert client.post(f"{page}trekk/", {"note": ""}).status_code == 422
    assert client.post(f"{page}trekk/", {"withdrawn_by": "referrer", "note": "Feil pasient"}).status_code == 303
    assert "Trukket tilbake" in client.get(page).content.decode()
    with cast["doctor"].acting() as actor:
        assert not outbox(actor).exists()
    with cast["trust_intake"].acting() as actor:
        assert not inbox(actor).exists()


def test_a_withdrawal_reaches_the_trust_with_no_more_than_it_needs(cast: Cast) -> None:
    mine = refer(cast, patient(cast))
    case = receive(cast, clinic="trust_clinic")
    with cast["doctor"].acting() as actor:
        for _time in range(2):
            sending.withdraw(actor, access.access_referral(actor, mine).referral, by="patient", note="", at=AT)
    letter = newest(cast)
    assert letter.body["withdrawn_by"] == "patient"
    assert "national_id" not in letter.body
    assert SECRET not in str(letter.body)
    assert "Trukket tilbake" in cast["trust_intake"].client().get("/henvisninger/mottak/").content.decode()
    assert receive(cast) == case
    with cast["trust_intake"].acting() as actor:
        assert SpecialistReferral.objects.get().state == "withdrawn"
        assert SpecialistDeadline.objects.get(rule="B21").outcome == "cancelled"
        assert not access.unregistered(actor).exists()
    with pytest.raises(Refused) as refused:
        decide(cast, case, "right_granted")
    assert refused.value.code == "state"


def test_a_referral_withdrawn_before_receipt_makes_no_patient(cast: Cast) -> None:
    mine = refer(cast, patient(cast))
    first = newest(cast)
    with cast["doctor"].acting() as actor:
        sending.withdraw(actor, access.access_referral(actor, mine).referral, by="referrer", note="Feil.", at=AT)
    with cast["trust_intake"].acting() as actor, pytest.raises(Refused) as refused:
        assessing.register_receipt(actor, first, patient=None, at=AT)
    assert refused.value.code == "superseded"
    client = cast["trust_intake"].client()
    done = client.post(f"/henvisninger/mottak/brev/{newest(cast).pk}/", {})
    assert (done.status_code, done.headers["Location"]) == (303, "/henvisninger/mottak/")
    with cast["trust_intake"].acting() as actor:
        assert not SpecialistPatient.objects.exists()
        assert not access.unregistered(actor).exists()


def test_a_denied_referral_cannot_be_withdrawn_and_a_granted_one_can(cast: Cast) -> None:
    denied, granted = refer(cast, patient(cast)), None
    decide(cast, receive(cast), "right_denied")
    with cast["doctor"].acting() as actor, pytest.raises(Refused) as refused:
        sending.withdraw(actor, access.access_referral(actor, denied).referral, by="patient", note="", at=AT)
    assert refused.value.code == "state"
    granted = refer(cast, patient(cast, family="Ugle", number=national_id.generate_synthetic(BORN, 9)))
    decide(cast, receive(cast), "right_granted")
    with cast["doctor"].acting() as actor:
        sending.withdraw(actor, access.access_referral(actor, granted).referral, by="patient", note="", at=AT)
    assert state(cast, granted) == "withdrawn"


def test_a_decided_referral_is_not_decided_again(cast: Cast) -> None:
    refer(cast, patient(cast))
    case = receive(cast)
    client, key = cast["trust_intake"].client(), str(uuid4())
    answer = {**FULL, "outcome": "right_denied", "key": key, "version": "1"}
    page = f"/henvisninger/mottak/{case}/avgjorelse/"
    assert client.post(page, {**answer, "version": "0"}).status_code == 409
    assert [client.post(page, answer).status_code for _ in range(2)] == [303, 303]
    with cast["doctor"].acting() as actor:
        assert inbox(actor).count() == 1
    assert client.post(page, {**answer, "key": str(uuid4()), "outcome": "right_granted"}).status_code == 422


# Ground and drafts


def test_consent_as_ground_must_be_in_force_for_this_trust(cast: Cast) -> None:
    pk = patient(cast)
    client = cast["doctor"].client()
    refused = client.post(f"/henvisninger/ny/{pk}/", form(cast, basis="LB02"))
    assert refused.status_code == 422
    assert SECRET in refused.content.decode()
    with cast["doctor"].acting() as actor:
        assert not MunicipalReferral.objects.exists()
        person = MunicipalPatient.objects.get(pk=pk)
        scope = {
            "categories": [CATEGORY],
            "purpose": "Henvisning",
            "valid_from": date(2026, 11, 1),
            "valid_to": date(2027, 11, 1),
            "reference": "",
            "at": AT - timedelta(days=2),
        }
        give_consent(actor, person, recipients=[cast.agencies["other_trust"].pk], **scope)
    assert client.post(f"/henvisninger/ny/{pk}/", form(cast, basis="LB02")).status_code == 422
    with cast["doctor"].acting() as actor:
        give_consent(actor, MunicipalPatient.objects.get(pk=pk), recipients=[cast.agencies["trust"].pk], **scope)
    sent = client.post(f"/henvisninger/ny/{pk}/", form(cast, basis="LB02"))
    assert sent.status_code == 303
    assert newest(cast).basis == "LB02"
    # The consent that ended cannot carry the withdrawal; cooperation between health personnel can.
    with cast["doctor"].acting() as actor:
        for row in MunicipalConsent.objects.all():
            withdraw_consent(row, note="", at=AT)
    assert client.post(f"{sent.headers['Location']}trekk/", {"withdrawn_by": "patient"}).status_code == 303
    assert newest(cast).basis == "LB10"


def test_a_draft_is_changed_by_one_at_a_time_and_sent_once(cast: Cast) -> None:
    pk = patient(cast)
    client = cast["nurse"].client()
    page = client.post(f"/henvisninger/ny/{pk}/", form(cast, draft="1")).headers["Location"]
    assert client.post(f"{page}endre/", form(cast, draft="1", version="1", reason="Ny tekst")).status_code == 303
    assert client.post(f"{page}endre/", form(cast, draft="1", version="1", reason="For sent")).status_code == 409
    assert "Ny tekst" in client.get(page).content.decode()
    assert [client.post(f"{page}send/").status_code for _ in range(2)] == [303, 303]
    with cast["nurse"].acting() as actor:
        assert outbox(actor).count() == 1
    assert client.post(f"{page}endre/", form(cast, version="3")).status_code == 404


def test_what_is_missing_is_asked_for_in_words(cast: Cast) -> None:
    pk = patient(cast)
    client = cast["doctor"].client()
    answer = client.post(f"/henvisninger/ny/{pk}/", form(cast, reason=" ", question="", medication="Ingen faste"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv hvorfor pasienten henvises." in text
    assert "Ingen faste" in text
    data = form(cast)
    assert [client.post(f"/henvisninger/ny/{pk}/", data).status_code for _ in range(2)] == [303, 303]
    with cast["doctor"].acting() as actor:
        assert MunicipalReferral.objects.count() == outbox(actor).count() == 1


def test_states_in_code_and_on_screen_are_the_same() -> None:
    assert {s.value for s in State} == set(ReferralState.values)


# Receipt


def test_a_receipt_from_the_letter_page_starts_no_assessment(cast: Cast) -> None:
    refer(cast, patient(cast))
    with cast["trust_intake"].acting() as actor:
        acknowledge(inbox(actor).get())
        assert access.unregistered(actor).count() == 1
    case = receive(cast)
    assert receive(cast) == case
    with cast["trust_intake"].acting() as actor:
        assert SpecialistReferral.objects.count() == 1
        assert not access.unregistered(actor).exists()


def test_a_known_patient_is_pointed_out_by_number_and_by_name(cast: Cast) -> None:
    with cast["trust_intake"].acting() as actor:
        facts = {"unit": cast.units["trust_desk"], "birth_date": BORN, "prison_id": None, "at": AT}
        sure = register_patient(actor, family_name="Fiolin", given_name="B.", national_id=NUMBER, **facts).pk
        alike = register_patient(actor, family_name="FIOLIN", given_name="Annen", **facts).pk
    with cast["other_trust_intake"].acting() as actor:
        register_patient(
            actor, family_name="Fiolin", given_name="Skjult", **{**facts, "unit": cast.units["other_desk"]}
        )
    refer(cast, patient(cast))
    page = f"/henvisninger/mottak/brev/{newest(cast).pk}/"
    client = cast["trust_intake"].client()
    text = client.get(page).content.decode()
    assert "samme fødselsnummer" in text
    assert "samme navn og fødselsdato" in text
    assert "Skjult" not in text
    assert "En ny pasient" not in text
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"patient": "new"}).status_code == 422
    assert client.post(page, {"patient": str(sure)}).status_code == 303
    # Without a number nobody is sure: a new one may be made.
    refer(cast, patient(cast, number=""))
    page = f"/henvisninger/mottak/brev/{newest(cast).pk}/"
    assert "En ny pasient" in client.get(page).content.decode()
    assert client.post(page, {"patient": "new"}).status_code == 303
    with cast["trust_intake"].acting():
        people = {row.person_id for row in SpecialistReferral.objects.all()}
        assert sure in people
        assert alike not in people
        assert SpecialistPatient.objects.count() == 3


def test_the_number_is_in_the_letter_only(cast: Cast) -> None:
    mine = refer(cast, patient(cast))
    assert newest(cast).body["national_id"] == NUMBER
    case = receive(cast)
    for name, page in (("doctor", f"/henvisninger/{mine}/"), ("trust_intake", "/henvisninger/mottak/")):
        assert NUMBER not in cast[name].client().get(page).content.decode()
    with cast["trust_intake"].acting():
        row = SpecialistPatient.objects.get()
        assert NUMBER not in row.national_id_masked
        assert row.prison_id == cast.agencies["north"].pk
        assert SpecialistReferral.objects.get(pk=case).person_id == row.pk
