"""The prison's question before it decides, the advice in reply and how it was weighed; and the supervision record on paper."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from consent.models import CustodyLetter, MunicipalLetter
from coordination.models import UnitTransfer
from follow_up.actions import reports
from follow_up.models import SupervisionCourse
from isolation.models import AdviceAnswer, AdviceRequest, MoveAdvice
from tests.cast import AT
from tests.follow_up.sending import copy_of, key, notice, taken_on

pytestmark = pytest.mark.usefixtures("noon")


def ask(cast, *, who="duty_leader", **more):
    """Ask for advice through the prison's form."""
    data = {"key": key(), "about": "transfer", "question": "Vi vurderer å flytte personen til annen avdeling."}
    return cast[who].client().post(f"/isolasjon/person/{cast.people['fiolin']}/rad/", data | more)


@pytest.mark.obligation("R5.2.1-n", "R5.2.2-c")
def test_the_prison_asks_before_it_decides_and_answers_how_the_advice_was_used(cast):
    page = cast["duty_leader"].client().get(f"/personer/{cast.people['fiolin']}/").content.decode()
    assert "Be om helsefaglig råd" in page
    assert ask(cast, question=" ").status_code == 422
    assert ask(cast).status_code == 303
    with cast["duty_leader"].acting():
        sent = CustodyLetter.objects.get(kind="health_advice_request")
        assert AdviceRequest.objects.get().letter_id == sent.letter_id
        assert (sent.awaits, sent.due_at - sent.sent_at) == ("answer", timedelta(hours=24))
    letter, _patient = taken_on(cast, sent.letter_id)
    opened = cast["nurse"].client().get(f"/post/{letter.pk}/").content.decode()
    assert f"/post/{letter.pk}/rad/" in opened
    assert "innkomstkonsultasjon" not in opened.lower()[opened.index("<main") :]
    advice = {
        "key": key(), "recommend": "other", "advice": "Flytting bør vente til over helgen av hensyn til pågående oppfølging.", "basis": "LB11",
        "necessity": "Alvorlig helserisiko kan bare avverges ved at rådet gis.",
    }  # fmt: skip
    assert cast["doctor"].client().post(f"/post/{letter.pk}/rad/", advice).status_code == 303
    with cast["duty_leader"].acting():
        got = CustodyLetter.objects.get(kind="health_advice")
        assert got.body["about"] == "other"
        assert CustodyLetter.objects.get(letter_id=sent.letter_id).answered_at is not None
    answer = {"response": "followed", "reason": "Flyttingen er utsatt til mandag.", "steps": ""}
    assert cast["warden"].client().post(f"/isolasjon/rad/{got.pk}/", answer).status_code == 303
    with cast["warden"].acting():
        assert AdviceAnswer.objects.get().reason == "Flyttingen er utsatt til mandag."
    with cast["nurse"].acting():
        assert MunicipalLetter.objects.get(kind="advice_answer").body["response"] == "followed"


def test_pressing_twice_asks_once_and_only_those_who_decide_ask(cast):
    once = key()
    assert ask(cast, key=once).status_code == ask(cast, key=once).status_code == 303
    with cast["duty_leader"].acting():
        assert AdviceRequest.objects.count() == 1
    for who in ("officer", "release_caseworker", "south_duty_leader", "nurse", "region"):
        assert ask(cast, who=who).status_code == 404, who
        assert cast[who].client().get(f"/isolasjon/person/{cast.people['fiolin']}/rad/").status_code == 404, who


@pytest.mark.obligation("R7.1.3-k")
def test_the_record_on_paper_holds_injuries_and_stays_in_the_health_world(cast):
    taken_on(cast, notice(cast, kind="security_cell"))
    with cast["doctor"].acting():
        pk = SupervisionCourse.objects.get().pk
    nurse = cast["nurse"].client()
    nurse.post(
        f"/helsetilsyn/{pk}/nytt/", {"key": key(), "result": "done", "injuries": "Blåmerke på venstre håndledd."}
    )
    paper = nurse.get(f"/helsetilsyn/{pk}/journal/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert paper.content.startswith(b"%PDF-")
    from follow_up.documents import journal

    with cast["nurse"].acting() as actor:
        told = journal(actor, SupervisionCourse.objects.select_related("person", "prison").get(), AT)
    assert "Blåmerke på venstre håndledd." in str(told["visits"])
    assert told["printed_by"]
    for who in ("health_leader", "duty_leader", "warden", "south_nurse", "trust_intake"):
        assert cast[who].client().get(f"/helsetilsyn/{pk}/journal/").status_code == 404, who


def test_the_lists_cost_the_same_with_thirty_rows(cast):
    nurse = cast["nurse"].client()

    def tell(how_many):
        with cast["nurse"].acting() as actor:
            for _number in range(how_many):
                reports.report_environment(
                    actor, cast.agencies["north"].pk, key=uuid4(), place="Celle", aspects=["noise"], finding="Støy.", suggestion="Tett lufta.",
                )  # fmt: skip

    def queries(path):
        nurse.get(path)
        with CaptureQueriesContext(connections["default"]) as captured:
            assert nurse.get(path).status_code == 200
        return len(captured)

    tell(1)
    few = queries("/omgivelser/")
    tell(29)
    assert queries("/omgivelser/") == few


def test_a_letter_known_as_nobodys_does_not_offer_a_patient(cast):
    letter = copy_of(cast, notice(cast))
    assert "Opprett pasient" in cast["nurse"].client().get(f"/post/{letter.pk}/").content.decode()
    with cast["nurse"].acting() as actor:
        row = reports.report_environment(
            actor, cast.agencies["north"].pk, key=uuid4(), place="Celle", aspects=["noise"], finding="Støy.", suggestion="Tett lufta.",
        )  # fmt: skip
    assert "Opprett pasient" not in cast["nurse"].client().get(f"/post/{row.pk}/").content.decode()


@pytest.mark.obligation("R5.2.1-n")
def test_a_move_shows_the_advice_first_and_is_linked_to_what_lay_before_it(cast):
    person, client = cast.people["fiolin"], cast["duty_leader"].client()
    url = f"/personer/{person}/flytt/"
    assert "Innhent råd først så langt det er mulig" in client.get(url).content.decode()
    ask(cast)
    assert "har ikke svart ennå" in client.get(url).content.decode()
    with cast["duty_leader"].acting():
        sent = CustodyLetter.objects.get(kind="health_advice_request")
    letter, _patient = taken_on(cast, sent.letter_id)
    advice = {
        "key": key(), "recommend": "other", "advice": "Vent med flyttingen til over helgen.", "basis": "LB11",
        "necessity": "Alvorlig helserisiko kan bare avverges ved at rådet gis.",
    }  # fmt: skip
    cast["doctor"].client().post(f"/post/{letter.pk}/rad/", advice)
    page = client.get(url).content.decode()
    assert "Vent med flyttingen til over helgen." in page
    assert "Dere har ikke svart på rådet" in page
    with cast["duty_leader"].acting():
        got = CustodyLetter.objects.get(kind="health_advice")
    client.post(f"/isolasjon/rad/{got.pk}/", {"response": "partly", "reason": "Vi venter til søndag.", "steps": ""})
    version = re.search(r'name="version" value="(\d+)"', client.get(url).content.decode())[1]
    typed = {"unit": str(cast.units["north_b"].pk), "cell": "B-1", "version": version}
    assert "Vi venter til søndag." in client.post(url, typed).content.decode()
    assert client.post(url, typed | {"confirmed": "1"}).status_code == 303
    with cast["duty_leader"].acting():
        row = MoveAdvice.objects.get()
        assert (row.advice_letter, row.destination) == (got.letter_id, "Avdeling B")
        assert UnitTransfer.objects.get(pk=row.transfer).to_unit_id == cast.units["north_b"].pk
    assert "etter helsefaglig råd" in client.get(f"/personer/{person}/").content.decode()
    # The next move is another decision: what was weighed once is not weighed again.
    assert "Innhent råd først" in client.get(url).content.decode()
