"""Who gives a consent, and when it is asked for: age, competence, representatives, interpreter. The rules first."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from consent import actions
from consent.rules import GiverProblem, NarrowProblem, giver_problem, narrow_problem
from coordination import clock
from coordination.people.access import access_person
from coordination.refusals import Refused
from tests.consent.paper import page_text
from tests.consent.post import patient
from tests.consent.signing import somebody, talk_of
from tests.consent.test_consents import typed


@pytest.fixture
def about(cast, monkeypatch):
    """Give a patient of the nurse's team."""
    return somebody(cast, monkeypatch)


# Rules

BORN = date(2000, 1, 1)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "giver", "doubt", "competent", "problem"),
    [
        (BORN, "self", False, None, None),
        (BORN, "parents", False, None, GiverProblem.OLD_ENOUGH),
        (BORN, "next_of_kin", False, None, GiverProblem.OLD_ENOUGH),
        (BORN, "self", True, None, GiverProblem.UNDECIDED),
        (BORN, "self", True, True, None),
        (BORN, "next_of_kin", True, True, GiverProblem.OLD_ENOUGH),
        (BORN, "self", True, False, GiverProblem.NOT_COMPETENT),
        (BORN, "next_of_kin", True, False, None),
        (BORN, "guardian", True, False, None),
        (BORN, "parents", True, False, GiverProblem.OLD_ENOUGH),
        (date(2009, 3, 29), "self", False, None, None),  # 17
        (date(2009, 3, 29), "parents", True, False, None),
        (date(2010, 11, 24), "self", False, None, GiverProblem.TOO_YOUNG),  # 16 tomorrow
        (date(2010, 11, 23), "self", False, None, None),  # 16 today
        (date(2010, 11, 24), "parents", False, None, None),
        (date(2010, 11, 24), "child_welfare", False, None, None),
        (date(2010, 11, 24), "next_of_kin", False, None, GiverProblem.TOO_YOUNG),
    ],
)
def test_who_gives_a_consent(born, giver, doubt, competent, problem):
    named = (
        {"giver_name": "Rolig Hav", "giver_relation": "mor"}
        if giver != "self"
        else {"giver_name": "", "giver_relation": ""}
    )
    assert giver_problem(born, TODAY, given_by=giver, doubt=doubt, competent=competent, **named) is problem


def test_a_representative_has_a_name():
    facts = {"given_by": "parents", "giver_relation": "mor", "doubt": False, "competent": None}
    born = date(2011, 1, 1)
    assert giver_problem(born, TODAY, giver_name=" ", **facts) is GiverProblem.NO_NAME
    assert giver_problem(born, TODAY, giver_name="Rolig Hav", **facts) is None


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (({1}, {"a", "b"}, TODAY), None),
        (({1, 2}, {"a"}, TODAY), None),
        (({1, 2}, {"a", "b"}, TODAY - timedelta(1)), None),
        (({1, 2}, {"a", "b"}, TODAY), NarrowProblem.NOTHING),
        (({1, 2, 3}, {"a"}, TODAY), NarrowProblem.WIDER),
        (({1}, {"a", "c"}, TODAY), NarrowProblem.WIDER),
        (({1}, {"a"}, TODAY + timedelta(1)), NarrowProblem.WIDER),
        ((set(), {"a"}, TODAY), NarrowProblem.EMPTY),
        (({1}, set(), TODAY), NarrowProblem.EMPTY),
    ],
)
def test_a_consent_only_shrinks(new, problem):
    assert narrow_problem(({1, 2}, {"a", "b"}, TODAY), new) is problem


# Who answers


def test_under_sixteen_others_answer(cast, admin):
    pk = patient(cast)
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET birth_date = current_date - 5400 WHERE id = %s", [pk]
    )
    client, url = cast["nurse"].client(), reverse("consent_new", args=[pk])
    form = typed(cast, categories=["health_information"])
    assert "Personen er under 16 år" in page_text(client.post(url, form))
    assert "Skriv navn og tilknytning" in page_text(client.post(url, {**form, "given_by": "parents"}))
    answer = client.post(url, {**form, "given_by": "parents", "giver_name": "Rolig Hav", "giver_relation": "mor"})
    assert answer.status_code == 303
    done = client.post(answer.url + "signer/", {"typed_name": "Rolig Hav"})
    assert "Gitt av Rolig Hav (foreldre eller andre med foreldreansvar, mor)" in page_text(client.get(done.url))


def test_doubt_about_competence_is_decided_by_health_personnel_in_writing(cast, about):
    client, path = cast["nurse"].client(), talk_of(cast, about, doubt="on")
    assert "Helsepersonell må avgjøre den" in page_text(client.get(path))
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422
    assert (
        cast["health_leader"]
        .client()
        .post(path + "kompetanse/", {"k-competent": "yes", "k-reason": "x" * 30})
        .status_code
        == 404
    )
    assert "minst 20 tegn" in page_text(client.post(path + "kompetanse/", {"k-competent": "yes", "k-reason": "Kort"}))
    reason = "Forklarte med egne ord hva samtykket betyr og hva som følger."
    assert client.post(path + "kompetanse/", {"k-competent": "yes", "k-reason": reason}).status_code == 303
    assert reason in page_text(client.get(path))
    assert client.post(path + "kompetanse/", {"k-competent": "no", "k-reason": reason}).status_code == 422
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 303


def test_who_lacks_competence_does_not_sign_and_the_next_of_kin_does(cast, about):
    client = cast["nurse"].client()
    path = talk_of(cast, about, doubt="on", given_by="self")
    reason = "Akutt forvirret, forstår ikke hvem som får opplysningene."
    assert client.post(path + "kompetanse/", {"k-competent": "no", "k-reason": reason}).status_code == 303
    assert "mangler samtykkekompetanse" in page_text(client.post(path + "signer/", {"typed_name": "Blid Fiolin"}))
    kin = talk_of(cast, about, doubt="on", given_by="next_of_kin", giver_name="Rolig Hav", giver_relation="søster")
    assert client.post(kin + "kompetanse/", {"k-competent": "no", "k-reason": reason}).status_code == 303
    assert client.post(kin + "signer/", {"typed_name": "Rolig Hav"}).status_code == 303


def test_a_prison_decides_no_competence(cast):
    client = cast["duty_leader"].client()
    health = [str(cast.agencies["north_health"].pk)]
    path = talk_of(
        cast, cast.people["fiolin"], "duty_leader", doubt="on", recipients=health, categories=["needs_mapping"]
    )
    assert client.post(path + "kompetanse/", {"k-competent": "yes", "k-reason": "x" * 40}).status_code == 404
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422


def test_who_needs_an_interpreter_gets_one(cast, about, admin):
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET interpreter_needed = true WHERE id = %s", [about]
    )
    client, url = cast["nurse"].client(), reverse("consent_new", args=[about])
    refused = client.post(url, typed(cast))
    assert refused.status_code == 422
    assert "registrert med behov for tolk" in page_text(refused)
    assert client.post(url, typed(cast, interpreter="present")).status_code == 303


# Is it needed?


@pytest.mark.obligation("R6.3-a")
def test_the_question_is_asked_once_a_step_answered_with_a_reason_and_holds_the_step(cast, about):
    step = uuid4()
    with cast["nurse"].acting() as actor:
        person = access_person(actor, about)
        first = actions.ask_if_needed(actor, person, "recovery", step, at=clock.now())
        assert actions.ask_if_needed(actor, person, "recovery", step, at=clock.now()).pk == first.pk
        with pytest.raises(Refused) as held:
            actions.must_be_answered(actor, "recovery", step)
        assert held.value.code == "consent_question"
    client = cast["nurse"].client()
    assert "Vurder om det trengs samtykke" in page_text(client.get(reverse("today")))
    assert "ved søknad til rusmestringsenhet" in page_text(client.get(reverse("consents", args=[about])))
    url = reverse("consent_question", args=[first.pk])
    assert f'href="{url}"' in client.get(reverse("today")).content.decode()
    assert client.post(url, {"needed": "yes"}).status_code == 422
    answer = client.post(url, {"needed": "yes", "reason": "Skal planlegge sammen."})
    assert (answer.status_code, answer.url) == (303, reverse("consent_new", args=[about]))
    assert client.post(url, {"needed": "no", "reason": "Angret"}).status_code == 422
    assert "Skal planlegge sammen." in page_text(client.get(reverse("consents", args=[about])))
    assert f'href="{url}"' not in client.get(reverse("today")).content.decode()
    with cast["nurse"].acting() as actor:
        actions.must_be_answered(actor, "recovery", step)
