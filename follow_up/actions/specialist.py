"""The trust's verbs about following up a patient in isolation: answer a proposal, follow the agreement, record a visit.

Holds nothing of the municipality's side. Nothing here lets, stops or ends a measure of the prison's.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consent.access import inbox
from consent.actions import acknowledge, attach_person, send_letter
from consent.letters import identity_of, instant
from consent.models import Letter
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import Agency, Deadline, SpecialistPatient, Unit
from coordination.people.access import lock_person, one_or_404
from coordination.people.actions import grant, register_patient
from coordination.refusals import Refused, refused_at, said
from follow_up import access
from follow_up.letters import FOLLOW_UP_ANSWER
from follow_up.models import SpecialistCourse, SpecialistVisit
from follow_up.models.transfers import TransferState
from follow_up.rules import next_visit
from follow_up.supervision.telling import tell_municipality

VISIT_DUE = "D33t"


def answer_proposal(
    actor: Actor,
    letter_pk: UUID,
    *,
    key: UUID,
    accept: bool,
    contact: str,
    reason: str,
    patient_id: UUID | None = None,
    clinic_id: UUID | None = None,
    at: datetime,
) -> SpecialistCourse:
    """Say yes or no to following up a patient; return the trust's own row. Nothing moves before the municipality puts it in force.

    `patient_id` is one of the trust's own patients whom the letter is about, None for a new one made from the letter's facts. With yes
    the clinic that follows up (`clinic_id`) knows of the patient from the same moment; the trust's only one need not be named.
    Answering twice returns the first answer. Raises `Refused`, `Undelivered`, Http404. (obligation R7.1.3-b)
    """
    letter = access.access_proposal(actor, letter_pk)
    with transaction.atomic():
        locked = one_or_404(inbox(actor).select_related(None).select_for_update(of=("self",)).filter(pk=letter.pk))
        if (before := access.specialist_courses(actor).filter(thread_id=locked.thread_id).first()) is not None:
            return before
        if accept:
            contact = said(contact, "contact", _("Skriv hvem fengselet ringer"))
        else:
            reason = said(reason, "reason", _("Skriv hvorfor dere ikke kan følge opp"))
        clinic = _clinic(actor, clinic_id) if accept else None
        patient = _patient(actor, locked, patient_id, clinic, at)
        body = {**identity_of(patient), "response": "accepted" if accept else "declined"}
        if contact.strip():
            body["contact"] = contact.strip()
        if reason.strip():
            body["reason"] = reason.strip()
        send_letter(
            actor,
            FOLLOW_UP_ANSWER.code,
            to=locked.other_agency_id,
            person=patient,
            body=body,
            basis=locked.basis if locked.basis in ("LB10", "LB12") else "LB10",
            in_reply_to=locked.letter_id,
        )
        acknowledge(locked)
        row = SpecialistCourse(
            person=patient,
            municipality_id=locked.other_agency_id,
            thread_id=locked.thread_id,
            letter_id=locked.letter_id,
            key=key,
            state=TransferState.AGREED if accept else TransferState.DECLINED,
            daily=bool(locked.body.get("daily")),
            contact=contact.strip()[:200],
            reason=reason.strip(),
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row


def _clinic(actor: Actor, chosen: UUID | None) -> Unit | None:
    """Return the clinic that will follow up: the chosen one, or the only one there is; None where a trust has none. Raises `Refused`."""
    clinics = list(access.clinics_for(actor))
    if chosen is None and len(clinics) < 2:
        return clinics[0] if clinics else None
    clinic = next((unit for unit in clinics if unit.pk == chosen), None)
    if clinic is None:
        raise refused_at("clinic", _("Velg hvilken klinikk som følger opp."))
    return clinic


def _patient(actor: Actor, letter: Letter, chosen: UUID | None, clinic: Unit | None, at: datetime) -> SpecialistPatient:
    """Return the trust's own patient: the letter's, the chosen one, or a new one of its identity facts. Nothing is looked up elsewhere.

    Whoever follows a patient up needs to know of them: the clinic does, as soon as it has said yes.
    """
    joined: UUID | None = letter.person_id or chosen
    if joined is not None:
        known = lock_person(actor, joined)
        assert isinstance(known, SpecialistPatient)
        if letter.person_id is None:
            attach_person(letter, known)
        if clinic is not None and not known.grants.filter(group_id=clinic.group_id).exists():
            grant(actor, known, clinic)
        return known
    desks = Unit.objects.filter(agency_id=actor.agency_id, closed_on=None)
    desk = clinic or desks.filter(kind="desk").first() or desks.first()
    if desk is None:
        raise Refused(
            "no_desk", _("Helseforetaket har ikke noe mottak i Samvirke. Be administratoren om å legge det inn.")
        )
    body = letter.body
    prisons = Agency.objects.filter(health_service_id=letter.other_agency_id, name=str(body.get("prison", "")))
    prison = prisons.first()
    patient = register_patient(
        actor,
        unit=desk,
        family_name=str(body["family_name"]),
        given_name=str(body["given_name"]),
        birth_date=date.fromisoformat(str(body["birth_date"])),
        prison_id=prison.pk if prison else None,
        place=str(body.get("prison", ""))[:60],
        national_id=str(body.get("national_id") or ""),
        at=at,
    )
    assert isinstance(patient, SpecialistPatient)
    attach_person(letter, patient)
    return patient


def catch_up(actor: Actor, *, at: datetime) -> int:
    """Let the trust's courses follow what the municipality has written: in force, or taken back; return how many changed."""
    count = 0
    rows = access.specialist_courses(actor).filter(state__in=[TransferState.AGREED, TransferState.IN_FORCE])
    told = access.responsible_letters(actor, [row.thread_id for row in rows])
    for row in rows:
        letter = told.get(row.thread_id)
        if letter is None:
            continue
        ours = letter.body.get("responsible") == "specialist"
        if ours and row.state == TransferState.IN_FORCE:
            continue
        with transaction.atomic():
            person = lock_person(actor, row.person_id)
            since = instant(letter.body.get("from_at"), letter.sent_at)
            if ours:
                row.state, row.in_force_at = TransferState.IN_FORCE, since
                row.due_at = next_visit(since).overdue_at if row.daily else None
            else:
                row.state, row.ended_at, row.due_at = TransferState.ENDED, since, None
            row.save_changes(["state", "in_force_at", "ended_at", "due_at"])
            assert isinstance(person, SpecialistPatient)
            _set_clock(actor, row, person, since, at=at)
            count += 1
    return count


def _set_clock(
    actor: Actor, row: SpecialistCourse, person: SpecialistPatient, since: datetime, *, at: datetime
) -> None:
    if row.due_at is None:
        close_deadlines(actor, [VISIT_DUE], row.pk, at=at, outcome=Deadline.Outcome.CANCELLED)
    else:
        open_deadline(
            actor,
            VISIT_DUE,
            person=person,
            subject_kind="specialist_course",
            subject_id=row.pk,
            starts_at=since,
            due_at=row.due_at,
        )


def record_visit(
    actor: Actor, pk: UUID, *, key: UUID, declined: bool = False, note: str = "", tell: bool = False, at: datetime
) -> SpecialistVisit:
    """Record a visit made or offered now; the next is due within a day while the agreement is in force.

    `tell`: the municipality hears that it was made, and when; not of one that was declined. Raises `Refused`, `Undelivered`, Http404.
    """
    course = access.access_specialist_course(actor, pk)
    with transaction.atomic():
        person = lock_person(actor, course.person_id)
        assert isinstance(person, SpecialistPatient)
        course.refresh_from_db()
        known = SpecialistVisit.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        if course.state != TransferState.IN_FORCE:
            raise Refused("state", _("Kommunen har ansvaret for tilsyn nå."))
        row = SpecialistVisit(
            person=person, course=course, key=key, done_at=at, declined=declined, note=note.strip(), **signed(actor, at)
        )
        row.save(force_insert=True)
        if tell and not declined:
            tell_municipality(actor, course, person, at)
        course.last_visit_at = at
        course.due_at = next_visit(at).overdue_at if course.daily else None
        course.save_changes(["last_visit_at", "due_at"])
        _set_clock(actor, course, person, at, at=at)
        return row
