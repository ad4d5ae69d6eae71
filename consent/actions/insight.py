"""The verbs of a person's right to know: leaving a part out and ending that, and the paper itself. Each is one transaction."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consent import access
from consent.access import insight as reading
from consent.documents import insight as telling
from consent.models import FILES, WITHHOLDING_REASON_MIN, WITHHOLDINGS, Letter, MadeFile, Withholding
from consent.rules import WITHHELD_AT_MOST
from coordination import clock, pdf, reference
from coordination.identity import Actor, signed
from coordination.jobs import enqueue
from coordination.people.access import lock_person
from coordination.refusals import Refused, refused_at

KIND = "insight_paper"
Step = Callable[[int, int], None]


def grounds_of(actor: Actor, on: date) -> dict[str, tuple[str, str]]:
    """Return the grounds the actor's world may leave something out on, as (title, reference on that day) by code."""
    held = ((ground, ground.statute_on(on)) for ground in reference.withholding_grounds())
    return {ground.code: (ground.title, said) for ground, said in held if said and actor.world in ground.worlds}


def withhold(
    actor: Actor,
    person_id: UUID,
    *,
    letter: Letter | None,
    first_on: date | None,
    last_on: date | None,
    ground: str,
    reason: str,
    until_on: date,
    key: UUID,
    at: datetime,
) -> Withholding:
    """Leave one letter, or the log of a period, out of what a person is told; return the decision, the first one for the same `key`.

    On a ground of the closed list, whose reference is kept as it reads today, with a reason of the agency's own, and for a year at
    most. Raises `Refused`, Http404. (LB14; straffegjennomføringsloven § 7 c, pasient- og brukerrettighetsloven § 5-1)
    """
    reading.access_told(actor, person_id)
    today = clock.local_date(at)
    statute = grounds_of(actor, today).get(ground, ("", ""))[1]
    if not statute:
        raise refused_at("ground", _("Velg en hjemmel som gjelder i dag."))
    if len(reason.strip()) < WITHHOLDING_REASON_MIN:
        raise refused_at(
            "reason", _("Skriv hvorfor dette må utelates, minst %(count)s tegn.") % {"count": WITHHOLDING_REASON_MIN}
        )
    if not today <= until_on <= today + WITHHELD_AT_MOST:
        raise refused_at("until_on", _("Velg en dag fra i dag og høyst ett år fram. Da skal det vurderes på nytt."))
    if letter is None:
        if first_on is None:
            raise refused_at("first_on", _("Skriv første dag i perioden."))
        if last_on is None or last_on < first_on:
            raise refused_at("last_on", _("Siste dag må være lik eller etter første dag."))
    with transaction.atomic():
        person = lock_person(actor, person_id)
        table = WITHHOLDINGS[actor.world]
        known: Withholding | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        if letter is not None:
            letter = reading.access_letter_about(actor, person_id, letter.pk)
            if any(row.letter_id == letter.pk for row in reading.held_back(actor, person_id, today)):
                raise Refused("withheld", _("Brevet er allerede utelatt."))
        row: Withholding = table(
            person=person,
            letter=letter,
            first_on=None if letter else first_on,
            last_on=None if letter else last_on,
            ground=ground,
            statute=statute,
            reason=reason.strip(),
            until_on=until_on,
            key=key,
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row


def end_withholding(actor: Actor, pk: UUID, *, at: datetime) -> Withholding:
    """Let a part be told again from now on; twice changes nothing. Raises Http404, `StaleWrite`."""
    with transaction.atomic():
        row = reading.lock_withholding(actor, pk)
        if row.ended_at is None:
            row.ended_at, row.ended_by = at, actor.signature
            row.save_changes(["ended_at", "ended_by"])
        return row


def ask_for_insight(actor: Actor, person_id: UUID, *, key: UUID) -> UUID:
    """Ask the worker for the paper a person gets about themselves, and return the job. Raises Http404."""
    reading.access_told(actor, person_id)
    return enqueue(KIND, person=str(person_id), key=str(key))


def make_insight(actor: Actor, person_id: UUID, *, key: UUID, at: datetime, step: Step) -> MadeFile:
    """Make the paper and keep it for the one who asked; the same `key` a second time returns the first. Raises Http404."""
    person: Any = reading.access_told(actor, person_id)
    known = made_before(actor, key)
    if known is not None:
        return known
    steps = 4
    today = clock.local_date(at)
    consents = list(access.consents_for(actor, person_id))
    letters = list(reading.letters_about(actor, person_id).defer("body", "digest"))
    step(1, steps)
    log = list(reading.looked_at(actor, person_id, before=today + timedelta(days=1)))
    step(2, steps)
    told = telling.told(
        actor,
        consents=consents,
        letters=letters,
        log=log,
        reasons=reading.reasons_about(actor, person_id),
        withheld=reading.held_back(actor, person_id, today),
        names=access.agency_names(pk for row in consents for pk in row.recipients),
        members=reading.members_named(actor, {row.membership_id for row in log}),
        basis_titles=access.basis_titles(),
        on=today,
    )
    paper = pdf.render(
        "consent/insight_pdf.html",
        telling.paper(actor, person, told, at),
        title=_("Innsyn i egne opplysninger"),
    )
    step(3, steps)
    row = keep(actor, person_id, MadeFile.Kind.INSIGHT, "application/pdf", paper, key=key, at=at)
    step(steps, steps)
    return row


def made_before(actor: Actor, key: UUID) -> MadeFile | None:
    """Return the file of a request that was done before, without what is in it, or None."""
    rows = FILES[actor.world]._default_manager.filter(agency_id=actor.agency_id, key=key).defer("data")
    found: MadeFile | None = rows.first()
    return found


def keep(
    actor: Actor, person_id: UUID, kind: MadeFile.Kind, content_type: str, data: bytes, *, key: UUID, at: datetime
) -> MadeFile:
    """Keep a file that was made about a person, with its hash, for the one who asked."""
    row: MadeFile = FILES[actor.world](
        person_id=person_id,
        kind=kind,
        content_type=content_type,
        size=len(data),
        digest=hashlib.sha256(data).digest(),
        data=data,
        key=key,
        **signed(actor, at),
    )
    row.save(force_insert=True)
    return row
