"""Referrals for an actor, on either side, and how each stands. Writes nothing; absent and hidden are the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404

from consent.access import in_force, inbox, letters_for
from consent.letters import day_in
from consent.models import Letter
from coordination.identity import Actor
from coordination.models import Agency, MunicipalPatient, Role, SpecialistPatient, Unit
from coordination.national_id import InvalidNationalId, parse
from coordination.people.access import access_person, one_or_404
from coordination.people.actions import find_by_number
from coordination.worlds import World
from referrals.letters import ASSESSORS, CATEGORY, DECISION, REFERRAL, REFERRERS
from referrals.models import MunicipalReferral, ReferralState, SpecialistReferral
from referrals.rules import OUTCOMES, State

MUNI_READERS = (*REFERRERS, Role.HEALTH_LEADER)
DESK = (Role.TRUST_INTAKE, Role.TRUST_LEADER)


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


def referrals_for(actor: Actor) -> QuerySet[Any]:
    """Return the municipality's referrals, newest first, each with its `standing`. Empty for other roles.

    How one stands follows from the letters of its thread: the newest sent, its receipt, and the answer to it. It is never stored: it is
    true the moment the answer lies in the letterbox, whoever opens it.
    """
    if not may_read_sent(actor):
        return MunicipalReferral.objects.none()
    thread = letters_for(actor).select_related(None).filter(thread_id=OuterRef("thread_id"))
    sent = thread.filter(kind=REFERRAL, direction=Letter.Direction.OUT)
    answers = thread.filter(kind=DECISION, direction=Letter.Direction.IN)
    said = answers.annotate(said=KeyTextTransform("outcome", "body")).values("said")
    standing = Case(
        When(stage=MunicipalReferral.Stage.WITHDRAWN, then=Value(State.WITHDRAWN.value)),
        When(letter_at=None, then=Value(State.DRAFT.value)),
        # An answer older than the letter answers an earlier version: the referral was sent again.
        When(answered_at__gt=F("letter_at"), outcome__in=sorted(OUTCOMES), then=F("outcome")),
        When(receipt_at__isnull=False, then=Value(State.RECEIVED.value)),
        default=Value(State.SENT.value),
        output_field=CharField(),
    )
    return (
        MunicipalReferral.objects.filter(agency_id=actor.agency_id)
        .alias(
            letter_at=Subquery(sent.values("sent_at")[:1]),
            receipt_at=Subquery(sent.values("acknowledged_at")[:1]),
            answered_at=Subquery(answers.values("sent_at")[:1]),
            outcome=Subquery(said[:1], output_field=CharField()),
        )
        .annotate(standing=standing)
        .select_related("person__unit", "trust")
        .order_by("-recorded_at", "-pk")
    )


def standings(referrals: QuerySet[Any]) -> dict[State, int]:
    """Return how many of some referrals stand how."""
    counted = referrals.order_by().values_list("standing").annotate(count=Count("pk"))
    return {State(standing): count for standing, count in counted}


def sent_trusts(actor: Actor) -> list[Agency]:
    """Return the trusts that referrals of the agency have gone to or are written to, by name."""
    used = MunicipalReferral.objects.filter(agency_id=actor.agency_id, trust=OuterRef("pk"))
    return list(Agency.objects.filter(Exists(used), kind=Agency.Kind.HEALTH_TRUST).order_by("name"))


def sent_list(actor: Actor, referrals: Iterable[Any]) -> list[Sent]:
    """Return rows of `referrals_for` with the newest letter of each and the newest answer to it, in one query whatever their number."""
    rows = list(referrals)
    threads = {row.thread_id for row in rows if row.thread_id}
    newest: dict[tuple[UUID, str, str], Letter] = {}
    if threads:
        letters = letters_for(actor).select_related(None).select_related("other_agency")
        for letter in letters.filter(thread_id__in=threads, kind__in=(REFERRAL, DECISION)).order_by("sent_at", "id"):
            newest[letter.thread_id, letter.kind, letter.direction] = letter

    def of(row: MunicipalReferral, kind: str, direction: str) -> Letter | None:
        return newest.get((row.thread_id, kind, direction)) if row.thread_id else None

    return [
        Sent(
            row,
            State(row.standing),
            of(row, REFERRAL, Letter.Direction.OUT),
            of(row, DECISION, Letter.Direction.IN),
        )
        for row in rows
    ]


def sent_of(actor: Actor, person_id: UUID) -> list[Sent]:
    """Return the referrals of one patient, newest first."""
    return sent_list(actor, referrals_for(actor).filter(person_id=person_id))


def access_referral(actor: Actor, pk: UUID) -> Sent:
    """Return one referral of the municipality, or raise Http404."""
    referral = one_or_404(referrals_for(actor).filter(pk=pk))
    return sent_list(actor, [referral])[0]


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


def cases_for(actor: Actor) -> QuerySet[SpecialistReferral]:
    """Return the trust's referrals that the actor may read: all of them at the desk, one's own clinic's for a clinician."""
    if not may_read_received(actor):
        return SpecialistReferral.objects.none()
    return SpecialistReferral.objects.filter(agency_id=actor.agency_id).select_related(
        "person__unit", "referrer", "clinic"
    )


def access_case(actor: Actor, pk: UUID) -> SpecialistReferral:
    """Return one referral of the trust, or raise Http404."""
    return one_or_404(cases_for(actor).filter(pk=pk))


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
    family, born = str(letter.body.get("family_name", "")), day_in(letter.body.get("birth_date"))
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
