"""What a prison hears of the health service's visits: who and when, by a letter, on a ground; nothing else, and no noise."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consent.access import inbox, unread
from consent.actions import Undelivered, give_consent, send_letter, withdraw_consent
from consent.letters import KINDS, identity_of
from consent.models import CustodyLetter, MunicipalLetter
from coordination.models import Agency, MunicipalPatient
from follow_up.actions import take_on
from follow_up.models import SupervisionCourse
from follow_up.supervision import record_visit
from isolation.history import of_letters
from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, coercion, decide, letters
from tests.isolation.reading import paper, text_of

KIND = "supervision_visit"


def followed(cast, measure):
    """Let the nurse take the notice of a measure on; return (patient, course)."""
    with cast["nurse"].acting() as actor:
        letter = MunicipalLetter.objects.get(letter_id=measure.notice_letter)
        patient = take_on(actor, letter.pk, patient_id=None, at=AT)
        return patient, SupervisionCourse.objects.get(thread_id=letter.thread_id)


def visit(cast, course, at, **more):
    """Let the nurse record a visit and tell the prison."""
    with cast["nurse"].acting() as actor:
        return record_visit(
            actor, course.person_id, key=uuid4(), done_at=more.pop("done_at", at), course=course,
            **({"tell": True} | more), at=at,
        )  # fmt: skip


def consented(cast, patient):
    """Let the patient consent to health information for the prison."""
    with cast["nurse"].acting() as actor:
        return give_consent(
            actor, MunicipalPatient.objects.get(pk=patient.pk), recipients=[cast.agencies["north"].pk],
            categories=["health_information"], purpose="Oppfølging", valid_from=AT.date() - timedelta(days=3),
            valid_to=AT.date() + timedelta(days=30), reference="7/26", at=AT - timedelta(days=2),
        )  # fmt: skip


@pytest.mark.obligation("R7.1.2-r")
def test_a_visit_in_two_taps_stands_on_the_board_the_page_and_the_protocol(cast, admin, now) -> None:
    measure = decide(cast, coercion())
    _patient, course = followed(cast, measure)
    officer, nurse = cast["officer"].client(), cast["nurse"].client()
    assert "Siste helsetilsyn Ikke meldt" in text_of(officer.get(f"/isolasjon/{measure.pk}/"))
    assert "Ikke meldt" in text_of(officer.get("/isolasjon/"))
    page = nurse.get(f"/helsetilsyn/{course.pk}/").content.decode()
    assert 'name="tell"' in page
    assert "hvem det gjelder og tidspunktet, ikke noe om helse" in page
    now(AT + 20 * MINUTE)
    form = {"key": str(uuid4()), "result": "done", "tell": "on"}
    answer, _again = (nurse.post(f"/helsetilsyn/{course.pk}/gjort/", form, follow=True) for _press in range(2))
    assert "Fengselet har fått tidspunktet." in text_of(answer)
    ((body, role, reply, thread, basis, _letter),) = letters(admin, KIND, "custody", "consent_custodyletter")
    assert body == {
        "family_name": "Fiolin", "given_name": "Blid", "birth_date": body["birth_date"], "visited_at": "2026-11-23T11:20:00+00:00",
    }  # fmt: skip
    assert (role, basis, thread, reply) == ("prison_nurse", "LB08", measure.notice_letter, measure.notice_letter)
    board = text_of(officer.get("/isolasjon/"))
    assert "Siste helsetilsyn" in board
    assert "Ikke meldt" not in board
    told = text_of(officer.get(f"/isolasjon/{measure.pk}/"))
    assert "Siste helsetilsyn kl. 12.20" in told
    assert "Helse: Helsetilsyn gjennomført" in told
    printed, _reader = paper(officer, f"/isolasjon/{measure.pk}/protokoll/")
    assert "Siste helsetilsyn: 23.11.2026 kl. 12.20." in printed
    assert "23.11.2026 kl. 12.20: Helsetilsyn gjennomført." in printed
    # It asks for nothing and makes no noise: nothing more to read, and the box shows it only to who looks for such letters.
    row, = admin.execute("SELECT awaits, rule, due_at, next_alert_at FROM custody.consent_custodyletter WHERE kind = %s", [KIND]).fetchall()  # fmt: skip
    assert row == ("", "", None, None)
    with cast["officer"].acting() as actor:
        copy = CustodyLetter.objects.get(kind=KIND)
        assert not unread(inbox(actor)).exists()
    link = f'href="/post/{copy.pk}/"'
    assert link not in officer.get("/post/").content.decode()
    assert link in officer.get(f"/post/?type={KIND}").content.decode()
    # What the prison reads there is who and when; the visit's own record stays where it was written.
    assert "Tidspunkt for helsetilsynet" in text_of(officer.get(f"/post/{copy.pk}/"))


def last_told(cast, measure):
    """Return what the prison's page says of the last visit."""
    words = text_of(cast["officer"].client().get(f"/isolasjon/{measure.pk}/"))
    return words.split("Siste helsetilsyn ")[1].split(" Ny vurdering")[0].split(" Forventet")[0]


def test_outside_cell_and_bed_the_patient_decides(cast, admin, now) -> None:
    measure = decide(cast)
    patient, course = followed(cast, measure)
    nurse = cast["nurse"].client()
    page = text_of(nurse.get(f"/helsetilsyn/{course.pk}/"))
    assert "det trengs samtykke fra pasienten" in page
    assert "Si fra til fengselet" not in page
    answer = nurse.post(f"/helsetilsyn/{course.pk}/gjort/", {"key": str(uuid4()), "result": "done", "tell": "on"}, follow=True)  # fmt: skip
    assert "Fengselet fikk ikke beskjed, fordi pasienten ikke har samtykket" in text_of(answer)
    assert (letters(admin, KIND), last_told(cast, measure)) == ([], "Ikke meldt")
    consent = consented(cast, patient)
    assert "Si fra til fengselet" in text_of(nurse.get(f"/helsetilsyn/{course.pk}/"))
    visit(cast, course, AT + HOUR)
    assert [row[4] for row in letters(admin, KIND)] == ["LB02"]
    with cast["nurse"].acting():
        withdraw_consent(consent, note="Muntlig", at=AT + HOUR)
    visit(cast, course, AT + 2 * HOUR)
    now(AT + 3 * HOUR)
    assert len(letters(admin, KIND)) == 1


def test_the_postman_takes_it_on_no_other_ground_and_from_nobody_else(cast, admin, now) -> None:
    measure = decide(cast)
    patient, _course = followed(cast, measure)

    def send(actor, basis, person, to):
        body = {**identity_of(person), "visited_at": "2026-11-23T11:00:00+00:00"}
        return send_letter(actor, KIND, to=to, person=person, body=body, basis=basis, necessity="Fengselet vil gjerne vite om det.")  # fmt: skip

    for basis in ("LB10", "LB11", "LB12", "LB09", "LB02"):
        with cast["nurse"].acting() as actor, pytest.raises(Undelivered):
            send(actor, basis, MunicipalPatient.objects.get(pk=patient.pk), cast.agencies["north"].pk)
    with cast["health_leader"].acting() as actor, pytest.raises(Undelivered):
        send(actor, "LB08", MunicipalPatient.objects.get(pk=patient.pk), cast.agencies["north"].pk)
    with cast["nurse"].acting() as actor:
        assert send(actor, "LB08", MunicipalPatient.objects.get(pk=patient.pk), cast.agencies["north"].pk)
    assert {field.name for field in KINDS[KIND].fields} == {"family_name", "given_name", "birth_date", "visited_at"}


@pytest.mark.obligation("R7.1.2-r")
def test_late_declined_unticked_and_corrected(cast, admin, now) -> None:
    measure = decide(cast, coercion())
    _patient, course = followed(cast, measure)
    now(AT + 4 * HOUR)
    visit(cast, course, AT + 3 * HOUR)
    # Written down an hour after the last, about an earlier visit: the newest visit is still the last.
    late = visit(cast, course, AT + 4 * HOUR, done_at=AT + HOUR)
    assert last_told(cast, measure) == "kl. 15.00"
    page = text_of(cast["officer"].client().get(f"/isolasjon/{measure.pk}/"))
    assert "13.00 Helse: Helsetilsyn gjennomført" in page
    # A patient who said no thanks, and a box that was emptied, are not told of.
    visit(cast, course, AT + 4 * HOUR, declined=True)
    visit(cast, course, AT + 4 * HOUR, tell=False)
    assert len(letters(admin, KIND)) == 2
    assert last_told(cast, measure) == "kl. 15.00"
    # The later one had the wrong time: the corrected letter stands in its place, and the first counts no more.
    with cast["nurse"].acting():
        wrong = MunicipalLetter.objects.get(kind=KIND, body__visited_at="2026-11-23T14:00:00+00:00")
    nurse = cast["nurse"].client()
    assert f"/post/{wrong.pk}/" not in nurse.get(f"/helsetilsyn/besok/{late.pk}/").content.decode()
    corrected = nurse.post(f"/post/{wrong.pk}/rett/", {"visited_at_0": "23.11.2026", "visited_at_1": "12.30"})
    assert corrected.status_code == 303, text_of(corrected)
    assert last_told(cast, measure) == "kl. 13.00"
    printed, _reader = paper(cast["officer"].client(), f"/isolasjon/{measure.pk}/protokoll/")
    assert "Siste helsetilsyn: 23.11.2026 kl. 13.00." in printed
    assert "kl. 12.30: Helsetilsyn gjennomført." in printed
    assert "kl. 15.00: Helsetilsyn gjennomført." not in printed


@pytest.mark.parametrize(("minutes", "text"), [(15, ""), (16, "Meldt 23.11.2026 kl. 12.16.")])
def test_told_late_both_times_stand(minutes, text) -> None:
    letter = CustodyLetter(
        kind=KIND, direction="in", body={"visited_at": "2026-11-23T11:00:00+00:00"}, sent_at=AT + minutes * MINUTE,
        other_agency=Agency(name="Prøveby kommune"),
    )  # fmt: skip
    (told,) = of_letters([letter])
    assert (told.at, told.text, told.who) == (AT, text, "Prøveby kommune")
