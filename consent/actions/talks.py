"""The verbs before a consent: is one needed, what was explained, who decides on competence, and yes or no."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import access, documents
from consent.actions.consents import give_consent, scope_problem, supersede
from consent.actions.notices import GIVEN, tell
from consent.actions.papers import SignedDocument
from consent.letters import CLINICIANS
from consent.models import QUESTIONS, TALKS, Consent, ConsentQuestion, ConsentTalk, Giver
from consent.rules import GiverProblem, giver_problem, untold
from coordination import clock, deadlines, pdf, reference
from coordination.identity import Actor, signed
from coordination.people.access import lock_person
from coordination.refusals import Refused, refused_at
from coordination.worlds import World

#: The text people read.
TEXT = "sharing"
REASON_MIN = 20

GIVERS = {
    GiverProblem.TOO_YOUNG: gettext_lazy(
        "Personen er under 16 år. Da samtykker foreldre, barneverntjenesten eller verge (pasient- og brukerrettighetsloven § 4-4)."
    ),
    GiverProblem.OLD_ENOUGH: gettext_lazy(
        "Personen samtykker selv. Andre kan bare samtykke når helsepersonell har avgjort at personen mangler samtykkekompetanse."
    ),
    GiverProblem.UNDECIDED: gettext_lazy(
        "Det er tvil om samtykkekompetansen. Helsepersonell må avgjøre det først, med skriftlig begrunnelse."
    ),
    GiverProblem.NOT_COMPETENT: gettext_lazy(
        "Helsepersonell har avgjort at personen mangler samtykkekompetanse. Ta en ny samtale med den som samtykker i stedet."
    ),
    GiverProblem.NO_NAME: gettext_lazy("Skriv navn og tilknytning for den som samtykker på vegne av personen."),
}

#: The rule of the question "is consent needed?" by world, and of filing a consent the day it was signed.
QUESTION_RULES = {World.CUSTODY: "D07", World.MUNICIPAL_HEALTH: "D07M", World.SPECIALIST_HEALTH: "D07H"}
#: How long the question waits where its step has no clock of its own; it is asked before the step closes, not by a clock.
QUESTION_WAITS = timedelta(days=7)


# Is consent needed?


def ask_if_needed(
    actor: Actor, person: Any, point: str, subject_id: UUID, *, at: datetime, remind: bool = True
) -> ConsentQuestion:
    """Ask at a step of the work whether consent is needed, once per step, and return the question. (obligations R6.3-a, RM7-e; D07)

    `remind` puts it in "I dag"; a step that is held until the answer comes (`must_be_answered`) reminds by itself.
    """
    known = access.question_of(actor, point, subject_id)
    if known is not None:
        return known
    row: ConsentQuestion = QUESTIONS[actor.world](
        person_id=person.pk, point=ConsentQuestion.Point(point), subject_id=subject_id, **signed(actor, at)
    )
    row.save(force_insert=True)
    if remind:
        deadlines.open_deadline(
            actor,
            QUESTION_RULES[actor.world],
            person=person,
            subject_kind="consent_question",
            subject_id=row.pk,
            starts_at=at,
            due_at=at + QUESTION_WAITS,
        )
    return row


def answer_question(actor: Actor, question: ConsentQuestion, *, needed: bool, reason: str, at: datetime) -> None:
    """Answer whether consent is needed, with a reason. Answered once. Raises `Refused`, `StaleWrite`."""
    if question.answered_at is not None:
        raise Refused("answered", _("Spørsmålet er allerede besvart."))
    if not reason.strip():
        raise refused_at("reason", _("Skriv kort hvorfor."))
    question.needed, question.reason = needed, reason.strip()
    question.answered_at, question.answered_by = at, actor.signature
    question.save_changes(["needed", "reason", "answered_at", "answered_by"])
    deadlines.close_deadlines(actor, [QUESTION_RULES[actor.world]], question.pk, at=at)


def must_be_answered(actor: Actor, point: str, subject_id: UUID) -> None:
    """Hold a step open while its question waits: raises `Refused` ("consent_question"). A step from before it was asked goes on."""
    question = access.question_of(actor, point, subject_id)
    if question is not None and question.answered_at is None:
        words = _("Vurder først om det trengs samtykke. Spørsmålet ligger på siden «Samtykke og deling».")
        raise Refused("consent_question", words)


# The talk


def start_talk(
    actor: Actor,
    person: Any,
    *,
    recipients: list[UUID],
    categories: list[str],
    purpose: str,
    valid_from: date,
    valid_to: date,
    told: list[str],
    language: str,
    interpreter: str,
    given_by: str,
    at: datetime,
    giver_name: str = "",
    giver_relation: str = "",
    doubt: bool = False,
    replaces: UUID | None = None,
    key: UUID | None = None,
) -> ConsentTalk:
    """Record that somebody was told everything before they answer, and return the talk; the same `key` again returns the first.

    Raises `Refused` when a point was not gone through, or scope, period or giver say nothing. (obligation R6.3-b)
    """
    text = reference.consent_text_on(TEXT, clock.local_date(at))
    words = text.languages.get(language)
    if words is None:
        raise refused_at("language", _("Velg språk."))
    left = untold(text.points, told)
    if left:
        raise refused_at("told", _("Gå gjennom alle punktene med personen. Uten det er samtykket ikke gyldig."))
    problem = scope_problem(recipients, categories, purpose, valid_from, valid_to)
    if problem is not None:
        raise problem
    with transaction.atomic():
        locked: Any = lock_person(actor, person.pk)
        table = TALKS[actor.world]
        key = key or uuid4()
        known: ConsentTalk | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        if locked.interpreter_needed and interpreter == ConsentTalk.Interpreter.NOT_NEEDED:
            raise refused_at(
                "interpreter",
                _("Personen er registrert med behov for tolk. Bruk tolk, eller rett opplysningen om personen først."),
            )
        _may_give(locked, given_by, giver_name, giver_relation, doubt, None, at, undecided_is_fine=True)
        row: ConsentTalk = table(
            person=locked,
            key=key,
            recipients=recipients,
            categories=categories,
            purpose=purpose.strip(),
            valid_from=valid_from,
            valid_to=valid_to,
            text_version=text.key,
            language=language,
            told=list(text.points),
            interpreter=interpreter,
            given_by=Giver(given_by),
            giver_name=giver_name.strip(),
            giver_relation=giver_relation.strip(),
            doubt=doubt,
            replaces=access.access_consent(actor, replaces).pk if replaces else None,
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row


def _may_give(
    person: Any,
    given_by: str,
    name: str,
    relation: str,
    doubt: bool,
    competent: bool | None,
    at: datetime,
    *,
    undecided_is_fine: bool = False,
) -> None:
    """Refuse a consent from one who cannot give it."""
    problem = giver_problem(
        person.birth_date,
        clock.local_date(at),
        given_by=given_by,
        giver_name=name,
        giver_relation=relation,
        doubt=doubt,
        competent=competent,
    )
    if problem is None or (undecided_is_fine and problem is GiverProblem.UNDECIDED):
        return
    field = "giver_name" if problem is GiverProblem.NO_NAME else "given_by"
    words = str(GIVERS[problem])
    raise Refused(problem.value, words, {field: [words]})


def may_decide_competence(actor: Actor) -> bool:
    """Return whether the actor is health personnel, who alone decide on competence to consent."""
    return actor.has_role(*CLINICIANS)


def decide_competence(actor: Actor, talk: ConsentTalk, *, competent: bool, reason: str, at: datetime) -> None:
    """Decide whether the person can consent, with a written reason. Health personnel only; else Http404. Raises `Refused`.

    (pasient- og brukerrettighetsloven § 4-3)
    """
    if not may_decide_competence(actor):
        raise Http404
    if len(reason.strip()) < REASON_MIN:
        raise refused_at("reason", _("Skriv begrunnelsen, minst 20 tegn."))
    with transaction.atomic():
        lock_person(actor, talk.person_id)
        row = access.access_talk(actor, talk.pk)
        if row.outcome or row.competent is not None:
            raise Refused("decided", _("Dette er allerede avgjort."))
        row.doubt, row.competent, row.competence_reason = True, competent, reason.strip()
        row.competence_at, row.competence_by = at, actor.signature
        row.save_changes(["doubt", "competent", "competence_reason", "competence_at", "competence_by"])


def refuse_consent(actor: Actor, talk: ConsentTalk, *, note: str, at: datetime) -> None:
    """Record a no. Nothing follows from it but that nothing is shared on consent. Raises `Refused` when the talk has ended."""
    with transaction.atomic():
        lock_person(actor, talk.person_id)
        row = _open(actor, talk)
        row.outcome, row.outcome_at, row.outcome_by = ConsentTalk.Outcome.REFUSED, at, actor.signature
        row.outcome_note = note.strip()[:300]
        row.save_changes(["outcome", "outcome_at", "outcome_by", "outcome_note"])


def _open(actor: Actor, talk: ConsentTalk) -> ConsentTalk:
    row = access.access_talk(actor, talk.pk)
    if row.outcome:
        raise Refused("ended", _("Samtalen er avsluttet."))
    return row


def sign(
    actor: Actor,
    talk: ConsentTalk,
    *,
    at: datetime,
    document: SignedDocument | None = None,
    typed_name: str = "",
    reference_number: str = "",
) -> Consent:
    """Turn a talk into a consent: a signed document attached, or a name signed on the screen; tell those it names. Return the consent.

    What was signed is kept byte by byte with its hash: the attached document, or the PDF of exactly what was on the screen. A consent it
    replaces is superseded in the same transaction. Signing twice returns the first. Raises `Refused`.
    (obligations R6.3-b, -c, -e, RM7-f)
    """
    with transaction.atomic():
        person: Any = lock_person(actor, talk.person_id)
        row = access.access_talk(actor, talk.pk)
        if row.consent_id:
            return access.access_consent(actor, row.consent_id)
        row = _open(actor, row)
        if row.valid_to < clock.local_date(at):
            raise Refused("period", _("Tiden samtykket skulle gjelde er ute. Ta en ny samtale."))
        _may_give(person, row.given_by, row.giver_name, row.giver_relation, row.doubt, row.competent, at)
        method = Consent.Method.PAPER
        if document is None:
            method = Consent.Method.ELECTRONIC
            signature = " ".join(typed_name.split())
            if len(signature) < 3:
                raise refused_at(
                    "typed_name",
                    _("Legg ved det signerte skjemaet, eller la den som samtykker skrive navnet sitt."),
                    code="signature",
                )
            names = access.agency_names(row.recipients)
            paper = documents.consent_paper(actor, row, person, names, at, signature=signature)
            document = SignedDocument(
                pdf.render("consent/consent_pdf.html", paper, title=paper["words"].title), "application/pdf"
            )
        old = access.access_consent(actor, row.replaces) if row.replaces else None
        consent = give_consent(
            actor,
            person,
            recipients=row.recipients,
            categories=row.categories,
            purpose=row.purpose,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reference=reference_number,
            method=method,
            interpreter_used=row.interpreter != ConsentTalk.Interpreter.NOT_NEEDED,
            text_version=row.text_version,
            language=row.language,
            given_by=row.given_by,
            giver_name=row.giver_name,
            giver_relation=row.giver_relation,
            document=document,
            key=row.key,
            at=at,
        )
        row.outcome, row.outcome_at, row.outcome_by = ConsentTalk.Outcome.SIGNED, at, actor.signature
        row.consent_id = consent.pk
        row.save_changes(["outcome", "outcome_at", "outcome_by", "consent_id"])
        if old is not None:
            supersede(actor, old, consent, person, at=at)
        tell(actor, consent, person, GIVEN, consent.recipients, at)
        return consent
