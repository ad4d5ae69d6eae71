"""The deadline rules of isolation without a decision. All of them are a should or a recommendation: told, never a breach."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from coordination.deadlines import Rule, Step, register
from coordination.models import Role
from coordination.models.deadlines import Strength
from coordination.worlds import World
from isolation.deadlines import HEALTH, INFO, LEADER, NOW
from isolation.letters import DECIDERS, STAFF

#: Considering supervision, talking with the person, waiting for the health service.
CONSIDER, TALK = "D32C", "D27b"

register(
    Rule(
        code=CONSIDER,
        world=World.CUSTODY,
        title=_("Vurder tilsyn og oppfølging, innelåst uten vedtak"),
        strength=Strength.SHOULD,
        owners=DECIDERS,
        steps=(
            Step(after=NOW, audience=LEADER, severity=INFO, from_start=True),
            Step(after=NOW, audience=LEADER, severity=INFO),
        ),
        doing="informal_consider",
        doing_label=_("Vurder"),
        obligations=("R7.1.1-d",),
    ),
    Rule(
        code=TALK,
        world=World.CUSTODY,
        title=_("Motiver og informer den som holder seg unna fellesskapet"),
        strength=Strength.RECOMMENDED,
        owners=STAFF,
        steps=(Step(after=timedelta(hours=12), audience=LEADER, severity=INFO),),
        doing="informal_talk",
        doing_label=_("Skriv samtale"),
        obligations=("R7.1.1-b", "R7.1.1-c"),
    ),
    Rule(
        code="D32S",
        world=World.CUSTODY,
        title=_("Helsetjenesten har ikke kvittert for beskjed om innlåsing uten vedtak"),
        strength=Strength.SHOULD,
        owners=DECIDERS,
        steps=(Step(after=NOW, audience=LEADER, severity=INFO),),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R7.1.1-d",),
    ),
    Rule(
        code="D32R",
        world=World.MUNICIPAL_HEALTH,
        title=_("Vurder oppfølging av innsatt som er innelåst uten vedtak"),
        strength=Strength.SHOULD,
        owners=HEALTH,
        steps=(
            Step(after=NOW, audience=HEALTH, severity=INFO, from_start=True),
            Step(after=NOW, audience=(Role.HEALTH_LEADER, *HEALTH), severity=INFO),
        ),
        doing="letter",
        doing_label=_("Åpne brev"),
        obligations=("R7.1.1-d",),
    ),
)
