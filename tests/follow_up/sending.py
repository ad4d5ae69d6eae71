"""Letters as a prison sends them, for the tests of what the health service does with them. Uses the prison's own verbs of sending."""

from datetime import timedelta
from uuid import uuid4

from consent.actions import send_letter
from consent.letters import KINDS, identity_of
from consent.models import MunicipalLetter
from coordination.models import MunicipalDeadline, Person
from follow_up.actions import take_on
from follow_up.models import SupervisionCourse
from tests.cast import AT

#: When measures of the tests start: an hour before the tests' noon.
START = AT - timedelta(hours=1)


def send_notice(
    cast,
    actor,
    person,
    *,
    kind="exclusion",
    at=START,
    hours_out=1,
    force=False,
    illness=False,
    prison="north",
    supersedes=None,
):
    """Send a notice of isolation as somebody already acting and return its letter_id."""
    coercive = kind in ("security_cell", "security_bed")
    body = {
        **identity_of(person), "cell": person.cell, "unit": "Avdeling A", "kind": kind, "grounds": ["order_and_security"],
        "effective_at": at.isoformat(), "expected_hours": 48, "hours_out": hours_out, "force_used": force, "illness": illness, "minor": False,
        "circumstances": "Spiser lite.",
    }  # fmt: skip
    body |= {"means": kind, "statement_asked_before": False} if coercive else {"extent": "full"}
    return send_letter(
        actor, "coercive_means_notice" if coercive else "exclusion_notice", to=cast.agencies[f"{prison}_health"].pk, person=person,
        body=body, basis="LB08" if coercive else "LB07", supersedes=supersedes,
    )  # fmt: skip


def notice(cast, *, who="fiolin", **facts):
    """Send a notice of isolation and return its letter_id."""
    with cast["duty_leader"].acting() as actor:
        return send_notice(cast, actor, Person.objects.get(pk=cast.people[who]), **facts)


def ended(cast, letter_id, *, at, kind="exclusion"):
    """Send that the measure of a notice has ended."""
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        body = {**identity_of(person), "unit": "Avdeling A", "kind": kind, "ended_at": at.isoformat()}
        body = {
            name: value
            for name, value in body.items()
            if name in {field.name for field in KINDS["measure_ended"].fields}
        }
        return send_letter(
            actor, "measure_ended", to=cast.agencies["north_health"].pk, person=person, body=body,
            basis="LB07" if kind == "exclusion" else "LB08", in_reply_to=letter_id,
        )  # fmt: skip


def contact(cast, *, who="fiolin", reasons=("illness_sign",), stage="admission", number=""):
    """Send a request for contact and return its letter_id."""
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people[who])
        body = {
            **identity_of(person), "national_id": number, "cell": person.cell, "unit": "Avdeling A", "stage": stage, "reasons": list(reasons),
            "observation": "Holder seg på magen.", "wish": False, "urgent": True, "minor": False, "language": "tigrinja", "interpreter": True,
        }  # fmt: skip
        return send_letter(
            actor, "health_contact", to=cast.agencies["north_health"].pk, person=person, body=body, basis="LB04"
        )


def copy_of(cast, letter_id, persona="doctor"):
    """Return the health service's copy of a letter."""
    with cast[persona].acting():
        return MunicipalLetter.objects.select_related("person").get(letter_id=letter_id)


def taken_on(cast, letter_id, *, at=AT, patient=None):
    """Let the nurse take a letter on and return (the copy, the patient)."""
    letter = copy_of(cast, letter_id)
    with cast["nurse"].acting() as actor:
        row = take_on(actor, letter.pk, patient_id=patient, at=at)
    return copy_of(cast, letter_id), row


def key():
    """Return a fresh key of a form."""
    return str(uuid4())


def clock_at(monkeypatch, instant):
    """Move the clock the views read."""
    monkeypatch.setattr("coordination.clock.now", lambda: instant)


def clocks(cast):
    """Return the open deadlines by rule."""
    with cast["doctor"].acting():
        return {row.rule: row.due_at for row in MunicipalDeadline.objects.filter(closed_at=None)}


def course(cast):
    """Return the only course."""
    with cast["doctor"].acting():
        return SupervisionCourse.objects.get()
