"""A report of harm: sent as it is saved, acknowledged within half an hour, decided within two hours, and never with a diagnosis."""

from datetime import timedelta

import pytest

from consent.models import CustodyLetter, MunicipalLetter
from coordination.clock import OSLO
from coordination.deadlines import ABOVE, RULES
from coordination.models import CustodyDeadline, MunicipalDeadline, Role
from coordination.models.deadlines import Strength
from follow_up.models import HarmReport, SupervisionCourse
from isolation.models import HarmDecision
from tests.follow_up.sending import key, notice, taken_on

SECRET = "KANARI-HELSE hallusinerer."
NECESSARY = "Faren for alvorlig helseskade kan bare avverges slik."


def report(cast, *, who="nurse", **more):
    """Report harm through the form."""
    with cast["doctor"].acting():
        pk = SupervisionCourse.objects.get().pk
    data = {
        "key": key(), "finding": "end", "advice": "Vi råder til at tiltaket tar slutt, og at personen møter andre i dag.", "basis": "LB11",
        "necessity": NECESSARY, "call": "55 55 55 55", "observed": SECRET,
    }  # fmt: skip
    return cast[who].client().post(f"/helsetilsyn/{pk}/skade/", data | more)


def received(cast):
    """Return the report as the prison has it."""
    with cast["duty_leader"].acting():
        return CustodyLetter.objects.get(kind="harm_report")


def later(monkeypatch, letter, **time):
    """Let the views read a clock so long after the report."""
    instant = letter.sent_at + timedelta(**time)
    monkeypatch.setattr("coordination.clock.now", lambda: instant)
    return instant


def prison_clocks(cast):
    """Return the prison's open deadlines about harm."""
    with cast["duty_leader"].acting():
        return {row.rule: row.due_at for row in CustodyDeadline.objects.filter(closed_at=None, rule="D31")}


@pytest.fixture
def isolated(cast):
    """Somebody excluded, taken on by the health service."""
    return taken_on(cast, notice(cast))


@pytest.mark.obligation("R7.1.3-h", "R7.1.3-i")
def test_it_is_sent_in_the_same_step_and_says_that_there_is_harm_and_never_which(cast, isolated):
    answer = report(cast)
    assert answer.status_code == 303
    got = received(cast)
    assert (got.awaits, got.rule, got.due_at - got.sent_at) == ("acknowledgement", "D31a", timedelta(minutes=30))
    assert got.body["finding"] == "end"
    assert set(got.body) == {"family_name", "given_name", "birth_date", "finding", "found_at", "advice", "call"}
    assert SECRET not in str(got.body)
    with cast["doctor"].acting():
        row = HarmReport.objects.get()
        mine = {d.rule: d.due_at - d.starts_at for d in MunicipalDeadline.objects.filter(rule="D31h")}
        assert MunicipalLetter.objects.get(letter_id=row.letter_id).rule == "D31T"
    assert row.letter_id == got.letter_id
    assert row.observed == SECRET
    assert mine == {"D31h": timedelta(hours=2)}
    assert SECRET in cast["doctor"].client().get(answer.url).content.decode()


@pytest.mark.obligation("R7.1.3-h")
def test_warden_and_duty_leader_are_told_at_once_and_again_when_nobody_does_anything():
    for code in ("D31a", "D31"):
        rule = RULES[code]
        assert rule.strength == Strength.MUST
        first, *_middle, last, region = rule.steps
        assert first.from_start
        assert first.after == timedelta()
        assert {Role.WARDEN, Role.DUTY_LEADER} <= set(first.audience)
        assert last.severity == "overdue"
        assert Role.WARDEN in last.audience
        assert region.audience == ABOVE
        assert region.severity == "overdue"
    assert Role.HEALTH_LEADER in RULES["D31h"].steps[-1].audience


@pytest.mark.obligation("R7.1.3-h", "R7.1.3-i", "R7.1.2-g")
def test_the_prison_acknowledges_decides_and_the_health_service_sees_it(cast, isolated, monkeypatch):
    shown = report(cast).url
    got = received(cast)
    warden = cast["warden"].client()
    later(monkeypatch, got, minutes=10)
    page = warden.get(f"/isolasjon/skademelding/{got.pk}/").content.decode()
    assert "Av hensyn til helsen bør tiltaket ta slutt" in page
    assert "personen møter andre i dag" in page
    assert "KANARI" not in page
    assert warden.post(f"/isolasjon/skademelding/{got.pk}/kvitter/").status_code == 303
    assert received(cast).acknowledged_at is not None
    assert prison_clocks(cast) == {"D31": got.sent_at + timedelta(hours=2)}
    empty = warden.post(f"/isolasjon/skademelding/{got.pk}/", {"outcome": "kept", "reason": " "})
    assert empty.status_code == 422
    done = warden.post(
        f"/isolasjon/skademelding/{got.pk}/",
        {"outcome": "kept", "reason": "Fare for andre.", "steps": "Samtale hver time."},
    )
    assert done.status_code == 303
    assert prison_clocks(cast) == {}
    with cast["warden"].acting():
        row = HarmDecision.objects.get()
        assert (row.outcome, row.region_called_at) == ("kept", None)
    page = cast["nurse"].client().get(shown).content.decode()
    for words in ("Tiltaket fortsetter", "Fare for andre.", "Samtale hver time."):
        assert words in page
    with cast["doctor"].acting():
        assert not MunicipalDeadline.objects.filter(rule="D31h", closed_at=None).exists()


@pytest.mark.obligation("R7.1.3-h", "R7.1.3-i")
def test_unanswered_it_is_red_on_both_sides(cast, isolated, monkeypatch):
    report(cast)
    got = received(cast)
    later(monkeypatch, got, hours=2, minutes=5)
    prison = cast["warden"].client().get("/").content.decode()
    assert prison_clocks(cast) == {"D31": got.sent_at + timedelta(hours=2)}
    assert "Bestem etter melding om skadevirkninger" in prison
    assert 'data-deadline="overdue"' in prison
    health = cast["nurse"].client().get("/").content.decode()
    assert "Svar fra fengselet på melding om skade" in health
    assert 'data-deadline="overdue"' in health


@pytest.mark.obligation("R7.1.3-i")
def test_later_than_two_hours_the_region_is_rung_and_it_is_written_down(cast, isolated, monkeypatch):
    report(cast)
    got = received(cast)
    at = later(monkeypatch, got, hours=3)
    warden, url = cast["warden"].client(), f"/isolasjon/skademelding/{got.pk}/"
    page = warden.get(url).content.decode()
    assert "Region prøve har fått et varsel uten navn. Ring vakten der" in page
    facts = {"outcome": "eased", "reason": "Mer tid ute fra i dag."}
    assert warden.post(url, facts).status_code == 422
    called = (at - timedelta(minutes=20)).astimezone(OSLO)
    facts |= {
        "region_contact": "Vakt i regionen", "region_called_at_0": f"{called:%d.%m.%Y}", "region_called_at_1": f"{called:%H.%M}",
    }  # fmt: skip
    assert warden.post(url, facts).status_code == 303
    with cast["warden"].acting():
        row = HarmDecision.objects.get()
    assert row.region_contact == "Vakt i regionen"
    assert row.region_called_at == called.replace(second=0, microsecond=0)


def test_pressing_twice_sends_one_report_and_one_answer(cast, isolated):
    once = key()
    assert report(cast, key=once).url == report(cast, key=once).url
    got = received(cast)
    url = f"/isolasjon/skademelding/{got.pk}/"
    for outcome in ("kept", "ended"):
        assert cast["warden"].client().post(url, {"outcome": outcome, "reason": "Fare."}).status_code == 303
    with cast["warden"].acting():
        assert HarmDecision.objects.get().outcome == "kept"
        assert CustodyLetter.objects.filter(kind="harm_answer").count() == 1


def test_the_basis_must_hold(cast, isolated):
    assert report(cast, basis="LB08").status_code == 422
    kept = report(cast, necessity="Fare.")
    assert kept.status_code == 422
    assert SECRET in kept.content.decode()
    assert report(cast).status_code == 303


@pytest.mark.parametrize("who", ["health_leader", "south_nurse", "duty_leader", "trust_clinician"])
def test_only_health_personnel_report(cast, isolated, who):
    assert report(cast, who=who).status_code == 404


@pytest.mark.parametrize("who", ["officer", "release_caseworker", "south_duty_leader", "nurse", "region"])
def test_only_those_who_decide_answer(cast, isolated, who):
    report(cast)
    got = received(cast)
    client = cast[who].client()
    assert client.get(f"/isolasjon/skademelding/{got.pk}/").status_code == 404
    assert client.post(f"/isolasjon/skademelding/{got.pk}/", {"outcome": "kept", "reason": "Fare."}).status_code == 404
    assert client.post(f"/isolasjon/skademelding/{got.pk}/kvitter/").status_code == 404
