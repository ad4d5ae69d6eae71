"""The municipality's own follow-up for an actor, from one queryset each. Writes nothing; hidden and absent are the same 404."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from consent.access import in_force, letters_for
from consent.letters import IDENTITY
from consent.models import Consent, Letter, MunicipalLetter
from coordination import clock
from coordination.identity import Actor
from coordination.models import MunicipalPatient, Role
from coordination.people.access import people_for
from coordination.people.actions import find_by_number
from coordination.people.identifiers import lookup_hash
from coordination.worlds import World
from follow_up.letters import CLINICIANS, FROM_PRISON, HEALTH_ADVICE, NOTICES
from follow_up.models import Addendum, HealthAdmissionConsultation, HealthVisit, SentAdvice, SupervisionCourse

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
    """Return courses of supervision, the next due first; those without a duty to visit daily last."""
    require_staff(actor)
    return (
        SupervisionCourse.objects.filter(agency_id=actor.agency_id)
        .select_related("person", "prison")
        .order_by("due_at", "effective_at", "id")
    )


def running(actor: Actor) -> QuerySet[SupervisionCourse]:
    """Return courses whose measure the prison has not said is over."""
    return courses_for(actor).filter(ended_at=None)


def told_over(actor: Actor) -> QuerySet[SupervisionCourse]:
    """Return running courses about which a letter has come that says the measure ended."""
    ending = MunicipalLetter.objects.filter(
        agency_id=actor.agency_id, thread_id=OuterRef("thread_id"), direction=Letter.Direction.IN, kind="measure_ended"
    )
    return running(actor).filter(Exists(ending))


def access_course(actor: Actor, pk: UUID) -> SupervisionCourse:
    """Return one course, or raise Http404."""
    row = courses_for(actor).select_related("person", "prison", "person__unit").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


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
    row = visits_for(actor).select_related("person", "person__unit", "course").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def consultations_for(actor: Actor) -> QuerySet[HealthAdmissionConsultation]:
    """Return admission consultations, newest first."""
    require_clinician(actor)
    return HealthAdmissionConsultation.objects.filter(agency_id=actor.agency_id).order_by("-held_at", "-id")


def access_consultation(actor: Actor, pk: UUID) -> HealthAdmissionConsultation:
    """Return one consultation, or raise Http404."""
    row = consultations_for(actor).select_related("person", "person__unit").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


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
    row: Letter | None = found.first()
    if row is None:
        raise Http404
    return row


def notices_in(actor: Actor, thread_id: UUID) -> list[Letter]:
    """Return what the prison has said of a measure in one thread, oldest first: notices, corrections, and that it ended."""
    return list(
        letters_for(actor)
        .filter(thread_id=thread_id, direction=Letter.Direction.IN, kind__in=(*NOTICES, "measure_ended"))
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
    found = people_for(actor).filter(
        family_key=family.strip().lower(), given_name__iexact=given.strip(), birth_date=born
    )
    return [row for row in found[:10] if isinstance(row, MunicipalPatient)]


def has_number(patient: MunicipalPatient, number: str) -> bool:
    """Return whether the patient has exactly this identity number."""
    return patient.national_id_lookup is not None and bytes(patient.national_id_lookup) == lookup_hash(
        number, World.MUNICIPAL_HEALTH
    )


def consents_to_advise(actor: Actor, person_id: UUID, prison_id: UUID, at: datetime) -> list[Consent]:
    """Return the patient's consents in force that cover advice to this prison; the postman asks again when it is sent."""
    on = clock.local_date(at)
    return in_force(actor, person_id, recipient=prison_id, category=HEALTH_ADVICE.category, on=on)
