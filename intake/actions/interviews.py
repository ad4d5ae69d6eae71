"""The admission interview: held, sent where there is a concern, and its clock. Raises rather than keep what was not sent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.actions import ask_if_needed
from coordination import clock, parameters
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import Deadline, Person, Stay
from coordination.people.access import open_stay
from coordination.refusals import Refused, refused_at
from intake import access
from intake.actions.attention import raise_from_interview
from intake.actions.contacts import lock_mine, send_contact, standing_letter
from intake.actions.plans import Plan, expect_decision, record_decision
from intake.models import HealthContactRequest, IntakeInterview
from intake.rules import (
    Answers,
    Interpreter,
    Missing,
    interview_clock,
    missing,
    must_contact_health,
    needs_plan_decision,
)

#: What to say when something is missing, by the form's field.
ASK = {
    Missing.SUICIDE_RISK: gettext_lazy("Svar på om noe tyder på selvmordsfare"),
    Missing.SELF_HARM: gettext_lazy("Svar på om noe tyder på selvskading"),
    Missing.DETOX_NEED: gettext_lazy("Svar på om personen kan trenge avrusning"),
    Missing.ILLNESS_SIGNS: gettext_lazy("Svar på om noe tyder på sykdom"),
    Missing.MENTAL_HEALTH_WORRY: gettext_lazy("Svar på om du er bekymret for den psykiske helsen"),
    Missing.WISHES_HEALTH_CONTACT: gettext_lazy("Svar på om personen ønsker kontakt med helsetjenesten"),
    Missing.DESCRIPTION: gettext_lazy("Skriv hva du så eller hørte"),
    Missing.LANGUAGE: gettext_lazy("Skriv hvilket språk personen snakker"),
    Missing.INTERPRETER: gettext_lazy("Svar på om det trengtes tolk"),
}
FIELDS = {Missing.DESCRIPTION: "observation"}


def _stay(actor: Actor, person: Person) -> Stay:
    stay = open_stay(actor, person.pk)
    if stay is None:
        raise Refused("no_stay", _("Personen har ikke et opphold som er i gang."))
    return stay


def hold_interview(
    actor: Actor,
    person_id: UUID,
    *,
    key: UUID,
    answers: Answers,
    substance_problem: str,
    held_at: datetime,
    plan: Plan | None = None,
    at: datetime,
) -> IntakeInterview:
    """Save the admission interview and, with a concern, send it to the health service in the same step; return the row.

    A later interview of the same stay supersedes the earlier one and its letter. A `key` seen before returns what it made then.
    `plan` None puts the decision off (D05). Raises `Refused`, `Undelivered`; then nothing is saved. (obligations R5.1.1-a to -g)
    """
    if not access.may_interview(actor):
        raise Http404
    with transaction.atomic():
        person = lock_mine(actor, person_id)
        if (before := access.interviews_for(actor).filter(key=key).first()) is not None:
            return before
        stay = _stay(actor, person)
        gaps = missing(answers)
        complete = answers.interpreter is not Interpreter.NEEDED_NOT_FOUND
        if asked := [gap for gap in gaps if complete or gap is not Missing.INTERPRETER]:
            errors = {FIELDS.get(gap, gap.value): [str(ASK[gap])] for gap in asked}
            raise Refused("missing", _("Noe mangler i samtalen."), errors)
        if not stay.admitted_at <= held_at <= at:
            raise refused_at("held_at", _("Tidspunktet må være etter innsettelsen og kan ikke være fram i tid."))
        minor = clock.is_minor(person.birth_date, held_at)
        reasons = must_contact_health(answers, minor=minor)
        previous = access.newest_interview(actor, stay.pk)
        interpreter = answers.interpreter is not Interpreter.NOT_NEEDED
        contact = None
        if reasons:
            contact = send_contact(
                actor,
                person,
                stay,
                key=key,
                stage=HealthContactRequest.Stage.ADMISSION,
                reasons=reasons,
                observation=answers.description.strip(),
                language=answers.language.strip(),
                interpreter=interpreter,
                minor=minor,
                supersedes=standing_letter(actor, previous.health_contact)
                if previous and previous.health_contact
                else None,
                at=at,
            )
        row = _insert_interview(
            actor, person, stay, key=key, answers=answers, substance_problem=substance_problem, held_at=held_at, minor=minor,
            complete=complete, previous=previous, contact=contact, at=at,
        )  # fmt: skip
        _keep_language(person, row)
        raise_from_interview(actor, person, row, at=at)
        if complete:
            close_deadlines(actor, ["D01"], stay.pk, at=at)
            ask_if_needed(actor, person, "admission", stay.pk, at=at)
        feared = needs_plan_decision(answers)
        # A plan somebody starts is kept whatever was answered; a "no" says nothing where nothing is feared.
        if plan is not None and (feared or plan.needed):
            record_decision(actor, person, stay, key=key, plan=plan, interview=row, at=at)
        elif feared:
            expect_decision(actor, person, stay, at=at)
        return row


def _insert_interview(
    actor: Actor,
    person: Person,
    stay: Stay,
    *,
    key: UUID,
    answers: Answers,
    substance_problem: str,
    held_at: datetime,
    minor: bool,
    complete: bool,
    previous: IntakeInterview | None,
    contact: HealthContactRequest | None,
    at: datetime,
) -> IntakeInterview:
    row = IntakeInterview(
        person=person,
        stay=stay,
        key=key,
        held_at=held_at,
        substance_problem=substance_problem,
        minor=minor,
        observation=answers.description.strip(),
        language=answers.language.strip(),
        interpreter=str(answers.interpreter),
        concerns=contact.reasons if contact else [],
        complete=complete,
        supersedes=previous.pk if previous else None,
        health_contact=contact,
        **signed(actor, at),
        **{
            name: getattr(answers, name)
            for name in (
                "suicide_risk",
                "self_harm",
                "detox_need",
                "illness_signs",
                "mental_health_worry",
                "wishes_health_contact",
            )
        },
    )
    row.save(force_insert=True)
    return row


def _keep_language(person: Person, row: IntakeInterview) -> None:
    """Keep language and need of an interpreter on the person, so that the next officer sees them."""
    needed = row.interpreter != Interpreter.NOT_NEEDED
    if (person.language, person.interpreter_needed) != (row.language, needed):
        person.language, person.interpreter_needed = row.language, needed
        person.save_changes(["language", "interpreter_needed"])


def expect_interview(actor: Actor, person: Person, stay: Stay) -> None:
    """Start the clock of the admission interview (D01), tightened where the unit has; called when a stay is opened."""
    instants = interview_clock(stay.admitted_at, parameters.load(actor, stay.unit).span("interview_hours"))
    open_deadline(
        actor,
        "D01",
        person=person,
        subject_kind="stay",
        subject_id=stay.pk,
        starts_at=stay.admitted_at,
        due_at=instants.overdue_at,
    )


def stay_ended(actor: Actor, stay: Stay, *, at: datetime) -> None:
    """Close what was still to be done; the records stand."""
    close_deadlines(
        actor,
        ["D01", "D05", "D05b", "D06"],
        stay.pk,
        at=at,
        outcome=Deadline.Outcome.CANCELLED,
        reason=_("Oppholdet er avsluttet"),
    )
