"""The trust's verbs about a referral: register receipt, say which clinic assesses, decide and answer.

Each is one transaction. Holds nothing of the municipality's side.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import inbox
from consent.actions import Enclosure, acknowledge, attach_person, send_letter
from consent.letters import identity_of
from consent.models import Letter
from coordination import clock, deadlines
from coordination.deadlines import DEADLINES
from coordination.identity import Actor, signed
from coordination.models import Agency, Deadline, SpecialistPatient, SpecialistPatientGrant, Unit
from coordination.people.access import lock_person, one_or_404
from coordination.people.actions import grant, register_patient
from coordination.refusals import Refused, refused_at
from referrals import access
from referrals.deadlines import ASSESSMENT
from referrals.letters import DECISION
from referrals.models import ReferralState, ServiceType, SpecialistReferral, Urgency, WithdrawnBy
from referrals.rules import OUTCOMES, Field, State, assessment_due, may_move, missing_fields

BASES = ("LB10", "LB12")


# Receipt


def register_receipt(
    actor: Actor, letter: Letter, *, patient: UUID | None, clinic: Unit | None = None, at: datetime
) -> SpecialistReferral | None:
    """Take a referral letter on: acknowledge it, know its patient, and start the ten working days from when it was sent (B21).

    `patient` is one of the trust's own, None for a new one made from the letter's identity facts. A letter that takes a referral back
    ends it; a new version of a returned one starts ten new days, of one under assessment none. Registering twice registers once.
    Returns the referral, None for one withdrawn before it was received. Raises `Refused` ("superseded", "known").
    """
    if not access.may_receive(actor):
        raise Http404
    with transaction.atomic():
        # The letter's row is the lock: two at the desk may open the same one.
        locked = one_or_404(inbox(actor).select_related(None).select_for_update(of=("self",)).filter(pk=letter.pk))
        case = access.case_of_thread(actor, locked.thread_id)
        withdrawn = bool(locked.body.get("withdrawn_by"))
        if case is not None and case.letter_id == locked.letter_id:
            return case
        if locked.superseded_by is not None:
            raise Refused("superseded", _("Det har kommet en nyere versjon av henvisningen. Åpne den i stedet."))
        if withdrawn:
            _end(actor, case, locked, at)
        elif case is None:
            case = _open(actor, locked, patient, at)
        else:
            _renew(actor, case, locked, at)
        acknowledge(locked)
        if clinic is not None and case is not None and case.state == State.RECEIVED:
            assign(actor, case, clinic, at=at)
    return case


def _choices(letter: Letter) -> tuple[str, str]:
    """Return service and urgency as the letter says them, and the plainest where it says something unknown."""
    service, urgency = str(letter.body.get("service_type", "")), str(letter.body.get("urgency", ""))
    return (
        service if service in ServiceType.values else ServiceType.OTHER,
        urgency if urgency in Urgency.values else Urgency.ORDINARY,
    )


def _open(actor: Actor, letter: Letter, patient: UUID | None, at: datetime) -> SpecialistReferral:
    joined: UUID | None = letter.person_id or patient
    known = lock_person(actor, joined) if joined else None
    person = known if isinstance(known, SpecialistPatient) else _new_patient(actor, letter, at)
    if letter.person_id is None:
        attach_person(letter, person)
    service, urgency = _choices(letter)
    due = assessment_due(letter.sent_at)
    case = SpecialistReferral(
        person=person,
        referrer_id=letter.other_agency_id,
        referrer_name=letter.sender_name,
        service_type=service,
        urgency=urgency,
        state=State.RECEIVED.value,
        thread_id=letter.thread_id,
        letter_id=letter.letter_id,
        sent_at=letter.sent_at,
        received_at=at,
        assessment_due_at=due,
        **signed(actor, at),
    )
    case.save(force_insert=True)
    _start_clock(actor, case)
    return case


def _new_patient(actor: Actor, letter: Letter, at: datetime) -> SpecialistPatient:
    """Make the trust's own patient of what the letter says; nothing is looked up anywhere else."""
    desk = access.desk_of(actor)
    if desk is None:
        raise Refused(
            "no_desk", _("Helseforetaket har ikke noe mottak i Samvirke. Be administratoren om å legge det inn.")
        )
    body = letter.body
    referrer = Agency.objects.get(pk=letter.other_agency_id)
    prisons = list(
        Agency.objects.filter(health_service=referrer, kind=Agency.Kind.PRISON, name=str(body.get("prison", "")))
    )
    patient = register_patient(
        actor,
        unit=desk,
        family_name=str(body["family_name"]),
        given_name=str(body["given_name"]),
        birth_date=date.fromisoformat(str(body["birth_date"])),
        prison_id=prisons[0].pk if prisons else None,
        place=str(body.get("prison", ""))[:60],
        national_id=access.usable_number(letter),
        at=at,
    )
    assert isinstance(patient, SpecialistPatient)
    return patient


def _start_clock(actor: Actor, case: SpecialistReferral) -> None:
    assert case.sent_at is not None
    deadlines.open_deadline(
        actor,
        ASSESSMENT,
        person=case.person,
        subject_kind="referral",
        subject_id=case.pk,
        starts_at=case.sent_at,
        due_at=case.assessment_due_at,
        unit=case.clinic,
    )


def _renew(actor: Actor, case: SpecialistReferral, letter: Letter, at: datetime) -> None:
    """Take in a new version of a known referral."""
    lock_person(actor, case.person_id)
    case.letter_id, (case.service_type, case.urgency) = letter.letter_id, _choices(letter)
    fields = ["letter_id", "service_type", "urgency"]
    state = State(case.state)
    again = state is not State.RECEIVED and may_move(state, State.SENT) and may_move(State.SENT, State.RECEIVED)
    if again:
        case.state = State.RECEIVED.value
        case.sent_at, case.received_at, case.assessment_due_at = letter.sent_at, at, assessment_due(letter.sent_at)
        case.decided_at, case.decided_by_name, case.decision_key = None, "", None
        fields += [
            "state",
            "sent_at",
            "received_at",
            "assessment_due_at",
            "decided_at",
            "decided_by_name",
            "decision_key",
        ]
    case.save_changes(fields)
    if again:
        _start_clock(actor, case)


def _end(actor: Actor, case: SpecialistReferral | None, letter: Letter, at: datetime) -> None:
    """End a referral that its sender took back."""
    if case is None:
        return
    lock_person(actor, case.person_id)
    if not may_move(State(case.state), State.WITHDRAWN):
        case.letter_id = letter.letter_id
        case.save_changes(["letter_id"])
        return
    by = str(letter.body.get("withdrawn_by", ""))
    case.state, case.letter_id = State.WITHDRAWN.value, letter.letter_id
    case.withdrawn_by = by if by in WithdrawnBy.values else WithdrawnBy.REFERRER
    case.save_changes(["state", "letter_id", "withdrawn_by"])
    deadlines.close_deadlines(
        actor,
        [ASSESSMENT],
        case.pk,
        at=at,
        outcome=Deadline.Outcome.CANCELLED,
        reason=_("Henvisningen er trukket tilbake."),
    )


# Which clinic


def assign(actor: Actor, case: SpecialistReferral, clinic: Unit, *, at: datetime) -> None:
    """Give a referral to a clinic: its clinicians get to know of the patient, and the clinic that had it before no longer does.

    Another clinic that has its own referral of the same patient keeps its view. Needs whole-agency reach. Raises `Refused`.
    """
    if not access.may_receive(actor):
        raise Http404
    if clinic.agency_id != actor.agency_id or clinic.kind != Unit.Kind.CLINIC or clinic.closed_on is not None:
        raise refused_at("clinic", _("Velg en klinikk i eget helseforetak."))
    with transaction.atomic():
        patient = lock_person(actor, case.person_id)
        before = case.clinic_id
        if before == clinic.pk:
            return
        case.clinic = clinic
        case.save_changes(["clinic"])
        leaving = [patient.unit] if patient.unit.kind == Unit.Kind.DESK else []
        others = access.cases_for(actor).filter(person_id=patient.pk).exclude(pk=case.pk)
        if before is not None and not others.filter(clinic_id=before).exists():
            leaving.append(Unit.objects.get(pk=before))
        grants = SpecialistPatientGrant._base_manager.filter(agency_id=actor.agency_id, content_object_id=patient.pk)
        grants.filter(group_id__in=[unit.group_id for unit in leaving]).delete()
        if not grants.filter(group_id=clinic.group_id).exists():
            grant(actor, patient, clinic)
        if patient.unit_id in {unit.pk for unit in leaving}:
            patient.unit = clinic
            patient.save_changes(["unit"])
        DEADLINES[actor.world]._default_manager.filter(subject_id=case.pk, closed_at=None).update(unit=clinic)


# The assessment

#: What the form calls each field of the rules.
NAMES = {
    Field.TREATMENT_DEADLINE_ON: "treatment_deadline_on",
    Field.START_ON: "start_on",
    Field.REASON: "reason",
    Field.APPEAL_INFORMATION: "appeal_information",
    Field.INFORMATION_WANTED: "information_wanted",
    Field.NEW_RECIPIENT: "new_recipient",
    Field.PATIENT_INFORMED_AT: "patient_informed",
}


def _missing_text(field: Field) -> str:
    return {
        Field.TREATMENT_DEADLINE_ON: _("Skriv fristen for å starte helsehjelpen."),
        Field.START_ON: _("Skriv når helsehjelpen starter."),
        Field.REASON: _("Skriv begrunnelsen."),
        Field.APPEAL_INFORMATION: _("Skriv hvordan pasienten kan klage."),
        Field.INFORMATION_WANTED: _("Skriv hvilke opplysninger som mangler."),
        Field.NEW_RECIPIENT: _("Skriv hvor henvisningen er vist videre."),
        Field.PATIENT_INFORMED_AT: _("Informer pasienten, og kryss av her."),
    }.get(field, _("Noe mangler."))


def _required(outcome: State, given: dict[Field, Any], reason: str) -> None:
    errors = {NAMES[field]: [_missing_text(field)] for field in missing_fields(outcome, given)}
    # The answer to the referrer says why, whatever the outcome.
    if not reason.strip():
        errors["reason"] = [_missing_text(Field.REASON)]
    if errors:
        raise Refused("missing", _("Avgjørelsen er ikke ferdig utfylt."), errors)


def decide(
    actor: Actor,
    case: SpecialistReferral,
    *,
    outcome: str,
    reason: str,
    treatment_deadline_on: date | None = None,
    start_on: date | None = None,
    appeal_information: str = "",
    information_wanted: str = "",
    new_recipient: str = "",
    patient_informed: bool = False,
    basis: str = "LB12",
    version: int,
    key: UUID,
    at: datetime,
    files: Sequence[Enclosure] = (),
) -> SpecialistReferral:
    """Decide what a referral leads to and tell the referrer by letter, which stops the ten working days (B21; pbrl § 2-2 a).

    What each outcome must hold stands in `rules.required_fields`; `files` go with the letter. The same `key` again answers once. Raises `Refused` with the fields,
    `StaleWrite` when somebody else changed the referral.
    """
    if not access.may_read_received(actor):
        raise Http404
    if outcome not in {state.value for state in OUTCOMES} or basis not in BASES:
        raise refused_at("outcome", _("Velg avgjørelse."))
    to = State(outcome)
    with transaction.atomic():
        patient = lock_person(actor, case.person_id)
        row = access.access_case(actor, case.pk)
        if row.decision_key == key:
            return row
        if not may_move(State(row.state), to):
            raise Refused("state", _("Henvisningen er allerede avgjort eller trukket tilbake. Last siden på nytt."))
        given: dict[Field, Any] = {
            Field.TREATMENT_DEADLINE_ON: treatment_deadline_on,
            Field.START_ON: start_on,
            Field.REASON: reason,
            Field.APPEAL_INFORMATION: appeal_information,
            Field.INFORMATION_WANTED: information_wanted,
            Field.NEW_RECIPIENT: new_recipient,
            Field.PATIENT_INFORMED_AT: at if patient_informed else None,
            Field.REFERRER_INFORMED_AT: at,  # the letter below
        }
        _required(to, given, reason)
        if treatment_deadline_on is not None and treatment_deadline_on < clock.local_date(at):
            raise refused_at("treatment_deadline_on", _("Fristen kan ikke være i fortiden."))
        granted, text = to is State.RIGHT_GRANTED, reason.strip()
        if to is State.REDIRECTED:
            text = f"{text}\n{_('Vist videre til: %(recipient)s') % {'recipient': new_recipient.strip()}}"
        body = {
            **identity_of(patient),
            "outcome": to.value,
            "reason": text,
            "treatment_deadline": treatment_deadline_on.isoformat() if granted and treatment_deadline_on else "",
            "start_on": start_on.isoformat() if granted and start_on else "",
            "appeal": appeal_information.strip(),
            "missing": information_wanted.strip() if to is State.RETURNED_FOR_INFORMATION else "",
        }
        row.version = version
        row.state, row.reason, row.decision_key = ReferralState(to.value), reason.strip(), key
        row.treatment_deadline_on, row.start_on = (treatment_deadline_on, start_on) if granted else (None, None)
        row.appeal_information, row.information_wanted = appeal_information.strip(), information_wanted.strip()
        row.new_recipient = new_recipient.strip() if to is State.REDIRECTED else ""
        row.patient_informed_at, row.referrer_informed_at = given[Field.PATIENT_INFORMED_AT], at
        row.decided_at, row.decided_by_name = at, actor.signature
        row.decision_letter_id = send_letter(
            actor,
            DECISION,
            to=row.referrer_id,
            person=patient,
            body={k: v for k, v in body.items() if v != ""},
            basis=basis,
            inmate_informed=patient_informed,
            in_reply_to=row.letter_id,
            files=files,
        )
        row.save_changes([*DECIDED])
        deadlines.close_deadlines(actor, [ASSESSMENT], row.pk, at=at)
    return row


DECIDED = (
    *(
        "state",
        "reason",
        "decision_key",
        "treatment_deadline_on",
        "start_on",
        "appeal_information",
        "information_wanted",
        "new_recipient",
    ),
    *("patient_informed_at", "referrer_informed_at", "decided_at", "decided_by_name", "decision_letter_id"),
)
