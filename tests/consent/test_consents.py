"""Consents through HTTP: given, shown, run out, withdrawn; and what a withdrawal stops."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent import letters
from consent.access import consents_for, correspondents, outbox
from consent.actions import Undelivered, give_consent, send_letter, withdraw_consent
from consent.letters import identity_of
from consent.rules import Standing, standing
from coordination import clock
from coordination.models import StaleWrite
from coordination.people.access import access_person
from coordination.reference import consent_text_on
from coordination.refusals import Refused
from tests.cast import AT, PERSONAS
from tests.consent.paper import REPLY, page_text
from tests.consent.post import given, patient

D = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "end", "withdrawn", "expected"),
    [
        (D, D, None, Standing.IN_FORCE),
        (D - timedelta(1), D + timedelta(1), None, Standing.IN_FORCE),
        (D + timedelta(1), D + timedelta(9), None, Standing.COMING),
        (D - timedelta(9), D - timedelta(1), None, Standing.EXPIRED),
        (D, D, AT, Standing.WITHDRAWN),
        (D + timedelta(1), D + timedelta(9), AT, Standing.WITHDRAWN),
    ],
)
def test_how_a_consent_stands(start, end, withdrawn, expected):
    assert standing(start, end, withdrawn, D) is expected


@pytest.fixture
def about(cast, monkeypatch):
    """Give a patient of the nurse's team; the test kind of the nurse's letter is known."""
    from consent.reference_data import load_kinds

    monkeypatch.setitem(letters.KINDS, REPLY.code, REPLY)
    load_kinds()
    return patient(cast)


def typed(cast, **more):
    """Return a filled-in form."""
    today = clock.local_date(clock.now())
    return {
        "key": str(uuid4()),
        "recipients": [str(cast.agencies["north"].pk)],
        "categories": ["test"],
        "purpose": "Planlegge oppfølging",
        "valid_from": f"{today:%d.%m.%Y}",
        "valid_to": f"{today + timedelta(days=90):%d.%m.%Y}",
        "language": "nb",
        "interpreter": "not_needed",
        "told": list(consent_text_on("sharing", today).points),
        "given_by": "self",
        **more,
    }


@pytest.mark.obligation("R6.3-b", "R6.3-c", "R6.3-e")
def test_a_consent_is_written_informed_and_kept_with_the_agencys_own_reference(cast, about):
    nurse = cast["nurse"].client()
    url = reverse("consent_new", args=[about])
    assert nurse.get(url).status_code == 200
    for missing, words in (
        ("told", "Gå gjennom alle punktene med personen"),
        ("language", "Velg språk i skjemaet"),
        ("interpreter", "Velg om det ble brukt tolk"),
        ("recipients", "Velg hvem som kan få opplysningene"),
        ("categories", "Velg hva som kan deles"),
        ("purpose", "Skriv hva opplysningene skal brukes til"),
        ("valid_to", "Skriv datoen samtykket gjelder til"),
    ):
        refused = nurse.post(url, {name: value for name, value in typed(cast).items() if name != missing})
        assert refused.status_code == 422, missing
        assert words in page_text(refused), missing
    half = nurse.post(url, typed(cast, told=["what", "who"]))
    assert half.status_code == 422
    assert "Uten det er samtykket ikke gyldig" in page_text(half)
    stranger = nurse.post(url, typed(cast, recipients=[str(cast.agencies["other_trust"].pk)]))
    assert stranger.status_code == 422
    backwards = nurse.post(url, typed(cast, valid_to="01.01.2020", purpose="Noe helt eget"))
    assert "Sluttdatoen må komme etter startdatoen" in page_text(backwards)
    assert 'value="Noe helt eget"' in backwards.content.decode()
    explained = nurse.post(url, typed(cast))
    assert explained.status_code == 303
    # Explained is not agreed: nothing can be sent yet, and without a signature it never becomes a consent.
    with cast["nurse"].acting() as actor:
        assert consents_for(actor, about).count() == 0
    sign = explained.url + "signer/"
    unsigned = nurse.post(sign, {"own_reference": "S-77"})
    assert unsigned.status_code == 422
    assert "Legg ved det signerte skjemaet" in page_text(unsigned)
    assert 'value="S-77"' in unsigned.content.decode()
    assert nurse.post(sign, {"typed_name": "Blid Fiolin", "own_reference": "S-77"}).status_code == 303
    text = page_text(nurse.get(reverse("consents", args=[about])))
    assert "Planlegge oppfølging" in text
    assert "Signert elektronisk" in text
    assert "Referanse S-77" in text
    assert "registrert av Sykepleier Nurse" in text
    assert "Prøveby fengsel north" in text
    person = page_text(nurse.get(reverse("person", args=[about])))
    assert "Samtykker Prøveby fengsel north" in person


def test_a_form_sent_twice_is_saved_once(cast, about):
    nurse, form = cast["nurse"].client(), typed(cast)
    answers = {nurse.post(reverse("consent_new", args=[about]), form).url for _turn in range(3)}
    assert len(answers) == 1
    sign = answers.pop() + "signer/"
    signed = {nurse.post(sign, {"typed_name": "Blid Fiolin"}).url for _turn in range(3)}
    assert len(signed) == 1
    with cast["nurse"].acting() as actor:
        assert consents_for(actor, about).count() == 1
        assert outbox(actor).filter(kind="consent_notice").count() == 1


@pytest.mark.obligation("R6.3-d")
def test_prison_and_health_each_keep_their_own(cast, about):
    with cast["officer"].acting() as actor:
        now = clock.now()
        person = access_person(actor, cast.people["fiolin"])
        today = clock.local_date(now)
        give_consent(
            actor,
            person,
            recipients=[cast.agencies["north_health"].pk],
            categories=["test"],
            purpose="Fengselets",
            valid_from=today,
            valid_to=today,
            reference="K-1",
            at=now,
        )
    given(cast, about, "nurse", purpose="Helsetjenestens")
    prison = page_text(cast["officer"].client().get(reverse("consents", args=[cast.people["fiolin"]])))
    health = page_text(cast["nurse"].client().get(reverse("consents", args=[about])))
    assert ("Fengselets" in prison, "Helsetjenestens" in prison) == (True, False)
    assert ("Fengselets" in health, "Helsetjenestens" in health) == (False, True)


def advise(cast, who, about, consent):
    """Send the test letter on a consent."""
    with cast[who].acting() as actor:
        person = access_person(actor, about)
        body = {**identity_of(person), "advice": "Se til personen."}
        return send_letter(
            actor, REPLY.code, to=cast.agencies["north"].pk, person=person, body=body, basis="LB02", consent=consent
        )


@pytest.mark.obligation("R6.2-e", "RM7-d")
def test_withdrawn_in_the_browser_stops_the_next_letter_and_leaves_the_last(cast, about, admin):
    consent = given(cast, about)
    advise(cast, "nurse", about, consent)
    nurse = cast["nurse"].client()
    answer = nurse.post(reverse("consent_withdraw", args=[consent]), {"note": "Vil ikke mer"})
    assert (answer.status_code, answer.url) == (303, reverse("consents", args=[about]))
    page = nurse.get(reverse("consents", args=[about]))
    assert "Trukket tilbake" in page_text(page)
    assert "Vil ikke mer" in page_text(page)
    assert "Prøvesvar" in page_text(page)  # what was shared is still told
    assert reverse("consent_withdraw", args=[consent]) not in page.content.decode()
    with pytest.raises(Undelivered) as refused:
        advise(cast, "nurse", about, consent)
    assert refused.value.code == "proof"
    # Pressing again changes nothing and says the same.
    when = admin.execute("SELECT withdrawn_at FROM municipal_health.consent_municipalconsent").fetchone()
    assert nurse.post(reverse("consent_withdraw", args=[consent])).status_code == 303
    assert admin.execute("SELECT withdrawn_at FROM municipal_health.consent_municipalconsent").fetchone() == when


def test_two_withdraw_at_once(cast, about):
    consent = given(cast, about)
    with cast["nurse"].acting() as actor:
        first, second = (consents_for(actor, about).get(pk=consent) for _turn in range(2))
        withdraw_consent(first, note="", at=clock.now())
        with pytest.raises(StaleWrite):
            withdraw_consent(second, note="", at=clock.now())
        with pytest.raises(Refused):
            withdraw_consent(first, note="", at=clock.now())


def test_what_has_run_out_is_shown_as_that(cast, about, monkeypatch):
    given(cast, about)
    page = cast["nurse"].client().get(reverse("consents", args=[about]))
    assert page.context["current"]
    assert not page.context["former"]
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = cast["nurse"].client().get(reverse("consents", args=[about]))
    assert not page.context["current"]
    assert "Utløpt" in page_text(page)


@pytest.mark.parametrize("name", PERSONAS)
def test_only_those_who_see_the_person_see_the_consents(cast, about, name):
    consent = given(cast, about)
    client = cast[name].client()
    may = name in {"nurse", "doctor", "health_leader"}
    for url in (reverse("consents", args=[about]), reverse("consent_new", args=[about])):
        assert client.get(url).status_code == (200 if may else 404)
    assert client.post(reverse("consent_new", args=[about]), typed(cast)).status_code == (303 if may else 404)
    assert client.post(reverse("consent_withdraw", args=[consent])).status_code == (303 if may else 404)
    assert client.post(reverse("consent_withdraw", args=[uuid4()])).status_code == 404


def test_whom_an_agency_may_name(cast):
    expected = {
        "officer": {"north_health", "trust"},
        "nurse": {"north", "trust"},
        "trust_intake": {"north", "south", "north_health", "south_health"},
        "other_trust_intake": set(),
    }
    names = {agency.pk: name for name, agency in cast.agencies.items()}
    for who, near in expected.items():
        with cast[who].acting() as actor:
            assert {names[agency.pk] for agency in correspondents(actor)} == near


def test_the_page_asks_the_same_for_one_and_for_thirty(cast, about):
    client, url = cast["nurse"].client(), reverse("consents", args=[about])
    person = reverse("person", args=[about])

    def count(page) -> int:
        client.get(page)
        with CaptureQueriesContext(connections["default"]) as caught:
            assert client.get(page).status_code == 200
        return len(caught)

    given(cast, about)
    one = count(url), count(person)
    for _turn in range(29):
        given(cast, about)
    assert (count(url), count(person)) == one
    assert len(re.findall("Trekk samtykket tilbake", page_text(client.get(url)))) == 30
