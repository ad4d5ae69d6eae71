"""When a consent holds, who may give it, what a ground of disclosure needs now, and what a written reason must be.

Pure: values in, words out; touches neither Django, the database nor the clock. The postman asks the same of the database at the very
statement that sends; this is what a page shows and what a verb refuses first, in words.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from coordination import clock

# How a consent stands


class Standing(StrEnum):
    """How a consent stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"  # signed, but its period has not begun
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


def standing(
    valid_from: date, valid_to: date, withdrawn_at: datetime | None, on: date, superseded_at: datetime | None = None
) -> Standing:
    """Return how a consent stands on an Oslo date; both ends of the period count. Withdrawn is for good, whatever the period says."""
    if withdrawn_at is not None:
        return Standing.WITHDRAWN
    if superseded_at is not None:
        return Standing.SUPERSEDED
    if on < valid_from:
        return Standing.COMING
    return Standing.IN_FORCE if on <= valid_to else Standing.EXPIRED


# Who may give it

#: From this age a person consents (pasient- og brukerrettighetsloven §§ 4-3, 4-4).
AGE_OF_CONSENT = 16
ADULT = 18


class GiverProblem(StrEnum):
    """Why somebody cannot give this consent."""

    TOO_YOUNG = "too_young"  # under 16: those with parental responsibility, the child welfare service or a guardian
    OLD_ENOUGH = "old_enough"  # the person gives it, nobody instead
    UNDECIDED = "undecided"  # doubt about competence that health personnel have not decided
    NOT_COMPETENT = "not_competent"  # decided: somebody else gives it
    NO_NAME = "no_name"  # a representative without name or relation


def giver_problem(
    born: date, on: date, *, given_by: str, giver_name: str, giver_relation: str, doubt: bool, competent: bool | None
) -> GiverProblem | None:
    """Return why a consent cannot be given by this one on a day, or None. `competent` is the decision of health personnel, None before it."""
    age = clock.age_on(born, on)
    itself = given_by == "self"
    if not itself and not (giver_name.strip() and giver_relation.strip()):
        return GiverProblem.NO_NAME
    if age < AGE_OF_CONSENT:
        return GiverProblem.TOO_YOUNG if itself or given_by == "next_of_kin" else None
    if doubt and competent is None:
        return GiverProblem.UNDECIDED
    lacks = doubt and competent is False
    if itself:
        return GiverProblem.NOT_COMPETENT if lacks else None
    # Between 16 and 18 those with parental responsibility consent for one who lacks competence; later the next of kin or a guardian.
    allowed = {"parents", "child_welfare", "guardian"} if age < ADULT else {"next_of_kin", "guardian"}
    return None if lacks and given_by in allowed else GiverProblem.OLD_ENOUGH


def untold(needed: Iterable[str], told: Iterable[str]) -> list[str]:
    """Return the points of the text that were not gone through, in order. Consent is informed, or it is not consent."""
    said = set(told)
    return [point for point in needed if point not in said]


class NarrowProblem(StrEnum):
    """Why a change is no narrowing."""

    NOTHING = "nothing"
    WIDER = "wider"
    EMPTY = "empty"


def narrow_problem(
    old: tuple[Collection[object], Collection[object], date], new: tuple[Collection[object], Collection[object], date]
) -> NarrowProblem | None:
    """Return why (recipients, kinds of information, end date) may not go from old to new, or None. A consent is never widened."""
    if not new[0] or not new[1]:
        return NarrowProblem.EMPTY
    if not (set(new[0]) <= set(old[0]) and set(new[1]) <= set(old[1]) and new[2] <= old[2]):
        return NarrowProblem.WIDER
    same = set(new[0]) == set(old[0]) and set(new[1]) == set(old[1]) and new[2] == old[2]
    return NarrowProblem.NOTHING if same else None


# Asking again

#: The sender asks again at most once in this time.
REMIND_AGAIN = timedelta(hours=24)


def may_remind(
    due_at: datetime | None, settled_at: datetime | None, reminded_at: datetime | None, at: datetime
) -> bool:
    """Return whether the sender of a letter may ask again: past its time, still waiting, and not asked in the last 24 hours."""
    waits = settled_at is None and due_at is not None and due_at <= at
    return waits and (reminded_at is None or reminded_at + REMIND_AGAIN <= at)


# Which ground may be used now


class Verdict(StrEnum):
    """Whether a ground of disclosure can be used now."""

    OPEN = "open"
    DUTY = "duty"  # must be sent; neither consent nor objection can stop it
    CONSENTED = "consented"
    REASON = "reason"  # when the necessity is written
    OVERRIDDEN = "overridden"  # once, in spite of an objection
    NO_CONSENT = "no_consent"
    OBJECTED = "objected"
    NOT_ASKED = "not_asked"  # may only answer a request
    NOT_IN_FORCE = "not_in_force"

    @property
    def usable(self) -> bool:
        """Return whether it can be chosen."""
        return self not in {Verdict.NO_CONSENT, Verdict.OBJECTED, Verdict.NOT_ASKED, Verdict.NOT_IN_FORCE}


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the closed list says of one ground."""

    needs: str
    blocked_by: str
    duty: bool
    on_request: bool
    in_force: bool


def verdict(ground: Ground, *, answers: bool, consented: bool, objected: bool, overridden: bool) -> Verdict:
    """Return whether a ground can be used now, given what is known of the person. The same order as the postman's."""
    if not ground.in_force:
        return Verdict.NOT_IN_FORCE
    if ground.on_request and not answers:
        return Verdict.NOT_ASKED
    if ground.duty:
        return Verdict.DUTY
    if ground.needs == "consent":
        return Verdict.CONSENTED if consented else Verdict.NO_CONSENT
    if ground.blocked_by == "objection" and objected:
        return Verdict.OVERRIDDEN if overridden else Verdict.OBJECTED
    return Verdict.REASON if ground.needs == "necessity" else Verdict.OPEN


# What a written reason must be

#: The fewest characters and words of a reason; the postman counts the characters too.
REASON_MIN = 20
REASON_WORDS = 4


class ReasonProblem(StrEnum):
    """What is wrong with a written necessity."""

    SHORT = "short"
    OPEN_ENDED = "open_ended"
    COPIED = "copied"


#: Words that ask for or send everything. Necessity is about something; "everything" is about nothing.
OPEN_ENDED = re.compile(
    r"\b(all(e)? (relevant(e)? |nødvendig(e)? |tilgjengelig(e)? )?(opplysninger|informasjon|journal(opplysninger|notater)?|dokumenter|data|notater)"
    r"|alt (dere|vi|de|som) |alt av |hele (journalen|mappen|saken|historikken)|full(stendig)? (journal|innsyn|tilgang|historikk)"
    r"|samtlige opplysninger|alle opplysningar|heile journalen|alt som finnes|det meste|diverse opplysninger)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Return a text stripped of case, punctuation and spacing, to compare by."""
    return " ".join(re.findall(r"\w+", text.lower()))


def reason_problem(text: str, earlier: Iterable[str] = ()) -> ReasonProblem | None:
    """Return what is wrong with a necessity, or None. `earlier` are reasons written before, about others: each case has its own."""
    said = plain(text)
    if len(text.strip()) < REASON_MIN or len(set(said.split())) < REASON_WORDS:
        return ReasonProblem.SHORT
    if OPEN_ENDED.search(text):
        return ReasonProblem.OPEN_ENDED
    return ReasonProblem.COPIED if said in {plain(other) for other in earlier} else None


# Asking the health service for information


#: The fewest characters that say how consent or cooperation was sought, or why it could not be.
SOUGHT_MIN = 20


class RequestProblem(StrEnum):
    """Why a request says too little to be sent."""

    FACTS = "facts"
    WANTED = "wanted"
    EVERYTHING = "everything"
    SOUGHT = "sought"


def request_problem(facts: str, wanted: str, sought_how: str) -> RequestProblem | None:
    """Return why a request cannot be sent yet, or None. It states facts, asks for something and not everything, and says what was tried."""
    if reason_problem(facts) is ReasonProblem.SHORT:
        return RequestProblem.FACTS
    if len(plain(wanted)) < REASON_WORDS:
        return RequestProblem.WANTED
    if OPEN_ENDED.search(wanted):
        return RequestProblem.EVERYTHING
    return RequestProblem.SOUGHT if len(sought_how.strip()) < SOUGHT_MIN else None


# What is left out when a person is told about themselves

#: The longest before it is considered anew whether a part is still to be left out.
WITHHELD_AT_MOST = timedelta(days=365)


def withholds(until_on: date, ended_at: datetime | None, on: date) -> bool:
    """Return whether a part is left out on an Oslo date: to the end of its last day, unless it was ended before. Nothing renews itself."""
    return ended_at is None and on <= until_on


def covered(day: date, periods: Iterable[tuple[date, date]]) -> bool:
    """Return whether an Oslo date lies in one of the periods, both ends included."""
    return any(first <= day <= last for first, last in periods)
