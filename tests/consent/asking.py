"""What the tests of requests for information share: somebody named, a request, and the answers as people give them. Holds no test."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from consent import actions
from consent.access import access_letter, inbox, named
from coordination import clock
from coordination.people.access import access_person
from tests.cast import Cast

FACTS = "Han sa i går kveld at han vil skade en medinnsatt, og gjemte et skaft."
NEEDED = "Vi må vite om faren er så stor at andre må flyttes i kveld."
SOUGHT = "Han ble spurt i samtale klokka 18, og ville ikke svare."


def name(cast: Cast, who: str = "duty_leader", *, start: int = 0, end: int = 30, by: str = "warden") -> UUID:
    """Name somebody from a day to a day, counted from today, committed; return the key of the authorisation."""
    now = clock.now()
    today = clock.local_date(now)
    with cast[by].acting() as actor:
        return actions.name_requester(
            actor,
            cast[who].membership,
            valid_from=today + timedelta(days=start),
            valid_to=today + timedelta(days=end),
            decision="2026/77",
            at=now,
        ).pk


def typed(**more: Any) -> dict[str, Any]:
    """Return what a request says."""
    said = {
        "kind": "danger_information_request",
        "facts": FACTS,
        "wanted": "Om han har sagt noe om når, og til hvem",
        "necessity": NEEDED,
        "sought": "refused",
        "sought_how": SOUGHT,
    }
    return {**said, "key": uuid4(), **more}


def ask(cast: Cast, who: str = "duty_leader", to: str = "north_health", **more: Any) -> UUID:
    """Ask about Fiolin, committed, and return the `letter_id`."""
    with cast[who].acting() as actor:
        return actions.ask_for_information(
            actor,
            access_person(actor, cast.people["fiolin"]),
            recipient=cast.agencies[to],
            inmate_informed=False,
            at=clock.now(),
            **typed(**more),
        )


def received(actor: Any, letter_id: UUID) -> Any:
    """Return the recipient's copy of a letter."""
    return access_letter(actor, inbox(actor).get(letter_id=letter_id).pk)


def decline(cast: Cast, letter_id: UUID, about: UUID | None, reason: str = "", who: str = "nurse") -> UUID:
    """Say no, committed, and return the `letter_id` of the answer."""
    with cast[who].acting() as actor:
        patient = access_person(actor, about) if about else None
        return actions.decline_request(
            actor, received(actor, letter_id), patient=patient, reason=reason, at=clock.now()
        )


def release(cast: Cast, letter_id: UUID, about: UUID, who: str = "doctor", **more: Any) -> UUID:
    """Release advice on the ground of danger, committed, and return the `letter_id` of the answer."""
    said = {
        "advice": "Hold ham atskilt fra medinnsatte til helsetjenesten har sett ham.",
        "items": [],
        "basis": "LB09",
        "necessity": "Faren for medinnsatte kan bare avverges ved at de holdes fra hverandre.",
        "inmate_informed": True,
    }
    with cast[who].acting() as actor:
        return actions.release_information(
            actor, received(actor, letter_id), access_person(actor, about), **{**said, **more}
        )


def is_named(cast: Cast, who: str) -> bool:
    """Return whether somebody may ask now."""
    with cast[who].acting() as actor:
        return named(actor).exists()
