"""An objection set aside once, with weighty reasons: in SQL and on screen, and that it stands as it was written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.urls import reverse

from consent import actions
from consent.access import inbox, objections_for
from coordination import clock
from coordination.refusals import Refused
from tests.consent.objecting import WEIGHTY, object_to, override_in_sql, somebody, to_trust
from tests.consent.paper import page_text
from tests.consent.post import (
    body,
    deliver,
    patient,
    refused,
    session_of,
)


@pytest.fixture
def about(cast, admin):
    """Give a patient and the test kinds."""
    return somebody(cast, admin)


# Set aside, once


@pytest.mark.obligation("R6.2-f")
def test_weighty_reasons_carry_one_letter_and_no_second(cast, about, admin):
    objection = object_to(cast, about)
    key = override_in_sql(cast, admin, about, objection)
    with cast["nurse"].acting():
        first = deliver(**to_trust(cast, about, consent=key))
    # Put right, twice: the same disclosure still. What it was before can no longer be put right.
    for _turn in range(2):
        with cast["nurse"].acting():
            wrong, first = (
                first,
                deliver(**to_trust(cast, about, consent=key, corrects=first, body=body(text="Rettet"))),
            )
        with cast["nurse"].acting(), refused("objection"):
            deliver(**to_trust(cast, about, consent=key, corrects=wrong))
    for again in (key, uuid4(), None):
        with cast["nurse"].acting(), refused("objection"):
            deliver(**to_trust(cast, about, consent=again))


@pytest.mark.parametrize(
    "wrong",
    [{"recipient_id": "other_trust"}, {"kind": "t_other"}, {"agency_id": "south_health"}, {"person_id": "another"}],
)
def test_an_override_is_for_one_recipient_kind_agency_and_patient(cast, about, admin, wrong):
    objection = object_to(cast, about)
    field, value = next(iter(wrong.items()))
    value = (
        cast.agencies[value].pk
        if value in cast.agencies
        else patient(cast, family="Tromme")
        if value == "another"
        else value
    )
    key = override_in_sql(cast, admin, about, objection, **{field: value})
    with cast["nurse"].acting(), refused("objection"):
        deliver(**to_trust(cast, about, consent=key))
    right = override_in_sql(cast, admin, about, objection)
    with cast["nurse"].acting():
        deliver(**to_trust(cast, about, consent=right))


def test_an_objection_that_came_after_the_decision_is_not_set_aside_by_it(cast, about, admin):
    key = override_in_sql(cast, admin, about, object_to(cast, about))
    object_to(cast, about, words="Vil fortsatt ikke", at=clock.now() + timedelta(seconds=5), objected_at=clock.now())
    with cast["nurse"].acting(), refused("objection"):
        deliver(**to_trust(cast, about, consent=key))


def test_two_letters_at_the_very_same_time_on_one_decision_are_one(cast, about, admin):
    key = override_in_sql(cast, admin, about, object_to(cast, about))
    call = to_trust(cast, about, consent=key)

    def send(_turn) -> str:
        import json

        with session_of(admin, cast["nurse"]) as other:
            try:
                other.execute(
                    "SELECT letterbox.deliver(recipient => %s, what => %s, body => %s::jsonb, about => %s, ground => %s, consent => %s)",
                    [call["recipient"], call["what"], json.dumps(call["body"]), about, call["ground"], key],
                )
                other.commit()
                return "sent"
            except psycopg.Error as error:
                return error.diag.message_primary or ""

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(send, range(4)))
    assert outcomes == ["objection", "objection", "objection", "sent"]


def test_a_reason_is_written_also_past_the_application(cast, about, admin):
    objection = object_to(cast, about)
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(
            "INSERT INTO municipal_health.consent_municipalobjectionoverride (id, version, key, agency_id, person_id, objection_id, recipient_id, kind, "
            "ground, reason, recorded_at, by_id, by_name) VALUES (%s, 1, %s, %s, %s, %s, %s, 'referral', 'danger', %s, now(), %s, 'x')",
            [
                uuid4(),
                uuid4(),
                cast.agencies["north_health"].pk,
                about,
                objection,
                cast.agencies["trust"].pk,
                " " * 40,
                cast["doctor"].membership.pk,
            ],
        )
    with cast["doctor"].acting() as actor:
        row = objections_for(actor, about).get()
        with pytest.raises(Refused) as short:
            actions.override_objection(
                actor,
                row,
                recipient=cast.agencies["trust"],
                kind="referral",
                ground="danger",
                reason="Kort",
                at=clock.now(),
            )
        assert short.value.errors["reason"]


# On screen


@pytest.mark.obligation("R6.2-f")
def test_objected_lifted_and_set_aside_in_the_browser(cast, about):
    nurse, page = cast["nurse"].client(), reverse("consents", args=[about])
    trust = cast.agencies["trust"].pk
    url = f"{reverse('share', args=[about])}?til={trust}&type=treatment_information"
    letter = {"about": "Medisin", "content": "Tåler ikke penicillin.", "informed": "yes"}
    assert nurse.post(url, {**letter, "basis": "LB10"}).status_code == 303
    now = clock.now().astimezone(clock.OSLO)
    form = {
        "source": "presumed",
        "objected_at_0": f"{now:%d.%m.%Y}",
        "objected_at_1": f"{now:%H.%M}",
        "key": str(uuid4()),
    }
    new = reverse("objection_new", args=[about])
    assert nurse.get(new).status_code == 200
    assert "Skriv hvorfor det er grunn til å tro" in page_text(nurse.post(new, form))
    for _turn in range(2):
        assert nurse.post(new, {**form, "words": "Har bedt om at ingen får vite det."}).status_code == 303
    text = page_text(nurse.get(page))
    assert text.count("Har bedt om at ingen får vite det.") == 1
    assert "Alle mottakere" in text
    offered = page_text(nurse.get(url))
    assert offered.count("personen har motsatt seg at dette deles") == 2
    blocked = nurse.post(url, {**letter, "basis": "LB10", "content": "Noe nytt."})
    assert blocked.status_code == 422
    with cast["nurse"].acting() as actor:
        pk = objections_for(actor, about).get().pk
    aside = reverse("objection_override", args=[pk])
    assert cast["health_leader"].client().get(aside).status_code == 404
    why = {"recipient": str(trust), "kind": "treatment_information", "ground": "danger", "key": str(uuid4())}
    assert nurse.get(aside).status_code == 200
    assert "minst 30 tegn" in page_text(nurse.post(aside, {**why, "reason": "Farlig."}))
    for _turn in range(2):
        assert nurse.post(aside, {**why, "reason": WEIGHTY}).status_code == 303
    assert "Ikke brukt ennå" in page_text(nurse.get(page))
    assert "satt til side med en skriftlig begrunnelse" in page_text(nurse.get(url))
    assert nurse.post(url, {**letter, "basis": "LB10", "content": "Noe nytt."}).status_code == 303
    assert "Brukt i dette brevet" in page_text(nurse.get(page))
    assert nurse.post(url, {**letter, "basis": "LB10", "content": "Og mer."}).status_code == 422
    with cast["trust_intake"].acting() as actor:
        got = inbox(actor).filter(kind="treatment_information").order_by("-sent_at")[0]
        # The recipient learns neither that there is an objection nor why it was set aside.
        assert WEIGHTY not in str(got.body)
        assert (got.necessity, got.consent_id) == ("", None)
    lift = reverse("objection_lift", args=[pk])
    assert {nurse.post(lift).status_code for _turn in range(2)} == {303}
    assert "Trukket" in page_text(nurse.get(page))
    assert nurse.post(url, {**letter, "basis": "LB10", "content": "Og mer."}).status_code == 303
    assert nurse.get(aside).status_code == 404


def test_what_was_objected_stands(cast, about, admin):
    object_to(cast, about)
    for change in ("words = 'x'", "recipients = ARRAY[gen_random_uuid()]", "objected_at = now()"):
        with pytest.raises(psycopg.Error, match="never changes"):
            admin.execute(f"UPDATE municipal_health.consent_municipalobjection SET {change}")
    with pytest.raises(psycopg.Error, match="never changes"):
        admin.execute("DELETE FROM municipal_health.consent_municipalobjection")
