"""Admission records for an actor, from one queryset each. Writes nothing; hidden and absent are the same 404."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from coordination.identity import Actor
from coordination.models import Role, Stay
from coordination.people.access import one_or_404
from coordination.worlds import World
from intake.letters import ANYONE, STAFF
from intake.models import ActionPlanDecision, HealthContactRequest, IntakeInterview, NeedsMapping

#: May say yes or no to an action plan; an officer may start one at once, never say that none is needed.
PLANNERS = (Role.CONTACT_OFFICER, Role.DUTY_LEADER)
#: Who maps needs and resources, and who besides reads the mapping: those who plan the sentence and the release.
MAPPERS = (Role.CONTACT_OFFICER,)
MAPPING_READERS = (*MAPPERS, Role.DUTY_LEADER, Role.RELEASE_CASEWORKER, Role.WARDEN)


def require_custody(actor: Actor) -> None:
    """Raise Http404 outside the world that owns these records."""
    if actor.world is not World.CUSTODY:
        raise Http404


def may_interview(actor: Actor) -> bool:
    """Return whether the role holds interviews."""
    return actor.world is World.CUSTODY and actor.has_role(*STAFF)


def may_contact(actor: Actor) -> bool:
    """Return whether the role may put somebody in touch with the health service."""
    return actor.world is World.CUSTODY and actor.has_role(*ANYONE)


def may_plan(actor: Actor) -> bool:
    """Return whether the role decides on action plans."""
    return actor.world is World.CUSTODY and actor.has_role(*PLANNERS)


def may_map(actor: Actor) -> bool:
    """Return whether the role offers and holds the mapping of needs and resources."""
    return actor.world is World.CUSTODY and actor.has_role(*MAPPERS)


def may_read_mappings(actor: Actor) -> bool:
    """Return whether the role reads the mapping of needs and resources."""
    return actor.world is World.CUSTODY and actor.has_role(*MAPPING_READERS)


def interviews_for(actor: Actor) -> QuerySet[IntakeInterview]:
    """Return interviews, newest first."""
    require_custody(actor)
    return IntakeInterview.objects.filter(agency_id=actor.agency_id).order_by("-recorded_at", "-id")


def access_interview(actor: Actor, pk: UUID) -> IntakeInterview:
    """Return one interview, or raise Http404."""
    return one_or_404(
        interviews_for(actor).select_related("person", "person__unit", "stay", "health_contact").filter(pk=pk)
    )


def newest_interview(actor: Actor, stay_id: UUID) -> IntakeInterview | None:
    """Return the interview that holds for a stay, or None."""
    return interviews_for(actor).select_related("health_contact").filter(stay_id=stay_id).first()


def contacts_for(actor: Actor) -> QuerySet[HealthContactRequest]:
    """Return requests to the health service, newest first."""
    require_custody(actor)
    return HealthContactRequest.objects.filter(agency_id=actor.agency_id).order_by("-recorded_at", "-id")


def access_contact(actor: Actor, pk: UUID) -> HealthContactRequest:
    """Return one request, or raise Http404."""
    return one_or_404(contacts_for(actor).select_related("person", "person__unit").filter(pk=pk))


def decisions_for(actor: Actor) -> QuerySet[ActionPlanDecision]:
    """Return decisions on action plans, newest first."""
    require_custody(actor)
    return ActionPlanDecision.objects.filter(agency_id=actor.agency_id).order_by("-recorded_at", "-id")


def access_decision(actor: Actor, pk: UUID) -> ActionPlanDecision:
    """Return one decision, or raise Http404."""
    return one_or_404(decisions_for(actor).select_related("person", "person__unit", "stay").filter(pk=pk))


def newest_decision(actor: Actor, stay_id: UUID) -> ActionPlanDecision | None:
    """Return the decision that holds for a stay, or None."""
    return decisions_for(actor).filter(stay_id=stay_id).first()


def access_stay(actor: Actor, pk: UUID) -> Stay:
    """Return one stay, or raise Http404."""
    require_custody(actor)
    return one_or_404(Stay.objects.filter(agency_id=actor.agency_id, pk=pk).select_related("person", "person__unit"))


def mappings_for(actor: Actor) -> QuerySet[NeedsMapping]:
    """Return mappings of needs and resources, newest first, or raise Http404 for a role that does not read them."""
    if not may_read_mappings(actor):
        raise Http404
    return NeedsMapping.objects.filter(agency_id=actor.agency_id).order_by("-recorded_at", "-id")


def access_mapping(actor: Actor, pk: UUID) -> NeedsMapping:
    """Return one mapping, or raise Http404."""
    return one_or_404(mappings_for(actor).select_related("person", "person__unit", "stay").filter(pk=pk))
