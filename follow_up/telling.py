"""Telling the prison that a visit was made: on what ground, for whom, and the letter. Knows nothing of what a visit found."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.access import outbox
from consent.actions import send_letter
from consent.letters import identity_of
from consent.models import Letter
from coordination import clock
from coordination.identity import Actor
from coordination.models import MunicipalPatient
from follow_up import access
from follow_up.letters import SUPERVISION_VISIT
from follow_up.models import HealthVisit, SupervisionCourse
from follow_up.rules import COERCIVE


@dataclass(frozen=True)
class Ground:
    """What a letter that a visit was made rests on."""

    basis: str
    consent: UUID | None = None


def ground_for(actor: Actor, course: SupervisionCourse, at: datetime) -> Ground | None:
    """Return the ground for telling the prison of visits, or None: in cell and bed the law's own, else the patient's consent."""
    if course.kind in COERCIVE:
        return Ground("LB08")
    consents = access.consents_to_tell(actor, SUPERVISION_VISIT, course.person_id, course.prison_id, at)
    return Ground("LB02", consents[0].pk) if consents else None


def tell_prison(
    actor: Actor, course: SupervisionCourse, patient: MunicipalPatient, done_at: datetime, *, at: datetime
) -> UUID | None:
    """Tell the prison that a visit was made and when, in the thread of its notice; return the letter, None without a ground.

    It awaits nothing, and a visit that is written down late is told with its own instant. A wrong instant is put right by correcting
    the letter. (obligation R7.1.2-r)
    """
    ground = ground_for(actor, course, at)
    if ground is None:
        return None
    return send_letter(
        actor,
        SUPERVISION_VISIT.code,
        to=course.prison_id,
        person=patient,
        body={**identity_of(patient), "visited_at": written(done_at)},
        basis=ground.basis,
        consent=ground.consent,
        in_reply_to=course.notice.letter_id,
    )


def letter_about(actor: Actor, visit: HealthVisit) -> Letter | None:
    """Return the letter that told the prison of a visit as it first was, or None."""
    if visit.course is None:
        return None
    sent = outbox(actor).select_related(None).filter(kind=SUPERVISION_VISIT.code, thread_id=visit.course.thread_id)
    row: Letter | None = sent.filter(body__visited_at=written(visit.done_at)).first()
    return row


def written(at: datetime) -> str:
    """Return an instant as these letters carry it: to the second, so that the newest is also the last in order of text."""
    return clock.in_utc(at).isoformat(timespec="seconds")
