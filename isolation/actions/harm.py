"""The prison's verbs after a report of harm, after findings about surroundings, and when it asks for advice. The prison decides, nobody else.

Nothing here asks the health service to agree to anything.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consent.access import inbox
from consent.actions import acknowledge, send_letter
from consent.letters import identity_of
from consent.models import CustodyLetter, Letter
from coordination import clock
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import CustodyDeadline, Person
from coordination.people.access import lock_person, must_have_health_service
from coordination.refusals import refused_at, said
from coordination.worlds import World
from isolation.access import access_addressed, measure_of_thread, require_role, running_for
from isolation.actions.requests import answer_basis
from isolation.letters import (
    ADVICE_REQUEST,
    DECIDERS,
    ENVIRONMENT_ANSWER,
    FINDINGS_RESPONSES,
    GENERAL_BASIS,
    HARM_ANSWER,
)
from isolation.models import AdviceRequest, HarmDecision
from isolation.rules.notices import harm_report_clock

REPORT, FINDINGS = "harm_report", "environment_findings"
RULE = "D31"


def access_report(actor: Actor, pk: UUID) -> Letter:
    """Return a received report of harm, or raise Http404."""
    return access_addressed(actor, pk, REPORT)


def decision_of(actor: Actor, letter: Letter) -> HarmDecision | None:
    """Return what was decided after a report, or None."""
    return HarmDecision.objects.filter(agency_id=actor.agency_id, report_letter=letter.letter_id).first()


def is_late(letter: Letter, at: datetime) -> bool:
    """Return whether the two hours are over: then the region's duty contact is rung, and it is written down."""
    return at > harm_report_clock(letter.sent_at).overdue_at


def take_note(actor: Actor, pk: UUID) -> Letter:
    """Acknowledge a report, which stops the half hour; the two hours to decide run from when it was sent. (rules D31a, D31)"""
    letter = access_report(actor, pk)
    with transaction.atomic():
        person = lock_person(actor, letter.person_id)  # type: ignore[arg-type]  # access_report has asked
        assert isinstance(person, Person)
        acknowledge(letter)
        _open_clock(actor, letter, person)
    return letter


def start_clocks(actor: Actor, at: datetime) -> int:
    """Open the clock of every report that has come since last, also of one nobody has acknowledged; return how many."""
    if actor.world is not World.CUSTODY or not actor.has_role(*DECIDERS):
        return 0
    waiting = list(inbox(actor).filter(kind=REPORT, answered_at=None, superseded_by=None, person__isnull=False)[:50])
    known = set(
        CustodyDeadline.objects.filter(rule=RULE, subject_id__in=[row.pk for row in waiting]).values_list(
            "subject_id", flat=True
        )
    )
    new = [row for row in waiting if row.pk not in known]
    for letter in new:
        with transaction.atomic():
            person = lock_person(actor, letter.person_id)
            assert isinstance(person, Person)
            _open_clock(actor, letter, person)
    return len(new)


def _open_clock(actor: Actor, letter: Letter, person: Person) -> None:
    if CustodyDeadline.objects.filter(rule=RULE, subject_id=letter.pk).exists():
        return
    open_deadline(
        actor,
        RULE,
        person=person,
        subject_kind="harm_report",
        subject_id=letter.pk,
        starts_at=letter.sent_at,
        due_at=harm_report_clock(letter.sent_at).overdue_at,
    )


def decide_after_harm(
    actor: Actor,
    pk: UUID,
    *,
    outcome: str,
    reason: str,
    steps: str,
    region_called_at: datetime | None = None,
    region_contact: str = "",
    at: datetime,
) -> HarmDecision:
    """Record what the prison decides after a report of harm, and tell the health service; return the decision.

    Ending or easing is done on the measure's own page. Decided later than two hours after the report, the region's duty contact must
    have been rung. Deciding twice returns the first. Raises `Refused`, `Undelivered`, Http404. (obligations R7.1.3-h, -i, R7.1.2-g)
    """
    letter = access_report(actor, pk)
    with transaction.atomic():
        person = lock_person(actor, letter.person_id)  # type: ignore[arg-type]
        assert isinstance(person, Person)
        if (known := decision_of(actor, letter)) is not None:
            return known
        if outcome not in HarmDecision.Outcome.values:
            raise refused_at("outcome", _("Velg hva fengselet bestemmer."))
        reason = said(reason, "reason", _("Skriv en begrunnelse. Den sendes til helsetjenesten."))
        contact = region_contact.strip()
        if (region_called_at is None) != (not contact) or (is_late(letter, at) and not contact):
            message = _(
                "Det er mer enn to timer siden meldingen kom. Ring regionens vakt, og skriv hvem du ringte og når."
            )
            if not is_late(letter, at):
                message = _("Skriv både hvem du ringte og når.")
            raise refused_at("region_contact", message, code="region")
        if region_called_at is not None and region_called_at > at:
            raise refused_at(
                "region_called_at", _("Tidspunktet har ikke vært ennå. Skriv når det skjedde."), code="future"
            )
        measure = measure_of_thread(actor, letter.thread_id)
        body = {
            **identity_of(person),
            "outcome": outcome,
            "reason": reason,
            "decided_at": clock.in_utc(at).isoformat(),
        }
        if steps.strip():
            body["measures"] = steps.strip()
        sent = send_letter(
            actor,
            HARM_ANSWER.code,
            to=letter.other_agency_id,
            person=person,
            body=body,
            basis=answer_basis(measure),
            necessity=""
            if measure
            else _("Helsetjenesten må få vite hva fengselet bestemte etter meldingen om skade."),
            in_reply_to=letter.letter_id,
        )
        row = HarmDecision(
            **signed(actor, at),
            person=person,
            measure=measure,
            report_letter=letter.letter_id,
            outcome=outcome,
            reason=reason,
            steps=steps.strip(),
            decided_at=at,
            region_called_at=region_called_at,
            region_contact=contact,
            letter_id=sent,
        )
        row.save(force_insert=True)
        close_deadlines(actor, [RULE], letter.pk, at=at)
        return row


def access_findings(actor: Actor, pk: UUID) -> Letter:
    """Return received findings about a place, or raise Http404."""
    return access_addressed(actor, pk, FINDINGS, about_somebody=False)


def answer_findings(actor: Actor, pk: UUID, *, response: str, reason: str, steps: str) -> Letter:
    """Answer findings about a place: what is done about it, and why; return the received copy. It is about nobody, and so is the answer.

    Answering twice sends one answer. Raises `Refused`, `Undelivered`, Http404. (obligations R5.2.2-c, R7.1.3-p, -q)
    """
    access_findings(actor, pk)
    with transaction.atomic():
        # The letter's own row is the lock: there is no person to hold.
        letter = CustodyLetter.objects.select_for_update(of=("self",)).filter(agency_id=actor.agency_id, pk=pk).get()
        if letter.answered_at is not None:
            return letter
        if response not in FINDINGS_RESPONSES:
            raise refused_at("response", _("Velg et svar."))
        body = {
            "response": response,
            "reason": said(reason, "reason", _("Skriv en begrunnelse. Den sendes til helsetjenesten.")),
        }
        if steps.strip():
            body["measures"] = steps.strip()
        send_letter(
            actor,
            ENVIRONMENT_ANSWER.code,
            to=letter.other_agency_id,
            person=None,
            body=body,
            basis="LB15",
            in_reply_to=letter.letter_id,
        )
        letter.refresh_from_db()
        return letter


def ask_advice(actor: Actor, person_id: UUID, *, about: str, question: str, key: UUID, at: datetime) -> AdviceRequest:
    """Ask the health service for advice before something is decided; the same `key` again returns the same row.

    Raises `Refused`, `Undelivered`, Http404. (obligation R5.2.1-n)
    """
    require_role(actor, DECIDERS)
    person = lock_person(actor, person_id)
    assert isinstance(person, Person)
    known = AdviceRequest.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if about not in AdviceRequest.About.values:
        raise refused_at("about", _("Velg hva spørsmålet gjelder."))
    question = said(question, "question", _("Skriv hva dere trenger råd om."))
    measure = running_for(actor, person_id)
    letter_id = send_letter(
        actor,
        ADVICE_REQUEST.code,
        to=must_have_health_service(actor).pk,
        person=person,
        body={
            **identity_of(person),
            "cell": person.cell,
            "unit": person.unit.name,
            "about": about,
            "question": question,
        },
        basis=GENERAL_BASIS,
        necessity=_("Fengselet skal innhente helsefaglige råd og bruke dem i vurderingen før det bestemmer."),
    )
    row = AdviceRequest(
        **signed(actor, at),
        person=person,
        measure=measure,
        about=about,
        question=question,
        key=key,
        letter_id=letter_id,
    )
    row.save(force_insert=True)
    return row
