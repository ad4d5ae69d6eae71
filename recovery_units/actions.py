"""The verbs of an application to a recovery unit: offer, answer, place in the order, decide, withdraw. Each is one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.actions import ask_if_needed, attach_person, must_be_answered
from coordination.identity import Actor, signed
from coordination.models import Person, Stay, Unit
from coordination.people.access import lock_person
from coordination.refusals import Refused, refused_at
from coordination.worlds import World
from recovery_units import access, rules
from recovery_units.models import RecoveryApplication
from recovery_units.rules import Conclusion, Lacking, State

#: What keeps a decision from being made, in words, and beside which field.
WORDS: Mapping[Lacking, tuple[str, Any]] = {
    Lacking.CONSENT: (
        "outcome",
        gettext_lazy(
            "Gå gjennom samtykket med personen først, og lagre svaret. Sier personen nei, hindrer det ikke opphold."
        ),
    ),
    Lacking.SPECIALIST: (
        "specialist_letter",
        gettext_lazy(
            "Spesialisthelsetjenesten er med på å avgjøre inntaket. Send den søknaden, og vent på brevet med konklusjonen."
        ),
    ),
    Lacking.SPECIALIST_SAYS_NO: (
        "outcome",
        gettext_lazy("Spesialisthelsetjenesten sier nei. Da kan ikke fengselet innvilge alene."),
    ),
    Lacking.CONCLUSION: ("conclusion", gettext_lazy("Velg hva spesialisthelsetjenesten konkluderer med")),
    Lacking.WHY_ALONE: (
        "why_alone",
        gettext_lazy("Skriv hvorfor spesialisthelsetjenesten ikke er med på avgjørelsen"),
    ),
}


def offer(actor: Actor, stay: Stay, *, unit: Unit, told: str, key: UUID, at: datetime) -> RecoveryApplication:
    """Record that somebody was informed about a recovery unit and offered a place there. The same `key` is once.

    Raises `Refused`, Http404. (obligations RM4-d, RM4-e)
    """
    if not access.may_inform(actor):
        raise Http404
    with transaction.atomic():
        person = cast(Person, lock_person(actor, stay.person_id))
        known = access.applications_for(actor).filter(key=key).first()
        if known is not None:
            return known
        stay = access.access_stay(actor, stay.pk)
        if stay.ended_at is not None:
            raise Refused("no_stay", _("Oppholdet er avsluttet."))
        if unit not in access.units_for(actor):
            raise refused_at("unit", _("Velg rusmestringsenheten."))
        if not told.strip():
            raise refused_at("told", _("Skriv hva personen er informert om."))
        if access.running_of(actor, person.pk) is not None:
            raise Refused("running", _("Personen har allerede et tilbud eller en søknad som ikke er ferdig."))
        row = RecoveryApplication(
            person=person, stay=stay, unit=unit, told=told.strip(), key=key, state_at=at, state_by=actor.signature,
            **signed(actor, at),
        )  # fmt: skip
        row.save(force_insert=True)
        return row


def answer(actor: Actor, row: RecoveryApplication, *, applies: bool, wish: str, version: int, at: datetime) -> None:
    """Record what somebody answered to the offer: applies, by own wish, or says no. Whether consent is needed is asked then (D07).

    Raises `Refused`, `StaleWrite`, Http404. (obligations RM2-b, RM7-e)
    """
    if not access.may_inform(actor):
        raise Http404
    with transaction.atomic():
        row = _moved(actor, row, State.APPLIED if applies else State.SAID_NO, version, at)
        if applies:
            if not wish.strip():
                raise refused_at("wish", _("Skriv hva personen selv ønsker. Ingen søkes inn av andre."))
            row.applied_at, row.wish = at, wish.strip()
            # The decision is held until this is answered, so no clock reminds of it.
            ask_if_needed(actor, row.person, access.POINT, row.pk, at=at, remind=False)
        _save(row, "applied_at", "wish")


def place(actor: Actor, row: RecoveryApplication, *, group: str, reason: str, version: int, at: datetime) -> None:
    """Put an application before or behind those of its ground, with a reason; an empty `group` goes back to the usual order (RM2-a).

    Raises `Refused`, `StaleWrite`, Http404.
    """
    if not access.may_decide(actor):
        raise Http404
    with transaction.atomic():
        row = _locked(actor, row)
        if row.state != State.APPLIED:
            raise Refused("state", _("Søknaden venter ikke på avgjørelse."))
        if group and group not in RecoveryApplication.Group.values:
            raise refused_at("group", _("Velg hvor søknaden skal stå."))
        if group and not reason.strip():
            raise refused_at("group_reason", _("Skriv hvorfor søknaden skal stå et annet sted enn vanlig."))
        row.version, row.group, row.group_reason = version, group, reason.strip() if group else ""
        row.save_changes(["group", "group_reason"])


def decide(
    actor: Actor,
    row: RecoveryApplication,
    *,
    approve: bool,
    reason: str,
    specialist_letter: UUID | None = None,
    conclusion: str = "",
    municipal_letter: UUID | None = None,
    why_alone: str = "",
    version: int,
    at: datetime,
) -> None:
    """Approve or decline, with the specialist service's letter where it could be asked, and the municipal service's where needed.

    Not before it is answered whether consent is needed, and no place before the person has been asked; a no bars nobody.
    Raises `Refused`, `StaleWrite`, Http404. (obligations RM4-f, RM7-e; D07)
    """
    if not access.may_decide(actor):
        raise Http404
    with transaction.atomic():
        row = _moved(actor, row, State.APPROVED if approve else State.DECLINED, version, at)
        must_be_answered(actor, access.POINT, row.pk)
        step = access.consent_of(actor, row, at).step
        letters = {
            "specialist_letter": _letter(actor, row, World.SPECIALIST_HEALTH, specialist_letter, "specialist_letter"),
            "municipal_letter": _letter(actor, row, World.MUNICIPAL_HEALTH, municipal_letter, "municipal_letter"),
        }
        said = Conclusion(conclusion) if letters["specialist_letter"] and conclusion in list(Conclusion) else None
        if not reason.strip():
            raise refused_at("reason", _("Skriv begrunnelsen for avgjørelsen."))
        missing = rules.lacking(
            approve=approve,
            step=step,
            letter=letters["specialist_letter"] is not None,
            conclusion=said,
            why_alone=why_alone,
        )
        if missing is not None:
            field, words = WORDS[missing]
            raise refused_at(field, str(words), code=missing.value)
        row.consent, row.conclusion = step.value, said.value if said else ""
        for name, letter in letters.items():
            setattr(row, name, letter.pk if letter else None)
            if letter is not None and letter.person_id is None:
                attach_person(letter, row.person)
        row.why_alone = "" if letters["specialist_letter"] else why_alone.strip()
        row.reason, row.decided_at, row.decided_by = reason.strip(), at, actor.signature
        _save(row, "consent", "conclusion", *letters, "why_alone", "reason", "decided_at", "decided_by")


def withdraw(actor: Actor, row: RecoveryApplication, *, version: int, at: datetime) -> None:
    """Record that the person takes the application back; nobody must say why. Raises `Refused`, `StaleWrite`, Http404."""
    if not access.may_inform(actor):
        raise Http404
    with transaction.atomic():
        _save(_moved(actor, row, State.WITHDRAWN, version, at))


def lapse(actor: Actor, person: Person, *, at: datetime) -> None:
    """Let what goes on about somebody fall away when they leave the prison; the caller holds the person."""
    rows = RecoveryApplication.objects.filter(agency_id=actor.agency_id, person=person, state__in=rules.RUNNING)
    for row in rows:
        row.state, row.state_at, row.state_by = RecoveryApplication.State.LAPSED, at, actor.signature
        _save(row)


def _locked(actor: Actor, row: RecoveryApplication) -> RecoveryApplication:
    """Return the application as it stands, its person locked."""
    lock_person(actor, row.person_id)
    return access.access_application(actor, row.pk)


def _moved(actor: Actor, row: RecoveryApplication, to: State, version: int, at: datetime) -> RecoveryApplication:
    """Return the application in its new state, not saved. Raises `Refused` where it cannot go there."""
    row = _locked(actor, row)
    if not rules.may_move(State(row.state), to):
        raise Refused("state", _("Søknaden er allerede besvart, avgjort eller avsluttet."))
    row.version = version
    row.state, row.state_at, row.state_by = RecoveryApplication.State(to.value), at, actor.signature
    return row


def _save(row: RecoveryApplication, *fields: str) -> None:
    row.save_changes(["state", "state_at", "state_by", *fields])


def _letter(actor: Actor, row: RecoveryApplication, world: World, pk: UUID | None, field: str) -> Any:
    """Return the letter that was chosen, of those there are, or None. Raises `Refused`."""
    if pk is None:
        return None
    letter = next((one for one in access.letters_of(actor, row, world) if one.pk == pk), None)
    if letter is None:
        raise refused_at(field, _("Velg et av brevene som er kommet om personen."))
    return letter
