"""Objections (helsepersonelloven § 29): what they stop, what they never stop, and the single use in spite of one. In SQL and on screen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.http import Http404
from django.urls import reverse

from consent import actions
from consent.access import inbox, objections_for, outbox
from consent.models import LegalBasis
from coordination import clock
from coordination.people.access import access_person
from coordination.refusals import Refused
from tests.consent.post import (
    KINDS,
    NECESSITY,
    advice,
    body,
    deliver,
    given,
    notice,
    patient,
    receipt,
    refused,
    register_kinds,
    session_of,
)
from tests.consent.test_letters import page_text

WEIGHTY = "Uten opplysningen kan helseforetaket gi et legemiddel pasienten ikke tåler."


@pytest.fixture
def about(cast, admin):
    """Give a patient and the test kinds."""
    register_kinds(admin)
    return patient(cast)


def to_trust(cast, about, **more):
    """Return a letter to the trust on a ground one may object to."""
    call = {
        "recipient": cast.agencies["trust"].pk,
        "what": "t_referral",
        "body": body(),
        "about": about,
        "ground": "LB10",
    }
    return {**call, **more}


def object_to(cast, about, who="nurse", **more):
    """Register an objection to everything, committed."""
    facts = {
        "recipients": [],
        "categories": [],
        "source": "stated",
        "words": "Vil ikke",
        "objected_at": clock.now(),
        "at": clock.now(),
        **more,
    }
    with cast[who].acting() as actor:
        return actions.register_objection(actor, access_person(actor, about), **facts).pk


def set_aside(cast, objection, who="doctor", **more):
    """Decide to share once all the same, committed."""
    from consent.access import access_objection

    with cast[who].acting() as actor:
        row = access_objection(actor, objection)
        facts = {
            "recipient": cast.agencies["trust"],
            "kind": "referral",
            "ground": "danger",
            "reason": WEIGHTY,
            "at": clock.now(),
        }
        return actions.override_objection(actor, row, **{**facts, **more}).pk


def override_in_sql(cast, admin, about, objection, **more):
    """Write an override of a test kind past the application, and return its key."""
    key = uuid4()
    facts = {
        "recipient_id": cast.agencies["trust"].pk,
        "kind": "t_referral",
        "agency_id": cast.agencies["north_health"].pk,
        "person_id": about,
        **more,
    }
    admin.execute(
        "INSERT INTO municipal_health.consent_municipalobjectionoverride (id, version, key, agency_id, person_id, objection_id, recipient_id, kind, ground, "
        "reason, recorded_at, by_id, by_name) VALUES (%s, 1, %s, %s, %s, %s, %s, %s, 'danger', %s, clock_timestamp(), %s, 'Lege')",
        [
            key,
            uuid4(),
            facts["agency_id"],
            facts["person_id"],
            objection,
            facts["recipient_id"],
            facts["kind"],
            WEIGHTY,
            cast["doctor"].membership.pk,
        ],
    )
    return key


# What it stops


@pytest.mark.obligation("R6.2-f")
@pytest.mark.parametrize("ground", ["LB10", "LB12"])
def test_an_objection_stops_what_one_may_object_to(cast, about, ground):
    with cast["nurse"].acting():
        deliver(**to_trust(cast, about, ground=ground))
    objection = object_to(cast, about)
    with cast["nurse"].acting(), refused("objection"):
        deliver(**to_trust(cast, about, ground=ground))
    with cast["nurse"].acting() as actor:
        actions.lift_objection(actor, objections_for(actor, about).get(pk=objection), note="", at=clock.now())
    with cast["nurse"].acting():
        deliver(**to_trust(cast, about, ground=ground))


@pytest.mark.parametrize(
    ("recipients", "categories", "stops"),
    [
        ([], [], True),
        (["trust"], [], True),
        (["trust", "north"], ["test"], True),
        (["north"], [], False),
        ([], ["something_else"], False),
        (["trust"], ["something_else"], False),
    ],
)
def test_it_stops_whom_and_what_it_names(cast, about, recipients, categories, stops):
    object_to(cast, about, recipients=[cast.agencies[name].pk for name in recipients], categories=categories)
    with cast["nurse"].acting():
        if stops:
            with refused("objection"):
                deliver(**to_trust(cast, about))
        else:
            deliver(**to_trust(cast, about))


def test_it_is_about_one_patient_in_one_agency(cast, about):
    object_to(cast, about)
    other = patient(cast, family="Tromme")
    with cast["nurse"].acting():
        deliver(**to_trust(cast, other))


@pytest.mark.obligation("RM7-g")
def test_a_consent_carries_what_an_objection_stops(cast, about):
    consent = given(cast, about, recipients=[cast.agencies["trust"].pk])
    object_to(cast, about)
    with cast["nurse"].acting(), refused("objection"):
        deliver(**to_trust(cast, about))
    with cast["nurse"].acting():
        deliver(**to_trust(cast, about, ground="LB02", consent=consent))


# What it never stops


@pytest.mark.obligation("R6.1-d")
@pytest.mark.parametrize("ground", ["LB04", "LB06", "LB07", "LB03"])
def test_nothing_the_prison_must_or_may_send_is_ever_stopped(cast, about, admin, ground):
    """Not by objections at the health side, and not by refusals of consent at the prison."""
    object_to(cast, about)
    person = cast.people["fiolin"]
    with cast["duty_leader"].acting() as actor:
        who = access_person(actor, person)
        today = clock.local_date(clock.now())
        consent = actions.give_consent(
            actor, who, recipients=[cast.agencies["north_health"].pk], categories=["test"], purpose="P", valid_from=today,
            valid_to=today, reference="1", at=clock.now(),
        )  # fmt: skip
        actions.withdraw_consent(consent, note="", at=clock.now())
        # There is not even a place where a prison could keep an objection.
        with pytest.raises(Http404):
            objections_for(actor, person)
    with cast["officer"].acting():
        deliver(**notice(cast, ground=ground, necessity=NECESSITY))
    assert (
        admin.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'custody' AND tablename LIKE '%objection%'"
        ).fetchone()[0]
        == 0
    )


@pytest.mark.parametrize(
    ("ground", "more"), [("LB08", {}), ("LB11", {"necessity": NECESSITY}), ("LB09", {"necessity": NECESSITY})]
)
def test_health_grounds_one_may_not_object_to_go_through(cast, about, ground, more):
    from tests.consent.post import sent_notice

    object_to(cast, about)
    asked = sent_notice(cast)
    with cast["nurse"].acting():
        from consent.models import MunicipalLetter

        MunicipalLetter.objects.filter(letter_id=asked).update(person_id=about)
        receipt(asked, "read")
        deliver(**advice(cast, about, ground=ground, reply_to=asked, **more))


def test_the_law_says_of_no_duty_that_it_can_be_stopped(cast, admin):
    duties = list(LegalBasis.objects.filter(duty=True))
    assert {row.code for row in duties} == {"LB04", "LB05", "LB07", "LB16", "LB18"}
    assert {row.blocked_by for row in duties} == {"none"}
    assert not LegalBasis.objects.filter(senders__contains=["custody"], blocked_by="objection").exists()
    # Not even the owner of the database can say so by mistake.
    for change in ("blocked_by = 'objection'", "blocked_by = 'refusal'", "needs = 'consent'"):
        with pytest.raises(psycopg.errors.CheckViolation):
            admin.execute(f"UPDATE base.consent_legalbasis SET {change} WHERE code = 'LB04'")


def test_the_postman_asks_of_a_duty_first(cast, about, admin):
    """Were the law's own table spoiled, a duty would still go through: the postman looks at the duty before the objection."""
    admin.execute("ALTER TABLE base.consent_legalbasis DROP CONSTRAINT legal_basis_duty_is_never_blocked")
    try:
        admin.execute("UPDATE base.consent_legalbasis SET duty = true WHERE code = 'LB10'")
        object_to(cast, about)
        with cast["nurse"].acting():
            deliver(**to_trust(cast, about))
    finally:
        admin.execute("UPDATE base.consent_legalbasis SET duty = false WHERE code = 'LB10'")
        admin.execute(
            "ALTER TABLE base.consent_legalbasis ADD CONSTRAINT legal_basis_duty_is_never_blocked "
            "CHECK (NOT duty OR (blocked_by = 'none' AND NOT needs = 'consent'))"
        )


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


def test_only_the_patients_own_health_service_knows(cast, about):
    pk = object_to(cast, about)
    doors = [reverse("objection_override", args=[pk]), reverse("objection_new", args=[about])]
    for who in ("officer", "duty_leader", "south_doctor", "trust_intake", "health_admin"):
        client = cast[who].client()
        assert {client.get(door).status_code for door in doors} == {404}, who
        assert client.post(reverse("objection_lift", args=[pk])).status_code == 404
    assert cast["duty_leader"].client().get(reverse("objection_new", args=[cast.people["fiolin"]])).status_code == 404
    assert cast["doctor"].client().get(doors[0]).status_code == 200
    with cast["nurse"].acting() as actor:
        assert outbox(actor).count() == 0
    assert set(KINDS) >= {"t_referral"}


def test_what_was_objected_stands(cast, about, admin):
    object_to(cast, about)
    for change in ("words = 'x'", "recipients = ARRAY[gen_random_uuid()]", "objected_at = now()"):
        with pytest.raises(psycopg.Error, match="never changes"):
            admin.execute(f"UPDATE municipal_health.consent_municipalobjection SET {change}")
    with pytest.raises(psycopg.Error, match="never changes"):
        admin.execute("DELETE FROM municipal_health.consent_municipalobjection")
