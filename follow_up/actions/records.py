"""The verbs of health follow-up: take on a letter, visit, consult, add, advise. Each is one transaction.

None of them touches anything of the prison's, and none lets, stops or ends a measure: health assesses and advises (R7.1.2-p).
"""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consent.access import letters_for
from consent.actions import acknowledge, ask_if_needed, attach_person, send_letter
from consent.letters import identity_of
from consent.models import Letter, MunicipalLetter
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import MunicipalPatient, Unit
from coordination.people.actions import register_patient
from coordination.refusals import Refused, refused_at
from follow_up import access, supervision
from follow_up.letters import NOTICES, ON_COERCIVE_MEANS, advice_about
from follow_up.models import Addendum, HealthAdmissionConsultation, HealthVisit, SentAdvice
from follow_up.rules import consultation_due, danger_assessment_due
from follow_up.supervision import lock_patient

#: What the prison's words for a feared suicide are in a letter.
FEARED = frozenset({"suicide_risk", "self_harm"})


# Taking on a letter


def team_for(actor: Actor, prison_id: UUID) -> Unit:
    """Return the team that gets the patient: the actor's own, else the one that serves the prison. Raises `Refused`."""
    teams = Unit.objects.filter(agency_id=actor.agency_id, closed_on=None)
    own = teams.filter(pk=actor.unit_id).first() if actor.unit_id else None
    team = own or teams.filter(serves_id=prison_id).first() or teams.first()
    if team is None:
        raise Refused("team", _("Helsetjenesten mangler et team. Spør administrator."))
    return team


def take_on(actor: Actor, letter_pk: UUID, *, patient_id: UUID | None, at: datetime) -> MunicipalPatient:
    """Say whom a letter from the prison is about: a patient known from before, or a new one made from the letter's own facts.

    Attaches every unattached letter of the thread, acknowledges this one and starts the clocks that follow. Raises `Refused` when
    somebody was first, or when a number in the letter belongs to a patient the agency has. (obligation R7.1.3-a)
    """
    access.letter_from_prison(actor, letter_pk)
    with transaction.atomic():
        letter = MunicipalLetter.objects.select_for_update().filter(agency_id=actor.agency_id, pk=letter_pk).get()
        if letter.person_id is not None:
            raise Refused("attached", _("Brevet er allerede knyttet til en pasient."))
        body = letter.body
        place = str(body.get("cell") or body.get("unit") or "")[:60]
        if patient_id is not None:
            patient = lock_patient(actor, patient_id)
            patient.prison_id, patient.place, patient.present = letter.other_agency_id, place, True
            patient.save_changes(["prison", "place", "present"])
        else:
            patient = _new_patient(actor, letter, place, at=at)
        for other in letters_for(actor).filter(thread_id=letter.thread_id, person=None):
            attach_person(other, patient)
        letter.refresh_from_db()
        if letter.acknowledged_at is None and letter.awaits:
            acknowledge(letter)
        _begin(actor, letter, patient, at=at)
        return patient


def _new_patient(actor: Actor, letter: Letter, place: str, *, at: datetime) -> MunicipalPatient:
    body = letter.body
    patient = cast(
        MunicipalPatient,
        register_patient(
            actor,
            unit=team_for(actor, letter.other_agency_id),
            family_name=str(body["family_name"]),
            given_name=str(body["given_name"]),
            birth_date=date.fromisoformat(str(body["birth_date"])),
            prison_id=letter.other_agency_id,
            place=place,
            national_id=str(body.get("national_id") or ""),
            at=at,
        ),
    )
    if body.get("language") or body.get("interpreter"):
        # Language is what the letter says; there is no other source on this side of the wall.
        patient.language, patient.interpreter_needed = (
            str(body.get("language") or "")[:60],
            bool(body.get("interpreter")),
        )
        patient.save_changes(["language", "interpreter_needed"])
    return patient


def _begin(actor: Actor, letter: Letter, patient: MunicipalPatient, *, at: datetime) -> None:
    """Start what a letter asks of the health service."""
    if letter.kind in NOTICES:
        supervision.begin_course(actor, letter, patient, at=at)
    elif letter.kind == "health_contact":
        told = letter.sent_at
        if letter.body.get("stage") == "admission":
            _expect(actor, "D01h", patient, starts_at=told, due_at=consultation_due(told))
        if FEARED & set(letter.body.get("reasons") or ()):
            _expect(actor, "D05h", patient, starts_at=told, due_at=danger_assessment_due(told))


def _expect(actor: Actor, rule: str, patient: MunicipalPatient, *, starts_at: datetime, due_at: datetime) -> None:
    open_deadline(
        actor, rule, person=patient, subject_kind="patient", subject_id=patient.pk, starts_at=starts_at, due_at=due_at
    )


# Records


def record_consultation(
    actor: Actor, patient_id: UUID, *, key: UUID, outcome: str, held_at: datetime, facts: dict[str, Any], at: datetime
) -> HealthAdmissionConsultation:
    """Record the admission consultation: held, declined, or offered for later; return the row (obligations R5.1.2-c to -g).

    An offer closes the recommendation; the assessment of suicide danger stays due until it is made. Raises `Refused`.
    """
    with transaction.atomic():
        patient = lock_patient(actor, patient_id)
        if (before := access.consultations_for(actor).filter(key=key).first()) is not None:
            return before
        if held_at > at:
            raise refused_at("held_at", _("Tidspunktet kan ikke være fram i tid."))
        row = HealthAdmissionConsultation(
            person=patient, key=key, outcome=outcome, held_at=held_at, **facts, **signed(actor, at)
        )
        row.save(force_insert=True)
        close_deadlines(actor, ["D01h"], patient.pk, at=at)
        if row.suicide_danger:
            close_deadlines(actor, ["D05h"], patient.pk, at=at)
        if outcome == HealthAdmissionConsultation.Outcome.HELD:
            # Both sides ask at admission whether consent is needed, each for what it may want to share (R6.3-a, D07).
            ask_if_needed(actor, patient, "admission", row.pk, at=at)
        return row


def add_to(
    actor: Actor, record: HealthVisit | HealthAdmissionConsultation, *, key: UUID, text: str, at: datetime
) -> Addendum:
    """Add to a signed record, which itself stands; return the addition. Raises `Refused` when there is nothing to add."""
    with transaction.atomic():
        patient = lock_patient(actor, record.person_id)
        if (before := access.addenda_for(actor).filter(key=key).first()) is not None:
            return before
        if not text.strip():
            raise refused_at("text", _("Skriv det du vil legge til"))
        row = Addendum(
            person=patient,
            visit=record if isinstance(record, HealthVisit) else None,
            consultation=record if isinstance(record, HealthAdmissionConsultation) else None,
            key=key,
            text=text.strip(),
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row


def send_advice(
    actor: Actor,
    letter: Letter,
    *,
    key: UUID,
    advice: str,
    recommend: str,
    basis: str,
    consent: UUID | None = None,
    necessity: str = "",
    at: datetime,
) -> SentAdvice:
    """Send health advice to the prison in reply to its letter; return what was kept. The prison must answer within a day.

    Advice is words to weigh, never a decision. Raises `Refused`, `Undelivered`; then nothing is sent or saved.
    (obligations R5.1.2-h, R5.2.1-n, R5.2.2-c, R7.1.3-j, -q)
    """
    access.require_clinician(actor)
    if letter.person_id is None:
        raise Refused("patient", _("Knytt brevet til en pasient først."))
    with transaction.atomic():
        patient = lock_patient(actor, letter.person_id)
        if (before := access.advice_for(actor).filter(key=key).first()) is not None:
            return before
        if basis == "LB08" and letter.kind not in ON_COERCIVE_MEANS:
            raise refused_at("basis", _("Dette grunnlaget gjelder bare sikkerhetscelle og sikkerhetsseng."))
        sent = send_letter(
            actor,
            "health_advice",
            to=letter.other_agency_id,
            person=patient,
            body={
                **identity_of(patient),
                "about": advice_about(letter.kind),
                "advice": advice.strip(),
                "recommend": recommend,
            },
            basis=basis,
            consent=consent if basis == "LB02" else None,
            necessity=necessity.strip() if basis == "LB11" else "",
            in_reply_to=letter.letter_id,
        )
        row = SentAdvice(
            person=patient,
            course=access.course_of_thread(actor, letter.thread_id),
            key=key,
            letter_id=sent,
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row
