"""The letter that tells a health service of an expected release, and what its codes are called. Sends nothing."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consent import wording
from consent.letters import IDENTITY, Field, LetterKind, register
from coordination.models import Role
from coordination.worlds import World
from release_planning.models import LateReason, NoticeStatus

RELEASE_NOTICE = "release_notice"
BASIS = "LB03"
#: Who may tell health; others who see the plan only read it.
SENDERS = (Role.RELEASE_CASEWORKER, Role.DUTY_LEADER, Role.WARDEN)

register(
    LetterKind(
        code=RELEASE_NOTICE,
        title="Varsel om forventet løslatelse",
        senders=(World.CUSTODY,),
        recipients=(World.MUNICIPAL_HEALTH,),
        sender_roles=SENDERS,
        bases=(BASIS,),
        category="release",
        fields=(
            *IDENTITY,
            Field("unit", "Avdeling"),
            Field("expected_release_on", "Forventet løslatt", "date"),
            Field("status", "Hvor sikker er datoen"),
            Field("late_reason", "Hvorfor varselet kommer sent", required=False),
            Field("note", "Merknad", "long", required=False),
        ),
        awaits="acknowledgement",
        due=timedelta(hours=72),
        sender_rule="D11A",
        recipient_rule="D11R",
        routine=True,
    )
)

wording.register("status", dict(NoticeStatus.choices), kind=RELEASE_NOTICE)
wording.register("late_reason", dict(LateReason.choices), kind=RELEASE_NOTICE)

NECESSITY = _(
    "Helsetjenesten må kjenne tidspunktet for å planlegge videre helsehjelp før løslatelsen, og kriminalomsorgen må samordne "
    "løslatelsen med den (retningslinjer til straffegjennomføringsloven punkt 42.1)."
)
REMAND_NECESSITY = _(
    "Løslatelsen skjer på kort varsel. Helsetjenesten må vite det straks for at helsehjelpen ikke skal bli brutt."
)
