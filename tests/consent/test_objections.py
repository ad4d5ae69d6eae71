"""Objections (helsepersonelloven § 29): what they stop, what they never stop, and the single use in spite of one. In SQL and on screen."""

import psycopg
import pytest
from django.http import Http404
from django.urls import reverse

from consent import actions
from consent.access import objections_for, outbox
from consent.models import LegalBasis
from coordination import clock
from coordination.people.access import access_person
from tests.consent.objecting import object_to, somebody, to_trust
from tests.consent.post import (
    KINDS,
    NECESSITY,
    advice,
    deliver,
    given,
    notice,
    patient,
    receipt,
    refused,
)


@pytest.fixture
def about(cast, admin):
    """Give a patient and the test kinds."""
    return somebody(cast, admin)


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
