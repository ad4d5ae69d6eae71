"""The municipality's own follow-up for an actor, from one queryset each. Writes nothing; hidden and absent are the same 404."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from consent.access import in_force, letters_for, offers
from consent.documents import Offer
from consent.letters import IDENTITY, LetterKind
from consent.models import Consent, Letter, MunicipalLetter
from coordination import clock
from coordination.identity import Actor
from coordination.models import Agency, MunicipalPatient, Role, SpecialistPatient, Unit
from coordination.people.access import namesakes, one_or_404, own_unit_ids, people_for
from coordination.people.actions import find_by_number
from coordination.people.identifiers import lookup_hash
from coordination.worlds import Reach, World
from follow_up.letters import (
    CLINICIANS,
    FROM_PRISON,
    HEALTH_ADVICE,
    LOCK_IN_CHANGED,
    NOTICES,
    ON_COERCIVE_MEANS,
    TRUST_STAFF,
)
from follow_up.models import (
    Addendum,
    HarmReport,
    HealthAdmissionConsultation,
    HealthVisit,
    LockInChange,
    SentAdvice,
    SpecialistCourse,
    SupervisionCourse,
    SupervisionTransfer,
)

STAFF = (*CLINICIANS, Role.HEALTH_LEADER)


def is_clinician(actor: Actor) -> bool:
    """Return whether the role gives health care: only then are clinical words read and written (helsepersonelloven § 29 a)."""
    return actor.world is World.MUNICIPAL_HEALTH and actor.has_role(*CLINICIANS)


def require_staff(actor: Actor) -> None:
    """Raise Http404 unless the role has to do with supervision at all; leaders see clocks, not content."""
    if actor.world is not World.MUNICIPAL_HEALTH or not actor.has_role(*STAFF):
        raise Http404


def require_clinician(actor: Actor) -> None:
    """Raise Http404 unless the actor is health personnel."""
    if not is_clinician(actor):
        raise Http404


def courses_for(actor: Actor) -> QuerySet[SupervisionCourse]:
    """Return courses of supervision, the next visit first; those for whom none is due or planned last."""
    require_staff(actor)
    return (
        SupervisionCourse.objects.filter(agency_id=actor.agency_id)
        .select_related("person", "prison")
        .order_by(Coalesce("due_at", "planned_at"), "effective_at", "id")
    )


def running(actor: Actor) -> QuerySet[SupervisionCourse]:
    """Return courses whose measure the prison has not said is over."""
    return courses_for(actor).filter(ended_at=None)


def told_more(actor: Actor) -> QuerySet[SupervisionCourse]:
    """Return running courses about which a letter has come that says the measure ended, or that the lock-in changed."""
    came = MunicipalLetter.objects.filter(
        agency_id=actor.agency_id, thread_id=OuterRef("thread_id"), direction=Letter.Direction.IN
    )
    kept = LockInChange.objects.filter(letter_id=OuterRef("letter_id"))
    return running(actor).filter(
        Exists(came.filter(kind="measure_ended"))
        | Exists(came.filter(~Exists(kept), kind=LOCK_IN_CHANGED, superseded_by=None))
    )


def letter_sent_at(course: SupervisionCourse) -> datetime:
    """Return when the prison told of a measure."""
    return course.notice.sent_at


def changes_known(course: SupervisionCourse) -> set[UUID]:
    """Return the letters about the lock-in that a course has followed."""
    return {row.letter_id for row in course.lock_in_changes.all()}


def turned_daily_at(course: SupervisionCourse) -> datetime | None:
    """Return from when the first visit is counted anew, or None.

    That is when the lock-in last changed what decides the visits, or when the patient came back from the specialist service.
    """
    changed = course.lock_in_changes.exclude(regime_before=F("regime_after")).order_by("-changed_at", "-id").first()
    back = course.transfers.exclude(in_force_at=None).exclude(ended_at=None).order_by("-ended_at", "-id").first()
    instants = [changed.changed_at if changed else None, back.ended_at if back else None]
    return max((instant for instant in instants if instant is not None), default=None)


def motivated(course: SupervisionCourse) -> dict[str, datetime]:
    """Return when a patient was last motivated and last informed, by kind."""
    said: dict[str, datetime] = {}
    for row in course.motivations.order_by("done_at", "id"):
        said[row.kind] = row.done_at
    return said


def access_course(actor: Actor, pk: UUID) -> SupervisionCourse:
    """Return one course, or raise Http404."""
    return one_or_404(courses_for(actor).select_related("person", "prison", "person__unit").filter(pk=pk))


def course_of_thread(actor: Actor, thread_id: UUID) -> SupervisionCourse | None:
    """Return the course that a thread of letters has set going, or None."""
    return courses_for(actor).filter(thread_id=thread_id).first()


def running_course_of(actor: Actor, person_id: UUID) -> SupervisionCourse | None:
    """Return the running course of a patient, or None."""
    return running(actor).filter(person_id=person_id).first()


def visits_for(actor: Actor) -> QuerySet[HealthVisit]:
    """Return visits, newest first."""
    require_clinician(actor)
    return HealthVisit.objects.filter(agency_id=actor.agency_id).order_by("-done_at", "-id")


def access_visit(actor: Actor, pk: UUID) -> HealthVisit:
    """Return one visit, or raise Http404."""
    return one_or_404(visits_for(actor).select_related("person", "person__unit", "course").filter(pk=pk))


def consultations_for(actor: Actor) -> QuerySet[HealthAdmissionConsultation]:
    """Return admission consultations, newest first."""
    require_clinician(actor)
    return HealthAdmissionConsultation.objects.filter(agency_id=actor.agency_id).order_by("-held_at", "-id")


def access_consultation(actor: Actor, pk: UUID) -> HealthAdmissionConsultation:
    """Return one consultation, or raise Http404."""
    return one_or_404(consultations_for(actor).select_related("person", "person__unit").filter(pk=pk))


def addenda_for(actor: Actor) -> QuerySet[Addendum]:
    """Return what was added to records, oldest first."""
    require_clinician(actor)
    return Addendum.objects.filter(agency_id=actor.agency_id).order_by("recorded_at", "id")


def advice_for(actor: Actor) -> QuerySet[SentAdvice]:
    """Return advice that was sent, newest first."""
    require_clinician(actor)
    return SentAdvice.objects.filter(agency_id=actor.agency_id).order_by("-recorded_at", "-id")


def patient_or_404(actor: Actor, pk: UUID) -> MunicipalPatient:
    """Return one patient, or raise Http404."""
    require_clinician(actor)
    row = people_for(actor).filter(pk=pk).first()
    if not isinstance(row, MunicipalPatient):
        raise Http404
    return row


def letter_from_prison(actor: Actor, pk: UUID) -> Letter:
    """Return a received letter that this app follows up, or raise Http404."""
    require_clinician(actor)
    found = letters_for(actor).filter(pk=pk, direction=Letter.Direction.IN, kind__in=FROM_PRISON)
    row: Letter = one_or_404(found)
    return row


def notices_in(actor: Actor, thread_id: UUID) -> list[Letter]:
    """Return what the prison has said of a measure in one thread, oldest first: notices, corrections, and that it ended."""
    return list(
        letters_for(actor)
        .filter(
            thread_id=thread_id, direction=Letter.Direction.IN, kind__in=(*NOTICES, LOCK_IN_CHANGED, "measure_ended")
        )
        .order_by("sent_at")
    )


def known_as(actor: Actor, letter: Letter) -> list[MunicipalPatient]:
    """Return the own patients a letter may be about: by identity number, else by name and birth date. Never another agency's."""
    require_clinician(actor)
    body = letter.body
    number = str(body.get("national_id") or "")
    if number and (known := find_by_number(actor, MunicipalPatient, number)) is not None:
        assert isinstance(known, MunicipalPatient)
        return [known]
    family, given, born = (str(body.get(field.name, "")) for field in IDENTITY)
    return [row for row in namesakes(actor, family, given, born) if isinstance(row, MunicipalPatient)]


def has_number(patient: MunicipalPatient, number: str) -> bool:
    """Return whether the patient has exactly this identity number."""
    return patient.national_id_lookup is not None and bytes(patient.national_id_lookup) == lookup_hash(
        number, World.MUNICIPAL_HEALTH
    )


def consents_to_tell(actor: Actor, kind: LetterKind, person_id: UUID, prison_id: UUID, at: datetime) -> list[Consent]:
    """Return the patient's consents in force that cover such a letter to this prison; the postman asks again when it is sent."""
    return in_force(actor, person_id, recipient=prison_id, category=kind.category, on=clock.local_date(at))


def grounds_of_advice(actor: Actor, letter: Letter, person_id: UUID, at: datetime) -> list[Offer]:
    """Return the lawful grounds of advice in reply to a letter, each with whether it can be used now and why.

    The statement on coercive means is offered only in reply to a letter about those.
    """
    found = offers(actor, HEALTH_ADVICE, letter.other_agency, person_id, clock.local_date(at), answers=True)
    return [offer for offer in found if offer.basis.code != "LB08" or letter.kind in ON_COERCIVE_MEANS]


def harm_reports_for(actor: Actor) -> QuerySet[HarmReport]:
    """Return reports of harm, newest first."""
    require_clinician(actor)
    return HarmReport.objects.filter(agency_id=actor.agency_id).order_by("-found_at", "-id")


def access_harm_report(actor: Actor, pk: UUID) -> HarmReport:
    """Return one report of harm, or raise Http404."""
    return one_or_404(harm_reports_for(actor).select_related("person", "person__unit", "course").filter(pk=pk))


def harm_answered(actor: Actor) -> QuerySet[HarmReport]:
    """Return reports the prison has answered whose own clock still runs."""
    answers = MunicipalLetter.objects.filter(
        agency_id=actor.agency_id, letter_id=OuterRef("letter_id"), direction=Letter.Direction.OUT
    ).exclude(answered_at=None)
    return harm_reports_for(actor).filter(Exists(answers), decided_at=None)


def answer_to(actor: Actor, letter_id: UUID) -> Letter | None:
    """Return the prison's answer to a letter from here, or None while none has come."""
    row: Letter | None = (
        letters_for(actor)
        .filter(in_reply_to=letter_id, direction=Letter.Direction.IN, superseded_by=None)
        .order_by("-sent_at")
        .first()
    )
    return row


def answers_to(actor: Actor, letter_ids: list[UUID]) -> dict[UUID, Letter]:
    """Return the newest answer to each of some letters from here; one query for any number."""
    rows = letters_for(actor).filter(in_reply_to__in=letter_ids, direction=Letter.Direction.IN, superseded_by=None)
    return {row.in_reply_to: row for row in rows.order_by("sent_at")}


def environment_letters(actor: Actor) -> QuerySet[MunicipalLetter]:
    """Return the findings about places that were sent, newest first."""
    rows: QuerySet[MunicipalLetter] = letters_for(actor).filter(
        kind="environment_findings", direction=Letter.Direction.OUT
    )
    return rows


def served_prisons(actor: Actor) -> list[Agency]:
    """Return the prisons the service serves, by name."""
    return list(Agency.objects.filter(health_service_id=actor.agency_id, closed_on=None).order_by("name"))


def served_prison(actor: Actor, pk: UUID) -> Agency:
    """Return one of the prisons the service serves, or raise Http404."""
    row = next((prison for prison in served_prisons(actor) if prison.pk == pk), None)
    if row is None:
        raise Http404
    return row


def transfers_for(actor: Actor) -> QuerySet[SupervisionTransfer]:
    """Return agreements with the specialist service, newest first."""
    require_staff(actor)
    rows = SupervisionTransfer.objects.filter(agency_id=actor.agency_id).select_related("trust")
    return rows.order_by("-recorded_at", "-id")


def access_transfer(actor: Actor, pk: UUID) -> SupervisionTransfer:
    """Return one agreement, or raise Http404."""
    require_clinician(actor)
    return one_or_404(transfers_for(actor).select_related("person", "person__unit", "course").filter(pk=pk))


# The trust


def is_trust(actor: Actor) -> bool:
    """Return whether the actor gives or leads health care at a trust."""
    return actor.world is World.SPECIALIST_HEALTH and actor.has_role(*TRUST_STAFF)


def specialist_courses(actor: Actor) -> QuerySet[SpecialistCourse]:
    """Return the trust's follow-up of patients in isolation, the next visit first."""
    if not is_trust(actor):
        raise Http404
    rows = SpecialistCourse.objects.filter(agency_id=actor.agency_id).select_related("person", "municipality")
    return rows.order_by("due_at", "-recorded_at", "id")


def access_specialist_course(actor: Actor, pk: UUID) -> SpecialistCourse:
    """Return one of them, or raise Http404."""
    return one_or_404(specialist_courses(actor).select_related("person__unit").filter(pk=pk))


def clinics_for(actor: Actor) -> list[Unit]:
    """Return the trust's clinics that the actor may give a patient to: all of them, or those one works in."""
    if not is_trust(actor):
        raise Http404
    clinics = Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.CLINIC, closed_on=None).order_by("name")
    own = own_unit_ids(actor)
    return [unit for unit in clinics if actor.reach is not Reach.UNIT or unit.pk in own]


def proposals(actor: Actor) -> QuerySet[Letter]:
    """Return received proposals nobody has answered, oldest first."""
    if not is_trust(actor):
        raise Http404
    rows: QuerySet[Letter] = letters_for(actor).filter(
        kind="follow_up_proposal", direction=Letter.Direction.IN, answered_at=None, superseded_by=None
    )
    return rows.order_by("sent_at", "id")


def access_proposal(actor: Actor, pk: UUID) -> Letter:
    """Return a received proposal, or raise Http404."""
    if not is_trust(actor):
        raise Http404
    found = letters_for(actor).filter(pk=pk, kind="follow_up_proposal", direction=Letter.Direction.IN)
    row: Letter = one_or_404(found)
    return row


def known_at_trust(actor: Actor, letter: Letter) -> list[SpecialistPatient]:
    """Return the trust's own patients a proposal may be about, by name and birth date. Never another agency's."""
    family, given, born = (str(letter.body.get(field.name, "")) for field in IDENTITY)
    return [row for row in namesakes(actor, family, given, born) if isinstance(row, SpecialistPatient)]


def responsible_letters(actor: Actor, threads: list[UUID]) -> dict[UUID, Letter]:
    """Return the newest letter on who is responsible, by thread."""
    rows = letters_for(actor).filter(
        thread_id__in=threads, kind="follow_up_responsible", direction=Letter.Direction.IN, superseded_by=None
    )
    return {row.thread_id: row for row in rows.order_by("sent_at")}
