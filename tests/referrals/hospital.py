"""What the referral tests share: a patient of the municipality, forms as a browser posts them, and a letter moved in time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from consent.access import inbox
from consent.models import Letter
from coordination import national_id
from coordination.people.actions import register_patient
from referrals import access
from referrals.actions import assessing, sending
from referrals.letters import REFERRAL
from tests.cast import AT, Cast

BORN = date(1991, 5, 15)
NUMBER = national_id.generate_synthetic(BORN, 7)
SECRET = "Fikk angst i går kveld"


def patient(
    cast: Cast,
    by: str = "nurse",
    unit: str = "north_team",
    prison: str = "north",
    family: str = "Fiolin",
    number: str = NUMBER,
) -> UUID:
    """Register a patient of a municipality and return the key."""
    with cast[by].acting() as actor:
        row = register_patient(
            actor,
            unit=cast.units[unit],
            family_name=family,
            given_name="Blid",
            birth_date=BORN,
            prison_id=cast.agencies[prison].pk,
            national_id=number,
            at=AT,
        )
        return row.pk


def content(**more: Any) -> dict[str, Any]:
    """Return what a referral holds."""
    return {
        "service_type": "PHV",
        "urgency": "soon",
        "basis": "LB10",
        "reason": SECRET,
        "question": "Ønsker vurdering av behandling.",
        "medication": "",
        "interpreter": False,
        "inmate_informed": True,
        **more,
    }


def form(cast: Cast, **more: str) -> dict[str, str]:
    """Return what the form of a referral posts."""
    values = {k: str(v) for k, v in content().items() if k not in ("interpreter", "inmate_informed")}
    return {**values, "trust": str(cast.agencies["trust"].pk), "inmate_informed": "on", "key": str(uuid4()), **more}


def write(cast: Cast, pk: UUID, to: str = "trust", by: str = "doctor", **more: Any) -> UUID:
    """Write a draft of a referral; return its key."""
    with cast[by].acting() as actor:
        person = access.access_patient(actor, pk)
        return sending.write(actor, person, trust=cast.agencies[to], key=uuid4(), at=AT, **content(**more)).pk


def refer(cast: Cast, pk: UUID, by: str = "doctor", **more: Any) -> UUID:
    """Write and send a referral; return the municipality's key of it."""
    key = write(cast, pk, by=by, **more)
    with cast[by].acting() as actor:
        return sending.send(actor, access.access_referral(actor, key).referral, at=AT).pk


def newest(cast: Cast, by: str = "trust_intake") -> Letter:
    """Return the newest referral letter at a trust."""
    with cast[by].acting() as actor:
        found = inbox(actor).filter(kind=REFERRAL).first()
        assert found is not None
        return found


def receive(cast: Cast, clinic: str | None = None, known: UUID | None = None, at: datetime = AT) -> UUID:
    """Register receipt of the newest letter; return the trust's key of the referral."""
    letter = newest(cast)
    with cast["trust_intake"].acting() as actor:
        unit = cast.units[clinic] if clinic else None
        case = assessing.register_receipt(actor, letter, patient=known, clinic=unit, at=at)
        assert case is not None
        return case.pk


def decide(cast: Cast, case: UUID, outcome: str, by: str = "trust_intake", **more: Any) -> None:
    """Answer a referral with everything its outcome needs."""
    values = {
        "reason": "Vurdert av team.",
        "treatment_deadline_on": date(2027, 2, 1),
        "start_on": date(2027, 1, 11),
        "appeal_information": "Klag til statsforvalteren innen fire uker.",
        "information_wanted": "Blodprøver fra siste måned.",
        "new_recipient": "Annet sykehus HF",
        "patient_informed": True,
        **more,
    }
    with cast[by].acting() as actor:
        row = access.access_case(actor, case)
        assessing.decide(actor, row, outcome=outcome, version=row.version, key=uuid4(), at=AT, **values)


def state(cast: Cast, referral: UUID, by: str = "doctor") -> str:
    """Return how a referral stands for the municipality."""
    with cast[by].acting() as actor:
        return access.access_referral(actor, referral).state.value


def send_at(admin: Any, letter: Letter, at: datetime) -> None:
    """Let a letter have been sent at another instant: as superuser, since a letter never changes."""
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        for table in ("specialist_health.consent_specialistletter", "municipal_health.consent_municipalletter"):
            admin.execute(f"UPDATE {table} SET sent_at = %s WHERE letter_id = %s", [at, letter.letter_id])
