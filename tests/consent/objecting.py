"""What the tests of objections share: a patient, an objection, a decision to set it aside. Holds no test."""

from uuid import uuid4

from consent import actions
from coordination import clock
from coordination.people.access import access_person
from tests.consent.post import (
    body,
    patient,
    register_kinds,
)

WEIGHTY = "Uten opplysningen kan helseforetaket gi et legemiddel pasienten ikke tåler."


def somebody(cast, admin):
    """Return a patient, with the test kinds known."""
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
