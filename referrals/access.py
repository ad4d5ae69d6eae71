"""Referrals for an actor, on either side, and how each stands. Writes nothing; absent and hidden are the same."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from consent.access import in_force, inbox, letters_for
from consent.models import Letter
from coordination.identity import Actor
from coordination.models import Agency, MunicipalPatient, Role, SpecialistPatient, Unit
from coordination.national_id import InvalidNationalId, parse
from coordination.people.access import access_person
from coordination.people.actions import find_by_number
from coordination.worlds import World
from referrals.letters import ASSESSORS, CATEGORY, DECISION, REFERRAL, REFERRERS
from referrals.models import MunicipalReferral, ReferralState, SpecialistReferral
from referrals.rules import OUTCOMES, State

MUNI_READERS = (*REFERRERS, Role.HEALTH_LEADER)
DESK = (Role.TRUST_INTAKE, Role.TRUST_LEADER)
PAGE = 200
#: Rows of one list on the trust's page.
LISTED = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def may_read_sent(actor: Actor) -> bool:
    """Return whether the actor works with referrals that the municipality sends."""
    return actor.world is World.MUNICIPAL_HEALTH and actor.has_role(*MUNI_READERS)


def may_refer(actor: Actor) -> bool:
    """Return whether the role may refer a patient."""
    return actor.world is World.MUNICIPAL_HEALTH and actor.has_role(*REFERRERS)


def may_read_received(actor: Actor) -> bool:
    """Return whether the actor works with referrals that the trust receives."""
    return actor.world is World.SPECIALIST_HEALTH and actor.has_role(*ASSESSORS)


def may_receive(actor: Actor) -> bool:
    """Return whether the actor stands at the trust's desk: registers receipt and says which clinic assesses."""
    return actor.world is World.SPECIALIST_HEALTH and actor.has_role(*DESK)


# The municipality


@dataclass(frozen=True)
class Sent:
    """A referral of the municipality, as its own row and its letters tell it."""

    referral: MunicipalReferral
    state: State
    letter: Letter | None
    decision: Letter | None

    @property
    def label(self) -> str:
        """Return the state in Norwegian."""
        return str(ReferralState(self.state.value).label)


def state_of(referral: MunicipalReferral, letters: list[Letter]) -> Sent:
    """Return how a referral stands from the letters of its thread: the newest letter sent, its receipt, and the answer to it.

    The state is never stored: it is true the moment the answer lies in the letterbox, whoever opens it.
    """
    mine = sorted(
        (x for x in letters if x.kind == REFERRAL and x.direction == Letter.Direction.OUT), key=lambda x: x.sent_at
    )
    answers = sorted(
        (x for x in letters if x.kind == DECISION and x.direction == Letter.Direction.IN), key=lambda x: x.sent_at
    )
    letter = mine[-1] if mine else None
    decision = answers[-1] if answers else None
    if referral.stage == MunicipalReferral.Stage.WITHDRAWN:
        return Sent(referral, State.WITHDRAWN, letter, decision)
    if letter is None:
        return Sent(referral, State.DRAFT, None, None)
    outcome = _outcome(decision)
    # An answer older than the letter answers an earlier version: the referral was sent again.
    if decision is not None and outcome is not None and decision.sent_at > letter.sent_at:
        return Sent(referral, outcome, letter, decision)
    return Sent(referral, State.RECEIVED if letter.acknowledged_at else State.SENT, letter, decision)


def _outcome(decision: Letter | None) -> State | None:
    try:
        found = State(str(decision.body.get("outcome"))) if decision else None
    except ValueError:
        return None
    return found if found in OUTCOMES else None


def _with_letters(actor: Actor, referrals: list[MunicipalReferral]) -> list[Sent]:
    threads = {r.thread_id for r in referrals if r.thread_id}
    found: dict[UUID, list[Letter]] = {}
    if threads:
        rows = letters_for(actor).select_related(None).select_related("other_agency")
        for letter in rows.filter(thread_id__in=threads, kind__in=(REFERRAL, DECISION)):
            found.setdefault(letter.thread_id, []).append(letter)
    return [state_of(r, found.get(r.thread_id, []) if r.thread_id else []) for r in referrals]


def referrals_for(actor: Actor) -> QuerySet[MunicipalReferral]:
    """Return the municipality's referrals, newest first. Empty for other roles."""
    if not may_read_sent(actor):
        return MunicipalReferral.objects.none()
    return (
        MunicipalReferral.objects.filter(agency_id=actor.agency_id)
        .select_related("person__unit", "trust")
        .order_by("-recorded_at", "-pk")
    )


def sent_list(actor: Actor, person_id: UUID | None = None, limit: int = PAGE) -> list[Sent]:
    """Return referrals with their states, newest first, in two queries whatever their number."""
    rows = referrals_for(actor)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return _with_letters(actor, list(rows[:limit]))


def access_referral(actor: Actor, pk: UUID) -> Sent:
    """Return one referral of the municipality, or raise Http404."""
    referral = referrals_for(actor).filter(pk=pk).first()
    if referral is None:
        raise Http404
    return _with_letters(actor, [referral])[0]


def access_patient(actor: Actor, pk: UUID) -> MunicipalPatient:
    """Return a patient the actor may refer, or raise Http404."""
    if not may_refer(actor):
        raise Http404
    patient = access_person(actor, pk)
    assert isinstance(patient, MunicipalPatient)
    return patient


def trusts_for(actor: Actor) -> list[Agency]:
    """Return the trusts a referral may go to, the agency's own first."""
    own = Agency.objects.get(pk=actor.agency_id).specialist_service_id
    trusts = Agency.objects.filter(kind=Agency.Kind.HEALTH_TRUST, closed_on=None)
    return sorted(trusts, key=lambda trust: (trust.pk != own, trust.name))


def consent_for(actor: Actor, person_id: UUID, trust_id: UUID, on: date) -> UUID | None:
    """Return the newest consent in force on an Oslo date that lets a referral go to this trust (LB02), or None."""
    found = in_force(actor, person_id, recipient=trust_id, category=CATEGORY, on=on)
    return found[0].pk if found else None


# The trust


@dataclass(frozen=True)
class Part:
    """Some rows of a list in its order, how many there are in all, and where the neighbouring parts begin ("" where there are none)."""

    rows: list[Any]
    total: int
    before: str = ""
    after: str = ""


def part_of(rows: QuerySet[Any], field: str, turn: str = "", *, newest: bool = False, size: int = LISTED) -> Part:
    """Return the part of a list that `turn` asks for, ordered by an instant and then by key.

    `turn` is a `before` or `after` of another part; one that means nothing gives the first part. It is a place between rows, so that
    what arrives meanwhile moves nobody's page.
    """
    total, place = rows.count(), _place(turn)
    backward = place is not None and turn.startswith("f")
    later = newest is backward
    found = rows.order_by(*((field, "pk") if later else (f"-{field}", "-pk")))
    if place is not None:
        at, key = place
        side = "gt" if later else "lt"
        found = found.filter(Q(**{f"{field}__{side}": at}) | Q(**{field: at, f"pk__{side}": key}))
    shown = list(found[: size + 1])
    more, shown = len(shown) > size, shown[:size]
    if backward:
        shown.reverse()
    if not shown:
        return Part([], total)
    first, last = (_cursor(row, field) for row in (shown[0], shown[-1]))
    has_before, has_after = (more, True) if backward else (place is not None, more)
    return Part(shown, total, f"f{first}" if has_before else "", f"e{last}" if has_after else "")


def _cursor(row: Any, field: str) -> str:
    return f"{(getattr(row, field) - EPOCH) // timedelta(microseconds=1)}_{row.pk}"


def _place(turn: str) -> tuple[datetime, UUID] | None:
    """Return where a turn points, or None when somebody made it up."""
    microseconds, _sep, key = turn[1:].partition("_")
    try:
        return EPOCH + timedelta(microseconds=int(microseconds)), UUID(key)
    except (ValueError, OverflowError):
        return None


def cases_for(actor: Actor) -> QuerySet[SpecialistReferral]:
    """Return the trust's referrals that the actor may read: all of them at the desk, one's own clinic's for a clinician."""
    if not may_read_received(actor):
        return SpecialistReferral.objects.none()
    return SpecialistReferral.objects.filter(agency_id=actor.agency_id).select_related(
        "person__unit", "referrer", "clinic"
    )


def access_case(actor: Actor, pk: UUID) -> SpecialistReferral:
    """Return one referral of the trust, or raise Http404."""
    case = cases_for(actor).filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def unregistered(actor: Actor) -> QuerySet[Letter]:
    """Return referral letters nobody has registered, oldest first: new ones, and new versions of known ones.

    Registered, not acknowledged: a receipt from the letter's own page says that it was seen, and starts no assessment.
    """
    letters = inbox(actor).select_related(None).select_related("other_agency")
    if not may_receive(actor):
        return letters.none()
    cases = SpecialistReferral.objects.filter(agency_id=actor.agency_id)
    # Taken back before anybody received it: acknowledged is all there is to do.
    gone = Q(acknowledged_at__isnull=False, body__has_key="withdrawn_by") & ~Exists(
        cases.filter(thread_id=OuterRef("thread_id"))
    )
    return (
        letters.filter(~Exists(cases.filter(letter_id=OuterRef("letter_id"))), kind=REFERRAL, superseded_by=None)
        .exclude(gone)
        .order_by("sent_at", "id")
    )


def access_received(actor: Actor, pk: UUID) -> Letter:
    """Return a received referral letter by the key of the own copy, or raise Http404."""
    letter: Letter | None = inbox(actor).filter(pk=pk, kind=REFERRAL).first() if may_read_received(actor) else None
    if letter is None:
        raise Http404
    return letter


def case_of_thread(actor: Actor, thread_id: UUID) -> SpecialistReferral | None:
    """Return the referral an exchange is about, or None when nobody has registered it."""
    return cases_for(actor).filter(thread_id=thread_id).first()


def letters_of_case(actor: Actor, case: SpecialistReferral) -> list[Letter]:
    """Return the exchange about a referral, newest first."""
    rows = letters_for(actor).select_related(None).select_related("other_agency")
    return list(rows.filter(thread_id=case.thread_id).order_by("-sent_at", "-id"))


def clinics_of(actor: Actor) -> QuerySet[Unit]:
    """Return the trust's own clinics."""
    return Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.CLINIC, closed_on=None).order_by("name")


def desk_of(actor: Actor) -> Unit | None:
    """Return the trust's intake desk."""
    return Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.DESK, closed_on=None).order_by("name").first()


@dataclass(frozen=True)
class Match:
    """A patient of the own trust that a letter may be about. `certain` by identity number, else by name and birth date."""

    patient: SpecialistPatient
    certain: bool


def matches(actor: Actor, letter: Letter) -> list[Match]:
    """Return the own patients a letter may be about, the certain one first. Nothing outside the own agency is looked at."""
    found: list[Match] = []
    number = usable_number(letter)
    same = find_by_number(actor, SpecialistPatient, number) if number else None
    if isinstance(same, SpecialistPatient):
        found.append(Match(same, certain=True))
    family, born = str(letter.body.get("family_name", "")), typed_date(letter.body.get("birth_date"))
    if born is not None:
        alike = SpecialistPatient.objects.filter(
            agency_id=actor.agency_id, family_key=family.strip().lower(), birth_date=born
        )
        found += [
            Match(patient, certain=False)
            for patient in alike.order_by("given_name", "pk")[:10]
            if same is None or patient.pk != same.pk
        ]
    return found


def usable_number(letter: Letter) -> str:
    """Return the identity number of a letter, or "" when there is none that can be a number."""
    number = "".join(str(letter.body.get("national_id", "")).split())
    try:
        return parse(number, allow_synthetic=settings.ALLOW_SYNTHETIC_IDS).number if number else ""
    except InvalidNationalId:
        return ""


def typed_date(text: object) -> date | None:
    """Return the date a letter carries as text, or None when it is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
