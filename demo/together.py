"""The demo's work between agencies: leaders who meet, with minutes and a next meeting, and two deviations, one of them closed."""

from datetime import timedelta
from typing import Any

from cooperation.actions import deviations, meetings
from cooperation.models.meetings import Topic
from coordination import clock
from demo.stage import Teller, key

AGENDA = "\n".join(str(topic.label) for topic in Topic)
MINUTES = (
    "Gjennomgang av framstillinger siden sist. Helsetjenesten melder at flere er avlyst på kort varsel.\n"
    "Fengselet har fått én bil til på dagtid."
)
DECISIONS = "Fengselet sier fra før kl. 10 når en framstilling må flyttes. Prøves fram til neste møte."


def meet(teller: Teller) -> None:
    """Let the warden set up a place to meet, hold a meeting there and plan the next; the municipality adds a matter."""
    agencies = teller.stage.agencies
    today = clock.local_date(teller.at)

    def set_up(actor: Any, at: Any) -> Any:
        return meetings.set_up_forum(
            actor, title="Ledermøte om helse i fengsel", interval_months=3,
            parties=[agencies["north_health"].pk, agencies["trust"].pk], others="Legevakten i kommunen",
            topics=list(Topic.values), key=key(), at=at,
        )  # fmt: skip

    forum = teller.act("leder", teller.ago(days=140), set_up, letters=False)

    def hold(actor: Any, at: Any) -> None:
        held_on = clock.local_date(at)
        row = meetings.plan_meeting(
            actor, forum.pk, held_on=held_on, place="Møterommet i administrasjonen", agenda=AGENDA, key=key(), at=at
        )
        meetings.hold_meeting(
            actor, row.pk, held_on=held_on, minutes=MINUTES, decisions=DECISIONS, version=row.version, at=at
        )

    def plan(actor: Any, at: Any) -> Any:
        return meetings.plan_meeting(
            actor, forum.pk, held_on=today + timedelta(days=12), place="Helsetjenestens møterom", agenda=AGENDA,
            key=key(), at=at,
        )  # fmt: skip

    teller.act("leder", teller.ago(days=74), hold, letters=False)
    coming = teller.act("leder", teller.ago(days=9), plan, letters=False)
    teller.act(
        "helseleder",
        teller.ago(days=4),
        lambda actor, at: meetings.add_note(actor, coming.pk, text="Ta opp tolk på kveldstid.", key=key(), at=at),
        letters=False,
    )


def deviate(teller: Teller) -> None:
    """Let an officer tell of an escort that was cancelled, and a nurse of a room; the second is answered and closed."""
    agencies = teller.stage.agencies
    today = clock.local_date(teller.at)
    teller.act(
        "betjent",
        teller.ago(hours=5),
        lambda actor, at: deviations.register_deviation(
            actor, kind="escort", severity="medium", place="Avdeling A", happened_on=today,
            what="En framstilling til sykehuset ble avlyst en time før avreise. Det manglet bil og to betjenter.",
            measures="Ny time er bestilt gjennom helsetjenesten.",
            parties=[agencies["north_health"].pk, agencies["trust"].pk], key=key(), at=at,
        ),
        letters=False,
    )  # fmt: skip
    room = teller.act(
        "sykepleier",
        teller.ago(days=20),
        lambda actor, at: deviations.register_deviation(
            actor, kind="place", severity="low", place="Samtalerom 2", happened_on=today - timedelta(days=20),
            what="Døra til samtalerommet kan ikke lukkes. Samtaler kan høres i gangen.",
            measures="Bruker samtalerom 1 så lenge.", parties=[agencies["north"].pk], key=key(), at=at,
        ),
        letters=False,
    )  # fmt: skip
    teller.act(
        "leder",
        teller.ago(days=19),
        lambda actor, at: deviations.add_note(
            actor, room.pk, kind="measure", text="Snekker er bestilt.", key=key(), at=at
        ),
        letters=False,
    )
    teller.act(
        "helseleder",
        teller.ago(days=12),
        lambda actor, at: deviations.close_deviation(
            actor, room.pk, outcome="Døra er reparert og prøvd.", version=room.version, at=at
        ),
        letters=False,
    )
