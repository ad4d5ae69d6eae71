"""The attention flag: raised by what the prison holds, looked at again, lifted with a reason; and the list of whom to watch."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination import clock
from coordination.models import Attention, AttentionReason, Stay
from coordination.people import attention
from coordination.people.access import access_person
from coordination.refusals import Refused
from demo.answers import CALM as NOTHING
from intake.actions.interviews import hold_interview
from intake.rules import Answer, Answers, Interpreter
from isolation.actions import cell_time
from isolation.actions.measures import Decision, decide
from tests.cast import AT

RULES = pytest.mark.obligation
TODAY = date(2026, 11, 23)
CALM = replace(NOTHING, description="Rolig.")


def interview(cast, answers=CALM, *, person="fiolin", substance="no", who="officer"):
    with cast[who].acting() as actor:
        hold_interview(
            actor,
            cast.people[person],
            key=uuid.uuid4(),
            answers=answers,
            substance_problem=substance,
            held_at=AT,
            at=AT,
        )


def codes(cast, person="fiolin"):
    with cast["duty_leader"].acting():
        return {row.criterion for row in AttentionReason.objects.filter(person_id=cast.people[person])}


@pytest.mark.parametrize(
    ("change", "substance", "person", "wanted"),
    [
        ({}, "no", "fiolin", set()),
        ({}, "yes", "fiolin", {"substance"}),
        ({"suicide_risk": Answer.UNCERTAIN}, "no", "fiolin", {"known_risk"}),
        ({"mental_health_worry": Answer.YES}, "no", "fiolin", {"worry"}),
        ({"interpreter": Interpreter.BY_PHONE, "language": "polsk"}, "no", "fiolin", {"language"}),
        ({}, "no", "ung", {"young"}),
    ],
)
@RULES("R5.1.1-h")
def test_the_admission_interview_raises_it(cast, change, substance, person, wanted):
    interview(cast, Answers(**(vars(CALM) | change)), person=person, substance=substance)
    assert codes(cast, person) == wanted


@RULES("R7.1.2-j")
def test_a_decision_on_isolation_raises_it_by_what_staff_ticked(cast):
    facts = Decision(
        kind="exclusion", extent="full", grounds=["harm_or_violence"], effective_at=AT, necessity="Slo.",
        less_intrusive="Samtale.", partial_considered="Ikke nok.", hours_out_per_day=Decimal(1), force_used=False,
        vulnerabilities=["understanding", "language"],
    )  # fmt: skip
    with cast["duty_leader"].acting() as actor:
        decide(actor, cast.people["fiolin"], facts=facts, key=uuid.uuid4(), at=AT)
    assert codes(cast) == {"understanding", "language"}
    with cast["officer"].acting() as actor:
        row = AttentionReason.objects.filter(criterion="language").get()
        assert (row.source, row.by_name) == ("isolation", "Vaktleder Duty Leader")
        assert attention.standing_of(actor, [cast.people["fiolin"]])


def hand(cast, *, who="officer", criteria=("distress",), note="Gråter mye.", at=AT):
    with cast[who].acting() as actor:
        return attention.raise_by_hand(actor, cast.people["fiolin"], criteria=list(criteria), note=note, at=at)


def due(admin, flag):
    row = admin.execute(
        "SELECT due_at FROM custody.coordination_custodydeadline WHERE subject_id = %s AND closed_at IS NULL", [flag.pk]
    ).fetchone()
    return row[0] if row else None


def test_one_flag_gathers_reasons_and_is_looked_at_again_in_time(cast, admin):
    flag = hand(cast)
    assert due(admin, flag) == clock.end_of_local_day(TODAY + timedelta(days=14))
    assert hand(cast, criteria=["distress", "other"], note="Ringer ikke hjem lenger.").pk == flag.pk
    assert codes(cast) == {"distress", "other"}
    with cast["contact_officer"].acting() as actor:
        attention.keep(actor, flag.pk, note="Fortsatt urolig.", review_on=TODAY + timedelta(days=30), at=AT)
    assert due(admin, flag) == clock.end_of_local_day(TODAY + timedelta(days=30))
    with cast["duty_leader"].acting() as actor:
        with pytest.raises(Refused):
            attention.lift(actor, flag.pk, reason=" ", at=AT)
        lifted = attention.lift(actor, flag.pk, reason="Er med i fellesskapet og sover godt.", at=AT)
        assert lifted.lifted_by_name == "Vaktleder Duty Leader"
    assert due(admin, flag) is None
    assert hand(cast, at=AT + timedelta(days=1)).pk != flag.pk


@pytest.mark.parametrize("days", [0, 91])
def test_the_review_comes_and_within_ninety_days(cast, days):
    flag = hand(cast)
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused):
        attention.keep(actor, flag.pk, note="Ja.", review_on=TODAY + timedelta(days=days), at=AT)


def test_nobody_else_sees_or_lifts_it(cast):
    flag = hand(cast)
    for who in ("officer_b", "south_duty_leader", "nurse", "region", "trust_intake"):
        with cast[who].acting() as actor, pytest.raises(Http404):
            attention.access_attention(actor, flag.pk)
    for who in ("officer_b", "south_officer"):
        with cast[who].acting():
            assert not Attention.objects.exists()
            assert not AttentionReason.objects.exists()
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        attention.lift(actor, flag.pk, reason="Rolig nå.", at=AT)


def test_it_stands_wherever_the_person_is_shown(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    hand(cast)
    words = "Trenger ekstra oppmerksomhet – spør helsetjenesten"
    client = cast["officer"].client()
    assert words in client.get(reverse("person", args=[cast.people["fiolin"]])).content.decode()
    with cast["duty_leader"].acting() as actor:
        facts = Decision(
            kind="exclusion", extent="full", grounds=["harm_or_violence"], effective_at=AT, necessity="Slo.",
            less_intrusive="Samtale.", partial_considered="Ikke nok.", hours_out_per_day=Decimal(1), force_used=False,
        )  # fmt: skip
        decide(actor, cast.people["fiolin"], facts=facts, key=uuid.uuid4(), at=AT)
    assert words in client.get(reverse("isolation_board")).content.decode()
    assert words in client.get(reverse("ward_round")).content.decode()


def test_the_pages_raise_keep_and_lift(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    officer, leader = cast["officer"].client(), cast["duty_leader"].client()
    url = reverse("attention_raise", args=[cast.people["fiolin"]])
    assert officer.post(url, {"criteria": ["other"], "note": ""}).status_code == 422
    assert officer.post(url, {"note": "Noe."}).status_code == 422
    page = officer.post(url, {"criteria": ["other"], "note": "Slutter å spise."}).url
    assert "Slutter å spise." in officer.get(page).content.decode()
    assert leader.post(page + "behold/", {"note": "", "review_on": "01.12.2026"}).status_code == 422
    assert leader.post(page + "behold/", {"note": "Ja.", "review_on": "01.12.2026"}).status_code == 303
    assert "01.12.2026" in leader.get(page).content.decode()
    assert leader.post(page + "opphev/", {"reason": ""}).status_code == 422
    assert leader.post(page + "opphev/", {"reason": "Spiser igjen."}).status_code == 303
    assert "Spiser igjen." in officer.get(page).content.decode()


@RULES("R5.1.1-h")
def test_the_list_names_the_isolated_remand_with_restrictions_told_problems_and_little_time_out(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    client, url = cast["officer"].client(), reverse("attention_list")
    page = client.get(url).content.decode()
    assert "Fiolin" not in page  # nothing gives reason
    assert "Varetekt" in page  # ung
    with cast["duty_leader"].acting():
        stay = Stay.objects.get(person_id=cast.people["ung"], ended_at=None)
        stay.remand_restrictions = ["visits"]
        stay.save_changes(["remand_restrictions"])
    interview(cast, substance="yes")
    with cast["officer"].acting() as actor:
        cell_time.record_day(
            actor, cast.people["fiolin"], day=TODAY - timedelta(days=1), minutes=90, key=uuid.uuid4(), at=AT
        )
    page = client.get(url).content.decode()
    for words in (
        "Varetekt med restriksjoner: besøksforbud eller besøkskontroll",
        "Rusproblem, fortalt til fengselet",
        "Innelåst uten vedtak",
        "Ute av cella 1 t 30 min i snitt siste uke",
    ):
        assert words in page
    assert page.index("Fiolin") < page.index("Ung, Lys")  # locked in weighs most
    assert "Trompet" not in page  # another unit's
    assert cast["nurse"].client().get(url).status_code == 404


def test_the_list_costs_the_same_for_few_and_many(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    client, url = cast["duty_leader"].client(), reverse("attention_list") + f"?unit={cast.units['north_a'].pk}"
    client.get(url)
    hand(cast)
    with CaptureQueriesContext(connections["default"]) as few:
        client.get(url)
    hand(cast, criteria=["distress", "language", "substance", "worry"])
    interview(cast, person="ung", substance="yes")
    with CaptureQueriesContext(connections["default"]) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_flag_ends_with_the_stay(cast):
    from coordination.people.stays import end_stay

    flag = hand(cast)
    with cast["duty_leader"].acting() as actor:
        person = access_person(actor, cast.people["fiolin"])
        stay = Stay.objects.get(person=person, ended_at=None)
        end_stay(actor, person, stay, reason="released", ended_at=AT, version=stay.version, at=AT)
        flag.refresh_from_db()
        assert flag.lifted_at == AT
