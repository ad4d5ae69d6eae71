"""Telling the prison that a visit was made: on what ground, for whom, and the letter. Knows nothing of what a visit found."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consent.access import inbox, outbox
from consent.actions import send_letter
from consent.letters import identity_of, instant
from consent.models import Letter
from coordination import clock
from coordination.identity import Actor
from coordination.models import MunicipalPatient, SpecialistPatient
from coordination.people.access import lock_person
from coordination.refusals import Refused
from follow_up import access
from follow_up.letters import SPECIALIST_VISIT, SUPERVISION_VISIT
from follow_up.models import HealthVisit, SpecialistCourse, SupervisionCourse, SupervisionTransfer
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


def tell_municipality(actor: Actor, course: SpecialistCourse, patient: SpecialistPatient, done_at: datetime) -> UUID:
    """Tell the municipality that the trust has made a visit, in the thread and on the ground of its proposal; return the letter.

    What the prison hears of it, the municipality tells: it has the prison's notice, and the ground. Raises `Undelivered`.
    """
    proposal = inbox(actor).get(letter_id=course.letter_id)
    return send_letter(
        actor,
        SPECIALIST_VISIT.code,
        to=course.municipality_id,
        person=patient,
        body={**identity_of(patient), "visited_at": written(done_at)},
        basis=proposal.basis,
        in_reply_to=course.letter_id,
    )


@dataclass(frozen=True)
class VisitOfTrust:
    """The trust's last visit as the municipality knows it, and whether the prison has heard of it."""

    visited_at: datetime
    told: bool


def last_of_trust(actor: Actor, course: SupervisionCourse, transfer: SupervisionTransfer | None) -> VisitOfTrust | None:
    """Return the trust's last visit, from the letters that told of it, or None."""
    if transfer is None:
        return None
    rows = inbox(actor).filter(kind=SPECIALIST_VISIT.code, thread_id=transfer.letter_id, superseded_by=None)
    letter = rows.order_by("-body__visited_at").first()
    if letter is None:
        return None
    at = instant(letter.body.get("visited_at"), letter.sent_at)
    return VisitOfTrust(at, _told(actor, course, at).exists())


def pass_on(actor: Actor, course_id: UUID, *, at: datetime) -> UUID | None:
    """Tell the prison of the trust's last visit; return the letter. None where it is told already. Raises `Refused` without a ground."""
    access.require_clinician(actor)
    course = access.access_course(actor, course_id)
    with transaction.atomic():
        patient = lock_person(actor, course.person_id)
        assert isinstance(patient, MunicipalPatient)
        visit = last_of_trust(actor, course, access.transfers_for(actor).filter(course=course).first())
        if visit is None or visit.told:
            return None
        sent = tell_prison(actor, course, patient, visit.visited_at, at=at)
        if sent is None:
            raise Refused("proof", _("Fengselet får ikke beskjed om tilsynet: det trengs samtykke fra pasienten."))
        return sent


def _told(actor: Actor, course: SupervisionCourse, visited_at: datetime) -> QuerySet[Letter]:
    """Return the letters that told the prison of a visit at an instant."""
    rows: QuerySet[Letter] = outbox(actor).select_related(None).filter(
        kind=SUPERVISION_VISIT.code, thread_id=course.thread_id, body__visited_at=written(visited_at)
    )  # fmt: skip
    return rows


def letter_about(actor: Actor, visit: HealthVisit) -> Letter | None:
    """Return the letter that told the prison of a visit as it first was, or None."""
    if visit.course is None:
        return None
    return _told(actor, visit.course, visit.done_at).first()


def written(at: datetime) -> str:
    """Return an instant as these letters carry it: to the second, so that the newest is also the last in order of text."""
    return clock.in_utc(at).isoformat(timespec="seconds")
