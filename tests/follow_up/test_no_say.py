"""Health personnel never let, stop or end a measure: no door, field, choice or word says so, and no health action touches custody."""

import re

import pytest

from follow_up import forms, models
from follow_up.letters import HEALTH_ADVICE
from follow_up.urls import urlpatterns
from tests.cast import AT
from tests.follow_up.sending import contact, ended, key, notice, taken_on

#: Words of permission and clearance, Norwegian and English, at the beginning of a word.
WORDS = re.compile(
    r"\b(godkjenn|klarer|klarert|klarering|tillat|tillatelse|avslå|avslag|frigi|frigjør|samtykk(?:er)? til tiltaket|innvilg|autoriser|bemyndig"
    r"|approv|clear(?:ance|ed|s)?\b|authoris|authoriz|permit|reject|releas)",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the views read a fixed clock: a Monday noon in Oslo."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)


def whole_story(cast):
    """Let the health service do everything it can do, through HTTP, and return the addresses it used by name."""
    sent = notice(cast, kind="security_cell", force=True)
    letter, patient = taken_on(cast, sent)
    second, _same = taken_on(cast, contact(cast, reasons=["suicide_risk"]), patient=patient.pk)
    nurse, doctor = cast["nurse"].client(), cast["doctor"].client()
    with cast["doctor"].acting():
        course = models.SupervisionCourse.objects.get()
    nurse.post(f"/helsetilsyn/{course.pk}/gjort/", {"key": key(), "result": "done"})
    nurse.post(f"/helsetilsyn/{course.pk}/nytt/", {"key": key(), "result": "done", "injuries": "Blåmerke."})
    doctor.post(
        f"/personer/{patient.pk}/innkomstkonsultasjon/", {"key": key(), "outcome": "held", "suicide_danger": "present"}
    )
    with cast["doctor"].acting():
        visit, consultation = models.HealthVisit.objects.first(), models.HealthAdmissionConsultation.objects.get()
    nurse.post(f"/helsetilsyn/besok/{visit.pk}/", {"key": key(), "text": "Mer."})
    advice = {"key": key(), "recommend": "consider_ending", "advice": "Vi råder til mer kontakt.", "basis": "LB08"}
    assert doctor.post(f"/post/{letter.pk}/rad/", advice).status_code == 303
    third = notice(cast, who="ung")
    with cast["doctor"].acting():
        waiting = models.MunicipalLetter.objects.get(letter_id=third)
    return {
        "supervision_list": "/helsetilsyn/",
        "supervision": f"/helsetilsyn/{course.pk}/",
        "visit_quick": f"/helsetilsyn/{course.pk}/gjort/",
        "visit_new": f"/helsetilsyn/{course.pk}/nytt/",
        "visit": f"/helsetilsyn/besok/{visit.pk}/",
        "supervision_from_letter": f"/post/{letter.pk}/helsetilsyn/",
        "visit_for_letter": f"/post/{second.pk}/besok/",
        "patient_from_letter": f"/post/{waiting.pk}/pasient/",
        "advice_new": f"/post/{letter.pk}/rad/",
        "consultation_new": f"/personer/{patient.pk}/innkomstkonsultasjon/",
        "consultation": f"/innkomstkonsultasjoner/{consultation.pk}/",
    }, sent


def content_of(answer):
    """Return what a page says itself, without the frame around it."""
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")] if "<main" in page else page


@pytest.mark.obligation("R7.1.2-p")
@pytest.mark.parametrize("persona", ["nurse", "doctor", "health_leader"])
def test_no_page_has_a_word_of_permission(cast, persona):
    doors, _sent = whole_story(cast)
    assert set(doors) == {pattern.name for pattern in urlpatterns}
    client, seen = cast[persona].client(), 0
    for name, door in doors.items():
        assert not WORDS.search(f"{name} {door}"), door
        answer = client.get(door, follow=True)
        assert answer.status_code in (200, 404, 405), door
        seen += answer.status_code == 200
        found = WORDS.search(content_of(answer))
        assert not found, (door, found)
    assert seen >= (2 if persona == "health_leader" else 10)


@pytest.mark.obligation("R7.1.2-p")
def test_no_field_choice_or_letter_has_one():
    texts = [field.name for field in HEALTH_ADVICE.fields] + [str(field.label) for field in HEALTH_ADVICE.fields]
    for form in (
        forms.QuickVisitForm,
        forms.VisitForm,
        forms.ConsultationForm,
        forms.AddendumForm,
        forms.PatientForm,
        forms.AdviceForm,
    ):
        for name, field in form.base_fields.items():
            texts += [
                name,
                str(field.label),
                str(field.help_text),
                *(f"{value} {words}" for value, words in getattr(field, "choices", ())),
            ]
    for model in (models.SupervisionCourse, models.HealthVisit, models.HealthAdmissionConsultation, models.SentAdvice):
        for column in model._meta.get_fields():
            texts += [column.name, *(f"{value} {words}" for value, words in (getattr(column, "choices", None) or ()))]
    assert len(texts) > 100
    assert [text for text in texts if WORDS.search(text)] == []


def test_the_words_would_be_found():
    for text in (
        "Godkjenn bruk av sikkerhetscelle",
        "Klarert av lege",
        "tillat utelukkelse",
        "avslå",
        "frigi",
        "approved",
    ):
        assert WORDS.search(text), text
    assert not WORDS.search("Forklarer pasienten hva som skjer")


def custody(admin):
    """Return a checksum of every custody table but the letters' copies."""
    tables = [
        name
        for (name,) in admin.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'custody' ORDER BY 1"
        ).fetchall()
    ]
    assert len(tables) > 10
    return {
        table: admin.execute(
            f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM custody.{table} t"
        ).fetchone()
        for table in tables
        if table != "consent_custodyletter"
    }


@pytest.mark.obligation("R7.1.2-p")
def test_nothing_health_does_changes_a_row_of_the_prisons(cast, admin):
    before = custody(admin)
    _doors, sent = whole_story(cast)
    assert custody(admin) == before
    # A row that is the prison's own does change the sum, so the sum is worth something.
    ended(cast, sent, at=AT, kind="security_cell")
    admin.execute("UPDATE custody.coordination_person SET cell = 'X-1'")
    assert custody(admin) != before
