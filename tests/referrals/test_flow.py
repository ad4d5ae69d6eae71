"""A referral from writing to answer, across both agencies, through HTTP with real commits; and what each verb refuses."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from consent.access import inbox, outbox
from consent.actions import correct
from coordination import national_id
from coordination.clock import OSLO, end_of_local_day
from coordination.models import MunicipalPatient, SpecialistDeadline, SpecialistPatient, StaleWrite
from coordination.refusals import Refused
from referrals import access
from referrals.actions import assessing, sending
from referrals.letters import DECISION
from referrals.models import SpecialistReferral
from referrals.rules import OUTCOMES, assessment_due
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
