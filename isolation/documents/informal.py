"""What is handed to somebody who is locked in without a decision: the leaflet about harm, and the plan of activities. Plain values."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from coordination import formats
from coordination.identity import Actor
from isolation.access import newest_activity_plan
from isolation.documents.measures import paper_of
from isolation.models import ActivityPlan, InformalIsolation

#: What staff should tell, in plain words (R7.1.1-c). Read aloud, or printed for the person.
HARMS = (
    gettext_lazy("Du kan bli trist, sint eller urolig, og du kan få vansker med å sove."),
    gettext_lazy("Det kan bli vanskeligere å tenke klart og å huske."),
    gettext_lazy("Kroppen blir svakere når du beveger deg lite, og hodepine og vondter er vanlig."),
    gettext_lazy("Det kan bli vanskeligere å være sammen med andre jo lenger du er alene."),
    gettext_lazy("Du kan alltid be om å snakke med noen, og om å få komme til helsetjenesten."),
)
HELPS = (
    gettext_lazy("Gå ut i luftegården hver dag, også når du ikke har lyst."),
    gettext_lazy("Beveg deg i cella, og hold fast ved faste tider for mat og søvn."),
    gettext_lazy("Vær sammen med andre en kort stund om gangen. Be om én person eller en liten gruppe."),
    gettext_lazy("Ring eller skriv til noen du er glad i."),
)


def leaflet(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what isolation can do, about nobody."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "harms": HARMS,
        "helps": HELPS,
    }


def plan_days(plan: ActivityPlan | None) -> list[dict[str, Any]]:
    """Return what a plan holds by weekday, days without anything left out."""
    if plan is None:
        return []
    rows = zip(formats.weekdays(), plan.activities, plan.minutes, strict=True)
    return [{"name": name, "text": text, "minutes": minutes} for name, text, minutes in rows if text]


def activity_plan(actor: Actor, row: InformalIsolation, at: datetime) -> dict[str, Any] | None:
    """Return the plan that holds, for its person to keep; None where there is none."""
    plan = newest_activity_plan(row)
    if plan is None:
        return None
    return {**paper_of(actor, row.person, row.unit, at), "plan": plan, "days": plan_days(plan)}
