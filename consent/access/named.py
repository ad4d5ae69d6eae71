"""Who in a prison is named to ask the health service for information and to receive it. Writes nothing."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now, TruncDate

from consent.models import RequestAuthorisation
from coordination.clock import OSLO
from coordination.identity import Actor
from coordination.models import Membership, Role
from coordination.worlds import World

#: The Oslo date of the statement that asks, as the postman reads it.
TODAY = TruncDate(Now(), tzinfo=OSLO)


def authorisations(actor: Actor) -> QuerySet[RequestAuthorisation]:
    """Return the newest authorisation of each membership of the prison, whether it holds or not, by who it names."""
    later = RequestAuthorisation.objects.filter(membership_id=OuterRef("membership_id"), set_at__gt=OuterRef("set_at"))
    return (
        RequestAuthorisation.objects.filter(~Exists(later), agency_id=actor.agency_id)
        .select_related("membership")
        .order_by("membership__display_name", "id")
    )


def named(actor: Actor, on: date | Any = TODAY) -> QuerySet[RequestAuthorisation]:
    """Return what lets the actor ask on an Oslo date: one row, or none. Nobody outside a prison is named."""
    return authorisations(actor).filter(
        membership_id=actor.membership_id, ended=False, valid_from__lte=on, valid_to__gte=on
    )


def may_name(actor: Actor) -> bool:
    """Return whether the actor names those who may ask."""
    return actor.world is World.CUSTODY and actor.role is Role.WARDEN


def nameable(actor: Actor) -> QuerySet[Membership]:
    """Return the colleagues who may be named: those who work in the prison today, but for oneself and its administrators."""
    return (
        Membership.objects.filter(agency_id=actor.agency_id, ended_at=None)
        .exclude(pk=actor.membership_id)
        .exclude(role=Role.ADMINISTRATOR)
        .order_by("display_name", "id")
    )
