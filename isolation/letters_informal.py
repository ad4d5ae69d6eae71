"""The letters a prison writes about time out of the cell and about isolation without a decision. Reads no world.

Nothing here asks the health service to approve anything; it is told that somebody is in fact isolated, and considers for itself.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consent import wording
from consent.letters import IDENTITY, Field, LetterKind, register
from coordination.worlds import World
from isolation.letters import (
    COERCIVE_BASIS,
    DECIDERS,
    EXCLUSION_BASIS,
    GENERAL_BASIS,
    ILLNESS_BASIS,
    STAFF,
)
from isolation.models import InformalIsolation, LockInSwitch, MeasureKind

#: How soon the health service should have taken on what it is told; a should, never a breach.
CONSIDER_BY = timedelta(hours=24)

LOCK_IN_CHANGED = LetterKind(
    code="lock_in_changed",
    title=_("Endret tid ute av cella"),
    senders=(World.CUSTODY,),
    recipients=(World.MUNICIPAL_HEALTH,),
    # Whoever writes down the time sends it with it.
    sender_roles=STAFF,
    bases=(EXCLUSION_BASIS, COERCIVE_BASIS),
    category="isolation",
    fields=(
        *IDENTITY,
        Field("kind", "Tiltak"),
        Field("hours_out", "Timer ute av cella per døgn", "number"),
        Field("changed_at", "Gjelder fra", "instant"),
        Field("side", "Omfang", required=False),
    ),
)
LOCK_IN_NOTICE = LetterKind(
    code="lock_in_notice",
    title=_("Beskjed om innlåsing uten vedtak"),
    senders=(World.CUSTODY,),
    recipients=(World.MUNICIPAL_HEALTH,),
    sender_roles=DECIDERS,
    bases=(GENERAL_BASIS, ILLNESS_BASIS),
    category="isolation",
    fields=(
        *IDENTITY,
        Field("unit", "Avdeling"),
        Field("kind", "Hva det gjelder"),
        Field("since", "Siden", "date"),
        Field("hours_out", "Timer ute av cella per døgn", "number"),
        Field("wish", "Ønsker selv kontakt med helsetjenesten", "boolean"),
        Field("note", "Merknad", "long", required=False),
    ),
    awaits="acknowledgement",
    due=CONSIDER_BY,
    sender_rule="D32S",
    recipient_rule="D32R",
)

register(LOCK_IN_CHANGED, LOCK_IN_NOTICE)
wording.register("kind", dict(MeasureKind.choices), kind=LOCK_IN_CHANGED.code)
wording.register("side", dict(LockInSwitch.Side.choices), kind=LOCK_IN_CHANGED.code)
wording.register("kind", dict(InformalIsolation.Kind.choices), kind=LOCK_IN_NOTICE.code)
