"""The verbs about patients locked in: whether they get supervision, how often by a doctor's plan, and what they are told.

What is decided here is when health personnel come. Whether the lock-in goes on is the prison's, and no verb says anything about it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from coordination.identity import Actor, signed
from coordination.models import MunicipalPatient, Role
from coordination.refusals import Refused, refused_at, said
from follow_up import access, supervision
from follow_up.models import FrequencyPlan, MotivationEntry, SupervisionConsideration, SupervisionCourse
from follow_up.rules import MILD, PLAN_REVIEW, daily_visit_required, days_after, regime_of
from follow_up.supervision import lock_patient


def _held(actor: Actor, pk: UUID) -> tuple[SupervisionCourse, MunicipalPatient]:
    """Return a running course with its patient locked. Raises Http404, `Refused`."""
    access.require_clinician(actor)
    course = access.access_course(actor, pk)
    patient = lock_patient(actor, course.person_id)
    course.refresh_from_db()
    if course.ended_at is not None:
        raise Refused("ended", _("Fengselet har meldt at tiltaket er over."))
    return course, patient


def consider(
    actor: Actor, course_id: UUID, *, key: UUID, supervise: bool, reason: str, at: datetime
) -> SupervisionConsideration:
    """Record whether somebody isolated without a decision gets supervision, and why; the clocks follow. Raises `Refused`.

    Can be considered again; the newest holds. (obligations R7.1.1-d, R5.2.2-i; both advise)
    """
    with transaction.atomic():
        course, patient = _held(actor, course_id)
        known = SupervisionConsideration.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        if course.kind not in MILD:
            raise Refused("decided", _("Tiltaket bygger på et vedtak. Da er tilsyn en plikt, og skal ikke vurderes."))
        row = SupervisionConsideration(
            person=patient,
            course=course,
            key=key,
            supervise=supervise,
            reason=said(reason, "reason", _("Skriv hva vurderingen bygger på")),
            considered_at=at,
            **signed(actor, at),
        )
        row.save(force_insert=True)
        course.supervise = supervise
        daily = daily_visit_required(course.kind, "", course.hours_out)
        course.regime = regime_of(course.kind, daily=daily, supervise=supervise)
        supervision.refresh(actor, course, patient, at=at, met=("D32k",), reason=_("Vurdert: ikke fast tilsyn"))
        return row


def plan_frequency(
    actor: Actor,
    course_id: UUID,
    *,
    key: UUID,
    interval_days: int,
    health: str,
    age: str,
    wishes: str,
    degree: str,
    at: datetime,
) -> FrequencyPlan:
    """Let a doctor plan how often a patient locked in less than 22 hours is seen; the plan drives the next visit. Raises `Refused`.

    A review is a new plan, and the newest holds. Only a doctor: anybody else gets Http404. (obligations R7.1.3-l, -m, -n; rule D32)
    """
    if not actor.has_role(Role.PRISON_DOCTOR):
        raise Http404
    with transaction.atomic():
        course, patient = _held(actor, course_id)
        known = FrequencyPlan.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        if course.regime != SupervisionCourse.Regime.PLAN:
            raise Refused(
                "daily",
                _("Pasienten er innlåst 22 timer eller mer, eller får ikke fast tilsyn. Planen gjelder ikke da."),
            )
        if not 1 <= interval_days <= 31:
            raise refused_at("interval_days", _("Skriv et antall dager fra 1 til 31"), code="interval")
        row = FrequencyPlan(
            person=patient,
            course=course,
            key=key,
            planned_at=at,
            interval_days=interval_days,
            health=said(health, "health", _("Skriv hva helsetilstanden tilsier")),
            age=said(age, "age", _("Skriv hva alderen tilsier")),
            wishes=said(wishes, "wishes", _("Skriv hva pasienten ønsker")),
            degree=said(degree, "degree", _("Skriv hva graden av isolasjon tilsier")),
            review_at=days_after(at, PLAN_REVIEW),
            **signed(actor, at),
        )
        row.save(force_insert=True)
        supervision.refresh(actor, course, patient, at=at, met=("D32", "D32r"))
        return row


def motivate(
    actor: Actor, course_id: UUID, *, key: UUID, kind: str, note: str, done_at: datetime, at: datetime
) -> MotivationEntry:
    """Record that a self-isolating patient was motivated, or told of the possible harms. Raises `Refused`. (obligations R7.1.1-b, -c)"""
    with transaction.atomic():
        course, patient = _held(actor, course_id)
        known = MotivationEntry.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        if kind not in MotivationEntry.Kind.values:
            raise refused_at("kind", _("Velg hva som er gjort"))
        if course.kind != supervision.CHOSEN:
            raise Refused("chosen", _("Dette føres bare når pasienten selv velger isolasjon."))
        if done_at > at:
            raise refused_at("done_at", _("Tidspunktet kan ikke være fram i tid."))
        row = MotivationEntry(
            person=patient, course=course, key=key, kind=kind, note=note.strip(), done_at=done_at, **signed(actor, at)
        )
        row.save(force_insert=True)
        supervision.refresh(actor, course, patient, at=at, met=("D27i",))
        return row
