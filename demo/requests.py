"""The demo's requests for information: who may ask, one that waits, one that got advice, and one that was not met."""

from datetime import datetime, timedelta
from typing import Any

from consent import actions
from consent.access import access_letter, asked_about
from coordination import clock
from coordination.identity import Actor
from coordination.models import Person
from coordination.people.access import access_person
from demo.stage import Teller, key, latest

#: What was asked, by the words that make each request its own.
ASKED = {
    "waits": (
        "information_request",
        "Han skal framstilles for tingretten på torsdag, og klager over at han ikke tåler lang transport.",
        "Om det trengs pauser eller særlig tilrettelegging under transporten",
        "Vi må planlegge framstillingen slik at den kan gjennomføres forsvarlig.",
    ),
    "advice": (
        "danger_information_request",
        "Han har to ganger denne uken slått hodet i veggen når døra lukkes om kvelden.",
        "Hvordan betjentene bør møte ham når dette skjer",
        "Uten råd kan vi ikke verne ham mot å skade seg alvorlig om natten.",
    ),
    "no": (
        "information_request",
        "Han søker arbeid på verkstedet og sier selv at han har ryggplager.",
        "Hvilke plager han har hatt det siste året",
        "Verkstedet ønsker å vite hva slags arbeid som passer best.",
    ),
}


def requests(teller: Teller, inmates: list[Person]) -> None:
    """The warden names the duty leader, who asks three times about people the health service knows."""
    today = clock.local_date(teller.at)
    teller.act(
        "leder",
        teller.ago(days=20),
        lambda actor, at: actions.name_requester(
            actor,
            teller.stage.memberships["vaktleder"],
            valid_from=today - timedelta(days=20),
            valid_to=today + timedelta(days=160),
            decision="Regiondirektørens brev 2026/318",
            at=at,
        ),
        letters=False,
    )
    _ask(teller, inmates[4], "waits", teller.ago(hours=5))
    _ask(teller, inmates[0], "advice", teller.ago(days=2, hours=3))
    _answer(teller, inmates[0], "advice", teller.ago(days=2, hours=2))
    _ask(teller, inmates[6], "no", teller.ago(days=1, hours=6))
    _answer(teller, inmates[6], "no", teller.ago(days=1, hours=1))


def _ask(teller: Teller, person: Person, which: str, at: datetime) -> None:
    kind, facts, wanted, necessity = ASKED[which]
    teller.act(
        "vaktleder",
        at,
        lambda actor, when: actions.ask_for_information(
            actor,
            access_person(actor, person.pk),
            kind=kind,
            recipient=teller.stage.agencies["north_health"],
            facts=facts,
            wanted=wanted,
            necessity=necessity,
            sought="consents" if which == "no" else "cooperates",
            sought_how="Snakket med ham på cella. Han forteller litt, men vet ikke hva som er viktig.",
            inmate_informed=True,
            key=key(),
            at=when,
        ),
    )


def _answer(teller: Teller, person: Person, which: str, at: datetime) -> None:
    def verb(actor: Actor, when: datetime) -> Any:
        letter = access_letter(actor, latest(actor, ASKED[which][0], family_name=person.family_name).pk)
        patient = next(iter(asked_about(actor, letter)), None)
        if which == "no" or patient is None:
            reason = "Ikke strengt nødvendig. Han kan selv fortelle verkstedet hva han klarer."
            return actions.decline_request(actor, letter, patient=patient, reason=reason, at=when)
        return actions.release_information(
            actor,
            letter,
            patient,
            advice="Snakk rolig med ham i tjue minutter før låsing, og ring oss straks hvis han slår hodet igjen.",
            items=["Hyppigere tilsyn"],
            basis="LB09",
            necessity="Faren for alvorlig hodeskade om natten kan ikke avverges på annen måte.",
            inmate_informed=True,
        )

    teller.act("lege", at, verb)
