"""Applications to recovery units for an actor, and what stands beside them. Writes nothing; absent and hidden are the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import Http404

from consent.access import consents_for, in_force, inbox, question_of, talks_for
from consent.letters import identity_of
from consent.models import ConsentQuestion, ConsentTalk
from coordination import clock
from coordination.identity import Actor
from coordination.models import Agency, LegalStatus, Role, Stay, Unit
from coordination.people.access import one_or_404
from coordination.worlds import World
from recovery_units.models import RecoveryApplication
from recovery_units.rules import RUNNING, ConsentStep, consent_step, usual_group

#: Who informs, offers and takes the application; who decides; who reads it besides.
INFORMERS = (Role.CONTACT_OFFICER, Role.DUTY_LEADER, Role.WARDEN)
DECIDERS = (Role.DUTY_LEADER, Role.WARDEN)
READERS = (*INFORMERS, Role.RELEASE_CASEWORKER)
POINT = ConsentQuestion.Point.RECOVERY
#: The kind of information that consent, and letters on it, are about here.
CATEGORY = "recovery"
#: The letter that brings the specialist service the application, on consent.
TELLS_TRUST = "recovery_information"
#: The most letters to choose between.
MOST = 50


def may_read(actor: Actor) -> bool:
    """Return whether the role has anything to do with recovery units."""
    return actor.world is World.CUSTODY and actor.has_role(*READERS)


def may_inform(actor: Actor) -> bool:
    """Return whether the role informs, offers and takes applications."""
    return actor.world is World.CUSTODY and actor.has_role(*INFORMERS)


def may_decide(actor: Actor) -> bool:
    """Return whether the role decides on applications."""
    return actor.world is World.CUSTODY and actor.has_role(*DECIDERS)


def trust_of(actor: Actor) -> UUID | None:
    """Return the health trust that the actor's prison works with."""
    return Agency.objects.get(pk=actor.agency_id).specialist_service_id


def units_for(actor: Actor) -> QuerySet[Unit]:
    """Return the recovery units of the actor's prison that are open."""
    return Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.RECOVERY, closed_on=None)


def applications_for(actor: Actor) -> QuerySet[RecoveryApplication]:
    """Return every offer and application the actor may know of, newest first, or raise Http404 for other roles."""
    if not may_read(actor):
        raise Http404
    rows = RecoveryApplication.objects.filter(agency_id=actor.agency_id)
    return rows.select_related("person__unit", "stay", "unit").order_by("-recorded_at", "-id")


def in_order(rows: QuerySet[RecoveryApplication]) -> QuerySet[RecoveryApplication]:
    """Return applications that wait, as `usual_group` and the leaders have them, then by when the person applied (RM2-a)."""
    usual = Case(
        *(
            When(stay__legal_status=status, then=Value(usual_group(convicted=status is LegalStatus.CONVICTED).value))
            for status in LegalStatus
        )
    )
    return (
        rows.filter(state=RecoveryApplication.State.APPLIED)
        .annotate(place=Case(When(group="", then=usual), default="group"))
        .order_by("place", "applied_at", "id")
    )


def access_application(actor: Actor, pk: UUID) -> RecoveryApplication:
    """Return one application, or raise Http404."""
    return one_or_404(applications_for(actor).filter(pk=pk))


def running_of(actor: Actor, person_id: UUID) -> RecoveryApplication | None:
    """Return the offer or application of a person that goes on, or None."""
    return applications_for(actor).filter(person_id=person_id, state__in=RUNNING).first()


def access_stay(actor: Actor, pk: UUID) -> Stay:
    """Return a stay for the pages of recovery units, or raise Http404."""
    if not may_read(actor):
        raise Http404
    return one_or_404(Stay.objects.filter(agency_id=actor.agency_id, pk=pk).select_related("person__unit"))


def informed_by_unit(actor: Actor) -> list[tuple[str, int]]:
    """Return how many who are here now were informed and offered a place, by the unit they are in (RM4-e)."""
    here = (
        applications_for(actor)
        .filter(stay__ended_at=None, unit__agency_id=actor.agency_id)
        .order_by("person__unit__name")
    )
    counted = here.values_list("person__unit__name").annotate(people=Count("person_id", distinct=True))
    return [(str(name), int(people)) for name, people in counted]


@dataclass(frozen=True)
class Standing:
    """The step of consent as it stands now: the question that was asked, and how far it has come."""

    question: ConsentQuestion | None
    step: ConsentStep


def consent_of(actor: Actor, row: RecoveryApplication, at: datetime) -> Standing:
    """Return how the step of consent stands at an instant, read from the consents and the talks themselves (RM7-e).

    A no before this application was made says nothing about it; a consent that holds does.
    """
    question = question_of(actor, POINT, row.pk)
    needed = question.needed if question is not None else None
    if not needed or row.applied_at is None:
        return Standing(question, consent_step(needed=needed, given=False, refused=False))
    given = bool(in_force(actor, row.person_id, category=CATEGORY, on=clock.local_date(at)))
    nos = talks_for(actor, row.person_id).filter(
        outcome=ConsentTalk.Outcome.REFUSED, outcome_at__gte=row.applied_at, categories__contains=[CATEGORY]
    )
    back = consents_for(actor, row.person_id).filter(withdrawn_at__gte=row.applied_at, categories__contains=[CATEGORY])
    return Standing(question, consent_step(needed=True, given=given, refused=nos.exists() or back.exists()))


def letters_of(actor: Actor, row: RecoveryApplication, world: World) -> list[Any]:
    """Return what a health service of a world has written about the person since the application, newest first.

    What nobody has said whom it is about counts where it names exactly this person.
    """
    named = Q(person=None, **{f"body__{name}": value for name, value in identity_of(row.person).items()})
    found = inbox(actor).filter(Q(person_id=row.person_id) | named, other_agency__world=world, superseded_by=None)
    return list(found.filter(sent_at__gte=row.applied_at or row.recorded_at)[:MOST])
