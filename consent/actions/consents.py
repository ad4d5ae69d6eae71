"""The verbs of a consent that is signed: given, filed, narrowed, withdrawn, superseded. Each holds from the next statement on."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.actions.notices import ENDED, NARROWED, add_event, tell
from consent.actions.papers import SignedDocument
from consent.documents import category_word
from consent.models import CONSENTS, PAPERS, Consent, ConsentEvent, Giver
from consent.rules import NarrowProblem, Standing, narrow_problem, standing
from coordination import clock, deadlines
from coordination.formats import shortdate
from coordination.identity import Actor, signed
from coordination.models import Agency, StaleWrite
from coordination.people.access import lock_person
from coordination.refusals import Refused, refused_at
from coordination.worlds import World

#: The rule of filing a consent in the agency's own archive the day it is signed, by world.
FILING_RULES = {World.CUSTODY: "R63E", World.MUNICIPAL_HEALTH: "R63EM", World.SPECIALIST_HEALTH: "R63EH"}

NARROWING = {
    NarrowProblem.NOTHING: gettext_lazy("Ingenting er endret."),
    NarrowProblem.WIDER: gettext_lazy("Samtykket kan bare gjøres mindre. Skal mer deles, trengs et nytt samtykke."),
    NarrowProblem.EMPTY: gettext_lazy("Da er ingenting igjen. Trekk samtykket i stedet."),
}


def scope_problem(
    recipients: list[UUID], categories: list[str], purpose: str, valid_from: date, valid_to: date
) -> Refused | None:
    """Return why a scope says nothing, or None."""
    if not recipients or not categories:
        return Refused("scope", _("Velg minst én mottaker og én type opplysninger."))
    if not purpose.strip():
        return refused_at("purpose", _("Skriv hva opplysningene skal brukes til."))
    if valid_to < valid_from:
        return refused_at("valid_to", _("Sluttdatoen må komme etter startdatoen."), code="period")
    return None


def give_consent(
    actor: Actor,
    person: Any,
    *,
    recipients: list[UUID],
    categories: list[str],
    purpose: str,
    valid_from: date,
    valid_to: date,
    reference: str,
    at: datetime,
    method: str = Consent.Method.PAPER,
    interpreter_used: bool = False,
    text_version: str = "",
    language: str = "",
    given_by: str = Giver.SELF,
    giver_name: str = "",
    giver_relation: str = "",
    document: SignedDocument | None = None,
    key: UUID | None = None,
) -> Consent:
    """Record a signed consent and return it; the same `key` a second time returns what was saved the first time.

    On screen consents come from `talks.sign`, always with a document; without one it lies in the agency's own archive, by its reference.
    Raises `Refused` when scope or period says nothing. (obligations R6.3-b, R6.3-c; FOR-2013-09-20-1099 § 5)
    """
    problem = scope_problem(recipients, categories, purpose, valid_from, valid_to)
    if problem is not None:
        raise problem
    lock_person(actor, person.pk)
    table = CONSENTS[actor.world]
    key = key or uuid4()
    known: Consent | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    row: Consent = table(
        person=person,
        key=key,
        recipients=recipients,
        categories=categories,
        purpose=purpose.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        signed_at=at,
        method=method,
        interpreter_used=interpreter_used,
        text_version=text_version,
        language=language,
        given_by=given_by,
        giver_name=giver_name,
        giver_relation=giver_relation,
        own_reference=reference.strip(),
        signed_scope={
            "recipients": [str(pk) for pk in recipients],
            "categories": list(categories),
            "valid_to": valid_to.isoformat(),
        },
        paper_digest=document.digest if document else None,
        **signed(actor, at),
    )
    row.save(force_insert=True)
    if document is not None:
        PAPERS[actor.world](
            person=person,
            consent=row,
            content_type=document.content_type,
            size=len(document.data),
            digest=document.digest,
            data=document.data,
            **signed(actor, at),
        ).save(force_insert=True)
    add_event(actor, row, ConsentEvent.Kind.SIGNED, at)
    if not row.own_reference and document is not None:
        _must_be_filed(actor, row, person, at)
    return row


def _must_be_filed(actor: Actor, consent: Consent, person: Any, at: datetime) -> None:
    """Give the agency the rest of the day to file the consent in its own archive (obligation R6.3-e)."""
    deadlines.open_deadline(
        actor,
        FILING_RULES[actor.world],
        person=person,
        subject_kind="consent",
        subject_id=consent.pk,
        starts_at=at,
        due_at=clock.end_of_local_day(clock.local_date(at)),
    )


def journal_consent(actor: Actor, consent: Consent, reference: str, *, at: datetime) -> None:
    """Note under which reference the consent is filed in the agency's own archive. Once. Raises `Refused`, `StaleWrite`."""
    reference = reference.strip()
    if not reference or len(reference) > 60:
        raise refused_at("reference", _("Skriv saks- eller journalnummeret i eget arkiv, høyst 60 tegn."))
    with transaction.atomic():
        row = _locked(actor, consent)
        if row.own_reference:
            words = _("Samtykket er allerede journalført med referansen %(reference)s.") % {
                "reference": row.own_reference
            }
            raise Refused("filed", words)
        row.own_reference = reference
        row.save_changes(["own_reference"])
        add_event(actor, row, ConsentEvent.Kind.JOURNALED, at, reference)
        deadlines.close_deadlines(actor, [FILING_RULES[actor.world]], row.pk, at=at)


def _locked(actor: Actor, consent: Consent) -> Consent:
    """Return the consent as it is now under its person's lock. Raises `StaleWrite` when it changed since it was shown."""
    lock_person(actor, consent.person_id)
    row: Consent = (
        CONSENTS[actor.world]._default_manager.select_related("person").get(agency_id=actor.agency_id, pk=consent.pk)
    )
    if row.version != consent.version:
        raise StaleWrite(type(consent).__name__)
    return row


def _stands(consent: Consent, on: date) -> bool:
    how = standing(consent.valid_from, consent.valid_to, consent.withdrawn_at, on, consent.superseded_at)
    return how in {Standing.IN_FORCE, Standing.COMING}


def narrow_consent(
    actor: Actor, consent: Consent, *, recipients: list[UUID], categories: list[str], valid_to: date, at: datetime
) -> None:
    """Let a consent cover less, from the next statement on; those it no longer names and those it still does are told, neutrally.

    Raises `Refused` for anything but less, `StaleWrite`. (docs/domain.md, consent: narrow)
    """
    with transaction.atomic():
        row = _locked(actor, consent)
        if not _stands(row, clock.local_date(at)):
            raise Refused("ended", _("Samtykket gjelder ikke lenger."))
        problem = narrow_problem((row.recipients, row.categories, row.valid_to), (recipients, categories, valid_to))
        if valid_to < row.valid_from:
            problem = NarrowProblem.EMPTY
        if problem is not None:
            raise Refused(problem.value, str(NARROWING[problem]))
        out = [pk for pk in row.recipients if pk not in recipients]
        less = set(categories) != set(row.categories) or valid_to != row.valid_to
        gone = [category_word(code) for code in row.categories if code not in categories]
        # Told first: the postman carries a notice only while the consent still names its recipient.
        tell(actor, row, row.person, ENDED, out, at)
        names = list(Agency.objects.filter(pk__in=out).order_by("name").values_list("name", flat=True))
        texts = [_("Ikke lenger til %(names)s.") % {"names": ", ".join(names)}] if names else []
        texts += [_("Ikke lenger om %(what)s.") % {"what": ", ".join(gone)}] if gone else []
        texts += [_("Til og med %(date)s.") % {"date": shortdate(valid_to)}] if valid_to != row.valid_to else []
        row.recipients, row.categories, row.valid_to = recipients, categories, valid_to
        row.save_changes(["recipients", "categories", "valid_to"])
        if less:
            tell(actor, row, row.person, NARROWED, recipients, at)
        add_event(actor, row, ConsentEvent.Kind.NARROWED, at, " ".join(texts))


def withdraw_consent(consent: Consent, *, note: str, at: datetime, actor: Actor | None = None) -> None:
    """Withdraw: from the next statement on nothing can be sent on it. What was sent stands, and those it named are told, not why.

    `actor` is whoever acts when not given. Raises `StaleWrite`, `Refused`.
    """
    if consent.withdrawn_at is not None:
        raise Refused("withdrawn", _("Samtykket er allerede trukket tilbake."))
    acting = actor or cast(Actor, connections["default"].actor)  # type: ignore[attr-defined]
    with transaction.atomic():
        row = _locked(acting, consent)
        if row.superseded_at is None:
            tell(acting, row, row.person, ENDED, row.recipients, at)
        row.withdrawn_at, row.withdrawn_note = at, note
        row.save_changes(["withdrawn_at", "withdrawn_note"])
        add_event(acting, row, ConsentEvent.Kind.WITHDRAWN, at)
    consent.withdrawn_at, consent.withdrawn_note, consent.version = row.withdrawn_at, row.withdrawn_note, row.version


def supersede(actor: Actor, old: Consent, new: Consent, person: Any, *, at: datetime) -> None:
    """Let a newly signed consent stand in place of an old one. Those only the old one named are told that it is over."""
    row = _locked(actor, old)
    if row.person_id != new.person_id or not _stands(row, clock.local_date(at)):
        raise Refused("ended", _("Samtykket som skulle erstattes, gjelder ikke lenger. Ta en ny samtale."))
    tell(actor, row, person, ENDED, [pk for pk in row.recipients if pk not in new.recipients], at)
    row.superseded_at, row.superseded_by = at, new.pk
    row.save_changes(["superseded_at", "superseded_by"])
    add_event(actor, row, ConsentEvent.Kind.SUPERSEDED, at)
