"""Advice to the prison: words without a diagnosis, on a basis that holds, answered in the same thread."""

from datetime import timedelta

import pytest

from consent.actions import give_consent, send_letter, withdraw_consent
from consent.letters import identity_of
from consent.models import CustodyLetter, MunicipalLetter
from coordination.models import MunicipalPatient, Person
from follow_up.letters import WORDING
from follow_up.models import SentAdvice
from tests.cast import AT
from tests.follow_up.sending import contact, copy_of, key, notice, taken_on

NECESSARY = "Faren for alvorlig helseskade kan bare avverges slik."


pytestmark = pytest.mark.usefixtures("noon")


def advise(cast, letter, *, persona="nurse", **more):
    """Send the form as a persona."""
    data = {
        "recommend": "more_contact",
        "advice": "La personen møte andre hver dag.",
        "basis": "LB11",
        "necessity": NECESSARY,
        "key": key(),
    }
    return cast[persona].client().post(f"/post/{letter.pk}/rad/", data | more)


def received(cast):
    """Return the advice as the prison has it."""
    with cast["duty_leader"].acting():
        return CustodyLetter.objects.get(kind="health_advice")


@pytest.mark.obligation("R7.1.2-p", "R7.1.3-j")
def test_advice_on_a_cell_needs_no_more_than_the_statute_and_starts_without_a_diagnosis(cast):
    letter, _patient = taken_on(cast, notice(cast, kind="security_cell"))
    page = cast["nurse"].client().get(f"/post/{letter.pk}/rad/").content.decode()
    assert str(WORDING["isolation"]) in page
    assert "ikke diagnoser" in page
    answer = advise(cast, letter, basis="LB08", necessity="")
    assert answer.status_code == 303
    got = received(cast)
    assert (got.basis, got.necessity, got.body["about"]) == ("LB08", "", "isolation")
    assert got.body["recommend"] == "more_contact"
    assert got.in_reply_to == letter.letter_id
    assert (got.awaits, got.rule, got.due_at - got.sent_at) == ("answer", "D31b", timedelta(hours=24))
    with cast["doctor"].acting():
        assert MunicipalLetter.objects.get(kind="health_advice").rule == "D31S"
        assert SentAdvice.objects.get().course is not None


def test_the_statute_on_coercive_means_is_not_offered_for_an_exclusion(cast):
    letter, _patient = taken_on(cast, notice(cast))
    assert 'value="LB08"' not in cast["nurse"].client().get(f"/post/{letter.pk}/rad/").content.decode()
    assert advise(cast, letter, basis="LB08").status_code == 422
    assert advise(cast, letter).status_code == 303


@pytest.mark.obligation("R7.1.3-q")
def test_weighty_interests_must_be_written(cast):
    letter, _patient = taken_on(cast, notice(cast))
    refused = advise(cast, letter, necessity="Fare.", advice="Cella er for kald. Flytt personen.")
    assert refused.status_code == 422
    assert "Cella er for kald." in refused.content.decode()
    assert advise(cast, letter, advice="Cella er for kald. Flytt personen.", recommend="other").status_code == 303
    assert received(cast).necessity == NECESSARY


def test_consent_is_offered_while_it_holds_and_never_after(cast):
    letter, patient = taken_on(cast, notice(cast))
    nurse, url = cast["nurse"].client(), f"/post/{letter.pk}/rad/"
    assert "LB02" not in nurse.get(url).content.decode()
    with cast["nurse"].acting() as actor:
        consent = give_consent(
            actor, MunicipalPatient.objects.get(pk=patient.pk), recipients=[cast.agencies["north"].pk], categories=["health_advice"],
            purpose="Tilrettelegging", valid_from=AT.date() - timedelta(days=3), valid_to=AT.date() + timedelta(days=30), reference="7/26",
            at=AT - timedelta(days=2),
        )  # fmt: skip
    assert f"LB02:{consent.pk}" in nurse.get(url).content.decode()
    assert advise(cast, letter, basis=f"LB02:{consent.pk}", necessity="").status_code == 303
    assert received(cast).basis == "LB02"
    with cast["nurse"].acting():
        consent.refresh_from_db()
        withdraw_consent(consent, note="Muntlig", at=AT)
    assert advise(cast, letter, basis=f"LB02:{consent.pk}", necessity="").status_code == 422


@pytest.mark.obligation("R5.1.2-h")
def test_advice_after_admission_answers_the_request_and_shows_in_the_thread(cast):
    letter, _patient = taken_on(cast, contact(cast))
    answer = advise(cast, letter, advice="Se til personen hver time første natt.", recommend="more_checks")
    assert answer.status_code == 303
    got = received(cast)
    assert got.body["about"] == "intake"
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        body = {
            **identity_of(person),
            "response": "followed",
            "reason": "Tilsyn hver time er satt opp.",
            "measures": "Egen liste.",
        }
        send_letter(actor, "advice_answer", to=cast.agencies["north_health"].pk, person=person, body=body, basis="LB03",
                    necessity="Helsetjenesten trenger svaret for å følge opp.", in_reply_to=got.letter_id)  # fmt: skip
    with cast["nurse"].acting():
        mine = MunicipalLetter.objects.get(kind="health_advice")
        assert mine.answered_at is not None
        assert mine.settled_at is not None
    page = cast["nurse"].client().get(answer.url).content.decode()
    assert "Svar på helsefaglig råd" in page


@pytest.mark.obligation("R7.1.3-i")
def test_that_ending_should_be_considered_reaches_the_prison_which_must_answer(cast):
    letter, _patient = taken_on(cast, notice(cast, kind="security_bed"))
    assert (
        advise(
            cast,
            letter,
            basis="LB08",
            recommend="consider_ending",
            advice="Vi råder til å vurdere om tiltaket kan ta slutt.",
        ).status_code
        == 303
    )
    got = received(cast)
    assert got.body["recommend"] == "consider_ending"
    assert got.awaits == "answer"
    page = cast["duty_leader"].client().get(f"/post/{got.pk}/").content.decode()
    assert "Vi råder til å vurdere om tiltaket kan ta slutt." in page


def test_posting_twice_sends_one_letter(cast):
    letter, _patient = taken_on(cast, notice(cast))
    once = key()
    assert advise(cast, letter, key=once).url == advise(cast, letter, key=once).url
    assert received(cast)


def test_the_postman_says_no_and_nothing_is_saved(cast, admin):
    letter, _patient = taken_on(cast, notice(cast))
    admin.execute(
        "UPDATE base.coordination_agency SET closed_on = '2026-01-01' WHERE id = %s", [cast.agencies["north"].pk]
    )
    refused = advise(cast, letter)
    assert refused.status_code == 422
    assert "La personen møte andre hver dag." in refused.content.decode()
    with cast["nurse"].acting():
        assert not SentAdvice.objects.exists()
        assert not MunicipalLetter.objects.filter(kind="health_advice").exists()


def test_a_letter_about_nobody_yet_cannot_be_answered(cast):
    letter = copy_of(cast, notice(cast))
    assert cast["nurse"].client().get(f"/post/{letter.pk}/rad/").status_code == 404
    assert advise(cast, letter).status_code == 404


@pytest.mark.parametrize("persona", ["health_leader", "duty_leader", "officer", "south_nurse", "trust_intake"])
def test_only_health_personnel_of_the_service_advise(cast, persona):
    letter, _patient = taken_on(cast, notice(cast))
    assert advise(cast, letter, persona=persona).status_code == 404
