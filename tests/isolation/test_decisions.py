"""Deciding on a measure: who may, what it must say, and that the doctor hears of it in the same step or nothing is saved."""

import threading
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.http import Http404

from coordination import clock
from coordination.refusals import Refused
from isolation.actions import measures as verbs
from isolation.models import Measure
from tests.cast import AT
from tests.isolation.helpers import HOUR, check, coercion, count, deadline, decide, exclusion, letters, open_rules, oslo


@pytest.mark.obligation("R7.1.2-a")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"necessity": "  "}, "necessity"),
        ({"less_intrusive": ""}, "less_intrusive"),
        ({"grounds": []}, "grounds"),
        ({"grounds": ["riot"]}, "grounds"),
        ({"extent": ""}, "extent"),
        ({"force_used": True}, "force_note"),
        ({"hours_out_per_day": Decimal(25)}, "hours_out_per_day"),
        ({"expected_hours": 0}, "expected_hours"),
        ({"effective_at": AT + timedelta(minutes=1)}, "effective"),
        ({"effective_at": AT - 4 * HOUR - timedelta(minutes=1)}, "notice_reason"),
    ],
)
def test_an_exclusion_must_be_reasoned_and_nothing_else_is_saved(cast, admin, change, field) -> None:
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused) as refused:
        verbs.decide(actor, cast.people["fiolin"], facts=exclusion(**change), key=uuid.uuid4(), at=AT)
    assert list(refused.value.errors) == [field]
    assert count(admin, "measure") == 0
    assert letters(admin, "exclusion_notice") == []
    decide(cast)
    assert count(admin, "measure") == 1


@pytest.mark.obligation("R7.1.2-n")
@pytest.mark.parametrize(
    "change",
    [{"necessity": ""}, {"less_intrusive": ""}, {"statement": ""}, {"statement_text": ""}, {"grounds": ["own_wish"]}],
)
def test_a_cell_must_be_strictly_reasoned(cast, admin, change) -> None:
    with pytest.raises(Refused):
        decide(cast, coercion(**change))
    assert count(admin, "measure") == 0
    assert decide(cast, coercion()).kind == "security_cell"


@pytest.mark.obligation("R7.1.2-b")
def test_the_doctor_is_told_of_an_exclusion_in_the_same_step(cast, admin) -> None:
    measure = decide(cast, exclusion(expected_hours=48, signs_of_illness=False))
    ((body, role, reply, thread, basis, letter),) = letters(admin, "exclusion_notice")
    assert (role, reply, basis) == ("duty_leader", None, "LB07")
    assert thread == letter == measure.notice_letter
    assert body["family_name"] == "Fiolin"
    assert body["kind"] == "exclusion"
    assert body["effective_at"] == "2026-11-23T11:00:00Z"
    assert (body["expected_hours"], body["hours_out"], body["force_used"], body["minor"]) == (48, 2, False, False)
    assert body["illness"] is False
    waits = admin.execute(
        "SELECT rule, awaits, due_at - sent_at FROM custody.consent_custodyletter WHERE letter_id = %s", [letter]
    ).fetchone()
    assert waits == ("D17", "acknowledgement", 4 * HOUR)


@pytest.mark.obligation("R7.1.2-c", "R7.1.2-d", "R7.1.2-j")
def test_the_notice_tells_what_may_matter_and_urges_a_visit_when_there_are_signs_of_illness(cast, admin) -> None:
    decide(cast, exclusion(circumstances="Har ikke spist siden i går.", vulnerabilities=["language"]))
    ((body, *_),) = letters(admin, "exclusion_notice")
    assert body["circumstances"] == "Forstår lite norsk eller trenger tolk.\nHar ikke spist siden i går."
    decide(cast, exclusion(signs_of_illness=True), person="trompet")
    body = letters(admin, "exclusion_notice")[1][0]
    assert "se til den innsatte snarest" in body["circumstances"]
    assert body["illness"] is True


@pytest.mark.obligation("R7.1.2-q", "R7.1.2-o", "R7.1.2-x")
def test_a_doctor_is_told_of_a_cell_and_asked_for_advice_when_there_was_no_statement(cast, admin) -> None:
    measure = decide(cast, coercion(vulnerabilities=["harm_feared"]))
    ((body, _, _, _, basis, _),) = letters(admin, "coercive_means_notice")
    assert (basis, body["means"], body["statement_asked_before"]) == ("LB08", "security_cell", False)
    assert "Vi ber om råd" in body["circumstances"]
    assert "Legen svarte ikke på telefon." in body["circumstances"]
    assert "frykter skade" in body["circumstances"]
    assert measure.statement_text == "Legen svarte ikke på telefon."
    decide(
        cast,
        coercion("security_bed", statement="obtained", statement_text="Legen rådet til samtale."),
        person="trompet",
    )
    body = letters(admin, "coercive_means_notice")[1][0]
    assert body["statement_asked_before"] is True
    assert "Legen rådet" not in body["circumstances"], "the doctor's own words are not sent back as ours"


@pytest.mark.obligation("R7.1.2-b", "R7.1.2-q")
def test_a_measure_cannot_be_saved_unsent(cast, admin) -> None:
    admin.execute(
        "UPDATE base.coordination_agency SET health_service_id = NULL WHERE id = %s", [cast.agencies["north"].pk]
    )
    for facts in (exclusion(), coercion()):
        with pytest.raises(Refused, match="helsetjeneste"):
            decide(cast, facts)
    assert count(admin, "measure") == 0
    admin.execute(
        "UPDATE base.coordination_agency SET health_service_id = %s WHERE id = %s",
        [cast.agencies["north_health"].pk, cast.agencies["north"].pk],
    )
    decide(cast)
    assert count(admin, "measure") == 1


@pytest.mark.obligation("R7.1.2-e")
@pytest.mark.parametrize("facts", [exclusion, coercion])
def test_force_asks_health_personnel_to_come(cast, admin, facts) -> None:
    decide(cast, facts())
    assert letters(admin, "health_check_request") == []
    measure = decide(cast, facts(force_used=True, force_note="Ført inn med armgrep."), person="trompet")
    ((body, _, reply, thread, basis, _),) = letters(admin, "health_check_request")
    assert (body["reason"], body["note"], basis) == ("force", "Ført inn med armgrep.", "LB04")
    assert reply == thread == measure.notice_letter


@pytest.mark.parametrize("who", ["officer", "contact_officer", "release_caseworker", "nurse", "doctor", "region"])
def test_others_cannot_decide_and_are_not_told_the_door_exists(cast, admin, who) -> None:
    with cast[who].acting() as actor, pytest.raises(Http404):
        verbs.decide(actor, cast.people["fiolin"], facts=exclusion(), key=uuid.uuid4(), at=AT)
    client = cast[who].client()
    url = f"/isolasjon/person/{cast.people['fiolin']}/vedtak/?kind=exclusion"
    assert client.get(url).status_code == client.post(url, {}).status_code == 404
    assert count(admin, "measure") == 0
    decide(cast, who="warden")
    assert count(admin, "measure") == 1


def test_the_law_for_minors(cast) -> None:
    for ground in ("negative_influence", "collective", "building_or_staff"):
        with pytest.raises(Refused) as refused:
            decide(cast, exclusion(grounds=[ground]), person="ung")
        assert "18 år" in refused.value.errors["grounds"][0]
    assert decide(cast, exclusion(grounds=["negative_influence"])).grounds == ["negative_influence"]
    assert decide(cast, exclusion(grounds=["own_wish"]), person="ung").grounds == ["own_wish"]


def test_a_late_decision_says_why_and_the_doctor_is_told(cast, admin) -> None:
    late = exclusion(AT - 5 * HOUR, notice_reason="Strømbrudd i vaktrommet.")
    decide(cast, late)
    assert "Strømbrudd" in letters(admin, "exclusion_notice")[0][0]["circumstances"]


def test_who_is_not_here_cannot_be_excluded(cast, admin) -> None:
    admin.execute(
        "UPDATE custody.coordination_stay SET ended_at = now(), end_reason = 'released' WHERE person_id = %s",
        [cast.people["fiolin"]],
    )
    with pytest.raises(Refused, match="opphold"):
        decide(cast)
    with pytest.raises(Refused) as refused:
        decide(cast, exclusion(AT - 30 * HOUR, notice_reason="Glemt."), person="trompet")
    assert refused.value.code == "before_stay"
    assert decide(cast, person="trompet").kind == "exclusion"


@pytest.mark.parametrize(
    ("facts", "person", "rules"),
    [
        (exclusion(), "fiolin", {"D20", "D22", "D22F", "D27", "B01", "B02", "B03", "B16"}),
        (exclusion(expected_hours=96), "fiolin", {"D20", "D22", "D27", "B01", "B02", "B03", "B16"}),
        (
            exclusion(),
            "ung",
            {"D21", "D22", "D22F", "D27", "B02", "B03", "B04", "B05A", "B05B", "B16", "B18"},
        ),
        (coercion(), "fiolin", {"D25", "D27", "D28", "B13A", "B13B"}),
        (coercion(), "ung", {"D21", "D27", "D28", "B14A", "B14B"}),
        (coercion("security_bed"), "fiolin", {"D26", "D27", "D28", "B11A", "B11B"}),
    ],
)
def test_the_deadlines_that_follow_from_the_kind(cast, admin, facts, person, rules) -> None:
    measure = decide(cast, facts, person=person)
    assert open_rules(admin, measure) == rules


@pytest.mark.obligation("R7.1.2-l")
def test_the_plan_is_due_a_day_after_a_long_forecast_and_at_72_hours_otherwise(cast, admin) -> None:
    long = decide(cast, exclusion(expected_hours=73))
    assert deadline(admin, long, "D22")[0] == AT + 24 * HOUR
    short = decide(cast, exclusion(expected_hours=72), person="trompet")
    assert deadline(admin, short, "D22")[0] == AT + 72 * HOUR
    assert deadline(admin, short, "D22F")[0] == AT + 48 * HOUR
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused):
        verbs.judge_length(actor, short.pk, expected_hours=100, reason="", at=AT + 40 * HOUR)
    with cast["duty_leader"].acting() as actor:
        verbs.judge_length(actor, short.pk, expected_hours=100, reason="Trusler gjentas.", at=AT + 40 * HOUR)
    assert deadline(admin, short, "D22")[0] == AT + 64 * HOUR
    assert deadline(admin, short, "D22F") is None


@pytest.mark.obligation("R7.1.2-w")
@pytest.mark.parametrize(("facts", "hours"), [(exclusion(), 24), (coercion(), 8), (coercion("security_bed"), 4)])
def test_reassessment_is_due_at_the_interval_of_the_kind(cast, admin, facts, hours) -> None:
    assert deadline(admin, decide(cast, facts), "D27")[0] == AT + hours * HOUR


def test_a_new_measure_takes_over_in_the_same_instant(cast, admin) -> None:
    first = decide(cast, exclusion(AT - HOUR), at=AT - HOUR)
    with pytest.raises(Refused) as refused:
        decide(cast, coercion())
    assert refused.value.code == "running"
    second = decide(cast, coercion(), replaces=first.pk)
    assert second.replaces == first.pk
    ended, reason = admin.execute(
        "SELECT ended_at, end_reason FROM custody.isolation_measure WHERE id = %s", [first.pk]
    ).fetchone()
    assert (ended, reason) == (AT, "replaced")
    assert open_rules(admin, first) == set()
    assert [row[0]["kind"] for row in letters(admin, "measure_ended")] == ["exclusion"]


def test_a_second_press_gives_one_measure_and_one_letter(cast, admin) -> None:
    key = uuid.uuid4()
    with cast["duty_leader"].acting() as actor:
        first = verbs.decide(actor, cast.people["fiolin"], facts=exclusion(), key=key, at=AT)
    with cast["duty_leader"].acting() as actor:
        again = verbs.decide(actor, cast.people["fiolin"], facts=exclusion(), key=key, at=AT)
    assert first.pk == again.pk
    assert (count(admin, "measure"), len(letters(admin, "exclusion_notice"))) == (1, 1)


def test_two_at_once_give_one_measure_and_one_letter(cast, admin) -> None:
    key, start, found = uuid.uuid4(), threading.Barrier(2), []

    def press() -> None:
        try:
            with cast["duty_leader"].acting() as actor:
                start.wait()
                found.append(verbs.decide(actor, cast.people["fiolin"], facts=exclusion(), key=key, at=AT).pk)
        finally:
            for alias in connections:
                connections[alias].close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(set(found)) == 1
    assert len(found) == 2
    assert (count(admin, "measure"), len(letters(admin, "exclusion_notice"))) == (1, 1)


def test_ending_tells_health_and_stops_every_clock(cast, admin) -> None:
    measure = decide(cast, exclusion(AT - 3 * HOUR), at=AT - 3 * HOUR)
    with cast["duty_leader"].acting() as actor:
        for bad in ({"reason": "replaced"}, {"note": " "}, {"ended_at": AT + HOUR}, {"ended_at": AT - 4 * HOUR}):
            with pytest.raises(Refused):
                verbs.end(
                    actor, measure.pk, **({"ended_at": AT, "reason": "grounds_gone", "note": "Rolig nå."} | bad), at=AT
                )
    assert "D20" in open_rules(admin, measure)
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        verbs.end(actor, measure.pk, ended_at=AT, reason="grounds_gone", note="Rolig nå.", at=AT)
    with cast["duty_leader"].acting() as actor:
        verbs.end(actor, measure.pk, ended_at=AT, reason="grounds_gone", note="Rolig nå.", at=AT)
        verbs.end(actor, measure.pk, ended_at=AT, reason="grounds_gone", note="Rolig nå.", at=AT)
    ((body, _, reply, thread, basis, _),) = letters(admin, "measure_ended")
    assert (body["kind"], body["ended_at"], basis) == ("exclusion", "2026-11-23T11:00:00Z", "LB07")
    assert reply == thread == measure.notice_letter
    assert open_rules(admin, measure) == set()


def test_a_measure_ends_with_the_stay(cast, admin) -> None:
    from coordination.models import Person, Stay
    from coordination.people.stays import end_stay

    measure = decide(cast, exclusion(AT - 3 * HOUR), at=AT - 3 * HOUR)
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        stay = Stay.objects.get(person=person, ended_at=None)
        end_stay(actor, person, stay, reason="released", ended_at=AT - HOUR, version=stay.version, at=AT)
    ended, reason = admin.execute(
        "SELECT ended_at, end_reason FROM custody.isolation_measure WHERE id = %s", [measure.pk]
    ).fetchone()
    assert (ended, reason) == (AT - HOUR, "left")
    assert len(letters(admin, "measure_ended")) == 1


def test_a_start_on_the_night_the_clock_goes_back_is_the_instant_that_was_meant(cast, admin) -> None:
    start = oslo(10, 25, 2, 30, fold=1)
    admin.execute("UPDATE custody.coordination_stay SET admitted_at = %s", [start - 24 * HOUR])
    measure = decide(cast, exclusion(start), at=start + HOUR)
    assert clock.in_utc(measure.effective_at).hour == 1
    assert check(cast, measure, start + HOUR).check.occurred_at == start + HOUR
    with cast["warden"].acting():
        assert Measure.objects.get(pk=measure.pk).effective_at == start
