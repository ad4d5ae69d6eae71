"""Findings about places: facts about nobody, carried by a postman who lets no person in, and answered by the prison."""

import re

import pytest

from consent.actions import Undelivered, send_letter
from consent.models import CustodyLetter, MunicipalLetter
from coordination.models import MunicipalPatient
from tests.cast import AT
from tests.consent.post import refused
from tests.follow_up.sending import key, notice, taken_on
from tests.follow_up.test_supervision import course

BODY = {"place": "Celle A-12", "aspects": ["temperature"], "finding": "16 grader.", "suggestion": "Mer varme."}


def tell(cast, *, who="nurse", prison="north", **more):
    """Send findings through the form."""
    data = {
        "key": key(), "prison": str(cast.agencies[prison].pk), "place": "Celle A-12", "aspects": ["temperature", "light"],
        "finding": "16 grader, og vinduet er dekket.", "suggestion": "Reparer ovnen, og fjern dekket.",
    }  # fmt: skip
    return cast[who].client().post("/omgivelser/nytt/", data | more)


def received(cast, who="duty_leader"):
    """Return the findings as the prison has them."""
    with cast[who].acting():
        return CustodyLetter.objects.get(kind="environment_findings")


@pytest.mark.obligation("R7.1.3-p", "R7.1.3-q", "R5.2.2-c")
def test_findings_go_as_facts_about_nobody_and_are_answered(cast):
    assert tell(cast).status_code == 303
    got = received(cast)
    assert (got.person_id, got.basis, got.awaits) == (None, "LB15", "answer")
    assert got.body["aspects"] == ["temperature", "light"]
    warden, url = cast["warden"].client(), f"/isolasjon/omgivelser/{got.pk}/"
    assert f"{url}" in warden.get(f"/post/{got.pk}/").content.decode()
    assert "16 grader" in warden.get(url).content.decode()
    assert warden.post(url, {"response": "planned", "reason": ""}).status_code == 422
    for _press in range(2):
        done = warden.post(url, {"response": "planned", "reason": "Ovn er bestilt.", "steps": "Leveres torsdag."})
        assert done.status_code == 303
    with cast["nurse"].acting():
        answers = list(MunicipalLetter.objects.filter(kind="environment_answer"))
        assert [row.body["reason"] for row in answers] == ["Ovn er bestilt."]
        assert answers[0].person_id is None
    page = cast["nurse"].client().get("/omgivelser/").content.decode()
    assert "Celle A-12" in page
    assert "Besvart" in page


def test_the_page_of_the_letter_opens_on_both_sides(cast):
    tell(cast)
    got = received(cast)
    assert "Celle A-12" in cast["duty_leader"].client().get(f"/post/{got.pk}/").content.decode()
    with cast["nurse"].acting():
        mine = MunicipalLetter.objects.get(kind="environment_findings")
    for box in ("/post/sendt/", f"/post/{mine.pk}/", "/"):
        assert cast["nurse"].client().get(box).status_code == 200, box
    assert cast["nurse"].client().get(f"/post/{mine.pk}/pdf/").status_code == 200


def test_what_was_lacking_at_a_visit_is_offered_without_the_patient(cast, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    taken_on(cast, notice(cast))
    row = course(cast)
    visit = (
        cast["nurse"]
        .client()
        .post(f"/helsetilsyn/{row.pk}/nytt/", {"key": key(), "result": "done", "light": "lacking"})
    )
    page = cast["nurse"].client().get(visit.url).content.decode()
    assert "/omgivelser/nytt/?gjelder=light" in page
    offered = cast["nurse"].client().get("/omgivelser/nytt/?gjelder=light").content.decode()
    assert "Fiolin" not in offered[offered.index("<main") :]
    assert re.search(r'value="light"[^>]*checked', offered)


def test_pressing_twice_sends_once(cast):
    once = key()
    assert tell(cast, key=once).status_code == tell(cast, key=once).status_code == 303
    assert received(cast)


def test_the_postman_lets_no_person_into_a_letter_about_nobody_and_needs_one_in_every_other(cast):
    letter, patient = taken_on(cast, notice(cast))
    north = cast.agencies["north"].pk
    with cast["nurse"].acting() as actor:
        person = MunicipalPatient.objects.get(pk=patient.pk)
        with pytest.raises(Undelivered) as caught:
            send_letter(actor, "environment_findings", to=north, person=person, body=BODY, basis="LB15")
        assert caught.value.code == "person"
        with pytest.raises(Undelivered) as caught:
            send_letter(
                actor, "health_advice", to=north, person=None, body={}, basis="LB11", necessity="x" * 30,
                in_reply_to=letter.letter_id,
            )  # fmt: skip
        assert caught.value.code.split(":")[0] in ("person", "missing")
        with pytest.raises(Undelivered) as caught:
            send_letter(
                actor, "environment_findings", to=north, person=None, body=BODY, basis="LB11", necessity="x" * 30
            )
        assert caught.value.code == "basis"
        with pytest.raises(Undelivered) as caught:
            send_letter(
                actor,
                "environment_findings",
                to=north,
                person=None,
                body={**BODY, "family_name": "Fiolin"},
                basis="LB15",
            )
        assert caught.value.code.startswith("field")
        assert send_letter(actor, "environment_findings", to=north, person=None, body=BODY, basis="LB15")


def test_the_postman_asks_for_a_person_where_a_kind_names_one(cast, admin):
    """A kind with a place for a name is about somebody, whatever its grounds."""
    admin.execute(
        'UPDATE base.consent_letterkindrow SET fields = fields || \'[{"name": "family_name", "type": "string", "form": "text",'
        " \"required\": false}]' WHERE code = 'environment_findings'"
    )
    from tests.consent.post import deliver

    with cast["nurse"].acting(), refused("person"):
        deliver(recipient=cast.agencies["north"].pk, what="environment_findings", body=BODY, about=None, ground="LB15")


def test_nobody_beside_the_desk_and_the_leaders_reads_it(cast):
    tell(cast)
    got = received(cast)
    for who in ("officer", "officer_b", "contact_officer"):
        with cast[who].acting():
            assert not CustodyLetter.objects.filter(kind="environment_findings").exists(), who
    for who in ("officer", "release_caseworker", "south_duty_leader", "nurse", "region"):
        client = cast[who].client()
        assert client.get(f"/isolasjon/omgivelser/{got.pk}/").status_code == 404, who
        assert client.post(f"/isolasjon/omgivelser/{got.pk}/", {"response": "done", "reason": "x"}).status_code == 404
    with cast["south_duty_leader"].acting():
        assert not CustodyLetter.objects.exists()
    with cast["south_nurse"].acting():
        assert not MunicipalLetter.objects.exists()


def test_only_prisons_that_the_service_serves(cast):
    assert tell(cast, prison="south").status_code == 422
    for who in ("health_leader", "duty_leader", "trust_intake"):
        assert tell(cast, who=who).status_code == 404
        assert cast[who].client().get("/omgivelser/").status_code == 404
    assert tell(cast).status_code == 303
