"""The verbs of a request for information: who may ask, asking, and the health side's three answers. Nobody on the asking side releases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import access
from consent.actions.attachments import Enclosure
from consent.actions.letters import attach_person, check_necessity, send_letter
from consent.letters import (
    IDENTITY,
    INFORMATION_ANSWER,
    INFORMATION_DECLINED,
    INFORMATION_QUESTION,
    KINDS,
    MISSING,
    REQUESTS,
    RESULTS,
    SOUGHT,
    identity_of,
)
from consent.models import DECLINED, Letter, RequestAuthorisation
from consent.rules import RequestProblem, request_problem
from coordination import clock
from coordination.formats import shortdate
from coordination.identity import Actor, signed
from coordination.models import Agency, Membership
from coordination.people.access import lock_person
from coordination.people.identifiers import reveal
from coordination.refusals import Refused, refused_at

#: What a request still lacks, in words, and the field it concerns.
LACKING = {
    RequestProblem.FACTS: (
        "facts",
        gettext_lazy("Skriv hva som har skjedd eller hva faren består i, med minst 20 tegn og flere ord."),
    ),
    RequestProblem.WANTED: ("wanted", gettext_lazy("Skriv hvilke opplysninger dere ber om.")),
    RequestProblem.EVERYTHING: (
        "wanted",
        gettext_lazy("Skriv hvilke opplysninger som trengs. Det går ikke an å be om alt eller om hele journalen."),
    ),
    RequestProblem.SOUGHT: (
        "sought_how",
        gettext_lazy(
            "Skriv hvordan samtykke eller samarbeid er søkt, eller hvorfor det ikke var mulig. Minst 20 tegn."
        ),
    ),
}


# Who may ask


def name_requester(
    actor: Actor,
    member: Membership,
    *,
    valid_from: date,
    valid_to: date,
    decision: str,
    at: datetime,
    key: UUID | None = None,
) -> RequestAuthorisation:
    """Let a colleague ask the health service for information and receive it, from a day to a day. The warden only, else Http404.

    `decision` says where the regional director's decision stands. The same `key` again returns the first; raises `Refused`.
    (straffegjennomføringsloven § 7 a; obligation R6.1-g)
    """
    if not access.may_name(actor) or not access.nameable(actor).filter(pk=member.pk).exists():
        raise Http404
    if valid_to < valid_from:
        raise refused_at("valid_to", _("Sluttdatoen må komme etter startdatoen."))
    if valid_to < clock.local_date(at):
        raise refused_at("valid_to", _("Sluttdatoen er passert."))
    if not decision.strip():
        raise refused_at("decision", _("Skriv dato eller nummer på regiondirektørens beslutning."))
    return _add(actor, member.pk, valid_from, valid_to, decision.strip(), False, at, key or uuid4())


def end_naming(actor: Actor, row: RequestAuthorisation, *, at: datetime) -> None:
    """End an authorisation: it lets nobody ask from the next statement on. Doing it twice changes nothing."""
    if not access.may_name(actor):
        raise Http404
    if not row.ended:
        _add(actor, row.membership_id, row.valid_from, row.valid_to, row.decision, True, at, uuid4())


def _add(
    actor: Actor, member: UUID, valid_from: date, valid_to: date, decision: str, ended: bool, at: datetime, key: UUID
) -> RequestAuthorisation:
    known = RequestAuthorisation.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    row = RequestAuthorisation(
        key=key,
        agency_id=actor.agency_id,
        membership_id=member,
        valid_from=valid_from,
        valid_to=valid_to,
        decision=decision,
        ended=ended,
        set_at=at,
        set_by_id=actor.membership_id,
        set_by_name=actor.signature,
    )
    row.save(force_insert=True)
    return row


# Asking


def ask_for_information(
    actor: Actor,
    person: Any,
    *,
    kind: str,
    recipient: Agency,
    facts: str,
    wanted: str,
    necessity: str,
    sought: str,
    sought_how: str,
    inmate_informed: bool,
    at: datetime,
    question: Letter | None = None,
    key: UUID | None = None,
) -> UUID:
    """Ask a health service for information about somebody and return the `letter_id`; `question` is the letter this answers, if any.

    Only who is named may, else Http404; the postman asks the same. The same `key` again returns the first. Raises `Refused` for a request that states no facts, asks for everything, or does not say how consent or cooperation was sought.
    (straffegjennomføringsloven § 7 a; obligation R6.1-g)
    """
    row = access.named(actor).first()
    if row is None or kind not in REQUESTS or sought not in SOUGHT or recipient.world not in KINDS[kind].recipients:
        raise Http404
    problem = request_problem(facts, wanted, sought_how)
    if problem is not None:
        field, words = LACKING[problem]
        raise refused_at(field, str(words))
    key = key or uuid4()
    with transaction.atomic():
        lock_person(actor, person.pk)
        before = access.outbox(actor).filter(kind__in=REQUESTS, body__reference=str(key)).first()
        if before is not None:
            return UUID(str(before.letter_id))
        body = {
            **identity_of(person),
            "facts": facts.strip(),
            "wanted": wanted.strip(),
            "sought": sought,
            "sought_how": sought_how.strip(),
            "authorised": _("Gitt av %(who)s, gjelder til og med %(date)s. Regiondirektørens beslutning: %(decision)s")
            % {"who": row.set_by_name, "date": shortdate(row.valid_to), "decision": row.decision},
            "reference": str(key),
        }
        number = reveal(person)
        if number:
            body["national_id"] = number
        basis = KINDS[kind].bases[0]
        check_necessity(actor, KINDS[kind], basis, person, necessity)
        return send_letter(
            actor,
            kind,
            to=recipient.pk,
            person=person,
            body=body,
            basis=basis,
            necessity=necessity.strip(),
            inmate_informed=inmate_informed,
            in_reply_to=question.letter_id if question else None,
        )


# Answering


def _to_answer(actor: Actor, letter: Letter) -> None:
    """Raise Http404 for all but health personnel, `Refused` for a request that has its answer."""
    if not access.may_answer(actor) or letter.direction != Letter.Direction.IN or letter.kind not in REQUESTS:
        raise Http404
    if letter.answered_at is not None:
        raise Refused("answered", _("Anmodningen er allerede besvart."))


def release_information(
    actor: Actor,
    letter: Letter,
    patient: Any,
    *,
    advice: str,
    items: list[str],
    basis: str,
    necessity: str,
    inmate_informed: bool,
    consent: UUID | None = None,
    files: Sequence[Enclosure] = (),
) -> UUID:
    """Release what health personnel found strictly necessary, and nothing that was only asked for; return the `letter_id`.

    Raises `Refused` where nothing is chosen, the ground does not hold, or the request is answered. (obligation R6.1-h)
    """
    _to_answer(actor, letter)
    said, chosen = advice.strip(), [item.strip() for item in items if item.strip()]
    if not said and not chosen and not files:
        raise refused_at("advice", _("Skriv rådet til fengselet, eller opplysningene som gis ut."))
    with transaction.atomic():
        locked = lock_person(actor, patient.pk)
        body: dict[str, Any] = {**_as_asked(letter), "result": RESULTS[INFORMATION_ANSWER.code]}
        if said:
            body["advice"] = said
        if chosen:
            body["items"] = chosen
        sent = send_letter(
            actor,
            INFORMATION_ANSWER.code,
            to=letter.other_agency_id,
            person=locked,
            body=body,
            basis=basis,
            necessity=necessity,
            consent=consent,
            inmate_informed=inmate_informed,
            in_reply_to=letter.letter_id,
            files=files,
        )
        # Now it is known whom the request was about; before, nothing on this side may show that it was anybody.
        attach_person(letter, locked)
        return sent


def _as_asked(letter: Letter) -> dict[str, str]:
    """Return the identity as the prison wrote it: an answer tells nothing of how the patient is registered here."""
    return {field.name: str(letter.body[field.name]) for field in IDENTITY}


def decline_request(actor: Actor, letter: Letter, *, patient: Any | None, reason: str, at: datetime) -> UUID:
    """Answer that nothing is released, and return the `letter_id`. The reason stays in the health service's own record.

    The letter is the same whether the person is a patient or not, whatever the reason, and carries nothing else. Without a patient there
    is no record to write a reason in, and none is needed: there was nothing to release. Raises `Refused`. (obligation R6.1-h)
    """
    _to_answer(actor, letter)
    if patient is not None and not reason.strip():
        raise refused_at("reason", _("Skriv hvorfor vilkåret ikke er oppfylt. Fengselet får ikke se det."))
    with transaction.atomic():
        sent = _about_nobody(actor, letter, INFORMATION_DECLINED.code)
        if patient is not None:
            DECLINED[actor.world](
                person=lock_person(actor, patient.pk),
                letter_id=letter.letter_id,
                answer_id=sent,
                reason=reason.strip(),
                **signed(actor, at),
            ).save(force_insert=True)
        return sent


def ask_for_more(actor: Actor, letter: Letter, *, missing: list[str]) -> UUID:
    """Ask the prison to say more before anything is judged; return the `letter_id`. Codes only: the question tells nothing. Raises `Refused`."""
    _to_answer(actor, letter)
    chosen = [code for code in MISSING if code in missing]
    if not chosen:
        raise refused_at("missing", _("Velg hva fengselet skal skrive mer om."))
    return _about_nobody(actor, letter, INFORMATION_QUESTION.code, missing=chosen)


def _about_nobody(actor: Actor, letter: Letter, kind: str, **more: Any) -> UUID:
    return send_letter(
        actor,
        kind,
        to=letter.other_agency_id,
        person=None,
        body={"result": RESULTS[kind], **more},
        basis="LB15",
        in_reply_to=letter.letter_id,
    )
