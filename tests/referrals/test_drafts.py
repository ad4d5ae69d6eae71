"""What a referral rests on and asks for before it is sent, and what its receipt does: consent, drafts, who the patient is."""

from datetime import date, timedelta

from consent.access import inbox, outbox
from consent.actions import acknowledge, give_consent, withdraw_consent
from consent.models import MunicipalConsent
from coordination.models import MunicipalPatient, SpecialistPatient
from coordination.people.actions import register_patient
from referrals import access
from referrals.letters import CATEGORY
from referrals.models import MunicipalReferral, ReferralState, SpecialistReferral
from referrals.rules import State
from tests.cast import AT, Cast
from tests.referrals.hospital import (
    BORN,
    NUMBER,
    SECRET,
    form,
    newest,
    patient,
    receive,
    refer,
)

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
