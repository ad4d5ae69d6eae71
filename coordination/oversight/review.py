"""The privacy officer's look at their own agency's log: unusual openings of a week, and the review of it. No name of a person, no content.

The database gives the lines (`audit.unusual`, `audit.crowds`) for the agency of whoever acts; the rules say what each line is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections
from django.http import Http404
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import audit, clock, parameter_definitions, parameters
from coordination.identity import Actor
from coordination.models import Emergency, Role
from coordination.oversight import rules
from coordination.oversight.rules import Facts, Limits, Signal
from coordination.people.anonymity import numbers_in
from coordination.refusals import Refused, refused_at

#: How many weeks the list shows and may still be reviewed.
SHOWN = 12
OWN_REFERENCE_MAX = 60
EMERGENCIES = frozenset(Emergency.values)
FINDINGS = {
    "nothing": gettext_lazy("Ingenting å bemerke"),
    "explained": gettext_lazy("Undersøkt og forklart"),
    "followed_up": gettext_lazy("Fulgt opp med den ansatte eller lederen"),
    "breach": gettext_lazy("Brudd, meldt videre"),
}


@dataclass(frozen=True)
class Line:
    """One line of the review: who, in which role, when, why it is here, and a reference that tells people apart without naming them.

    `member` is a digest that tells colleagues apart; it is shown nowhere.
    """

    signals: tuple[Signal, ...]
    member: str
    name: str
    role: str
    first_at: datetime
    last_at: datetime
    number: int
    reference: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """Return what tells this line from all others: whose it is, whom (as a reference), which day, which kind, and how many.

        Not the names, which are put right; with the number, so that what comes to a closed line opens it again.
        """
        return self._digest(f"{self.member}|{self.number}")

    @property
    def former_mark(self) -> str:
        """Return the mark as lines were closed by before the migration `line_members`. Can go when no week that is shown has any."""
        return self._digest(f"{self.name}|{self.role}")

    def _digest(self, who: str) -> str:
        what = self.reference or f"{self.signals[0]} {self.first_at.isoformat()}"
        return hashlib.sha256(f"{who}|{what}|{clock.local_date(self.first_at)}".encode()).hexdigest()[:16]

    def closed_in(self, closed: Mapping[str, "Closed"]) -> "Closed | None":
        """Return what came of this line, from the closed ones of its week, or None."""
        return closed.get(self.mark) or closed.get(self.former_mark)


@dataclass(frozen=True)
class Closed:
    """What came of one line."""

    at: datetime
    by_name: str
    outcome: str
    own_reference: str


@dataclass(frozen=True)
class Reviewed:
    """What came of a week."""

    week_on: date
    at: datetime
    by_name: str
    finding: str
    follow_up: str


def limits_of(actor: Actor) -> Limits:
    """Return the numbers that choose the lines here: what the agency's leader has tightened. The night is counted in whole hours, outwards."""
    only_privacy_officers(actor)
    kept = dict(_rows("SELECT key, value FROM audit.review_settings()"))

    def held(key: str) -> Any:
        definition = parameter_definitions.DEFINITIONS[key]
        return definition.held(json.loads(kept[key])) if key in kept else definition.default

    ends = held(parameter_definitions.REVIEW_NIGHT_TO)
    return Limits(
        opened_in_an_hour=held(parameter_definitions.REVIEW_OPENED),
        refused_in_a_day=held(parameter_definitions.REVIEW_REFUSED),
        night_from=held(parameter_definitions.REVIEW_NIGHT_FROM).hour,
        night_to=ends.hour + bool(ends.minute),
    )


def only_privacy_officers(actor: Actor) -> None:
    """Raise Http404 for everybody else."""
    if actor.role is not Role.PRIVACY_OFFICER:
        raise Http404


@cache
def keyed_doors() -> tuple[str, ...]:
    """Return the names of the doors that open one thing by its key; only such a door opens a person."""

    def walk(patterns: list[Any]) -> list[str]:
        names = []
        for entry in patterns:
            if isinstance(entry, URLResolver):
                names += walk(entry.url_patterns)
            elif isinstance(entry, URLPattern) and entry.name and "<uuid:" in str(entry.pattern):
                names.append(entry.name)
        return names

    return tuple(sorted(set(walk(get_resolver().url_patterns))))


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def unusual(actor: Actor, monday: date) -> list[Line]:
    """Return the lines of one week, the gravest first. Raises Http404 for whoever is not the agency's privacy officer."""
    only_privacy_officers(actor)
    audit.note_event("review", "unusual")
    since, until = rules.week_bounds(monday)
    doors, limits = list(keyed_doors()), limits_of(actor)
    found = []
    for member, name, role, person, _day, openings, first, last, same, colleague, related, nights, reasons in _rows(
        "SELECT * FROM audit.unusual(%s, %s, %s, %s, %s)", since, until, doors, limits.night_from, limits.night_to
    ):
        facts = Facts(
            same_surname=same, colleague=colleague, related=related, nights=nights, reasons=tuple(sorted(reasons))
        )
        if why := rules.signals(facts, EMERGENCIES):
            found.append(Line(why, member, name, str(Role(role).label), first, last, openings, person, facts.reasons))
    for kind, member, name, role, at, number in _rows(
        "SELECT * FROM audit.crowds(%s, %s, %s, %s, %s)",
        since, until, doors, limits.opened_in_an_hour, limits.refused_in_a_day,
    ):  # fmt: skip
        if signal := rules.crowd(kind, number, limits):
            found.append(Line((signal,), member, name, str(Role(role).label), at, at, number))
    order = list(Signal)
    return sorted(found, key=lambda line: order.index(line.signals[0]))


def reviews(actor: Actor, at: datetime) -> dict[date, Reviewed]:
    """Return the reviews of the weeks the list shows, by Monday."""
    only_privacy_officers(actor)
    since = rules.weeks_over(at, SHOWN)[-1]
    return {row[0]: Reviewed(*row) for row in _rows("SELECT * FROM audit.reviews(%s)", since)}


def waiting(actor: Actor, at: datetime) -> int:
    """Return how many of the last four weeks are over their time and not reviewed."""
    done = reviews(actor, at)
    return sum(week not in done and rules.review_due_at(week) <= at for week in rules.weeks_over(at, 4))


def record_review(actor: Actor, monday: date, *, finding: str, follow_up: str, at: datetime) -> None:
    """Write down what came of a week, once. Raises Http404, and `Refused`: "early" before the week is over, "done", "follow_up"."""
    only_privacy_officers(actor)
    if monday not in rules.weeks_over(at, SHOWN):
        message = _("Uken kan gjennomgås når den er over.")
        raise Refused("early", message)
    if finding not in FINDINGS:
        raise refused_at("finding", _("Velg hva gjennomgangen viste."))
    text = follow_up.strip()
    _without_numbers("follow_up", text)
    if finding != "nothing" and not rules.says_enough(text):
        raise refused_at(
            "follow_up", _("Skriv hva som ble undersøkt og hva som er gjort, uten navn på innsatte eller pasienter.")
        )
    if not _rows("SELECT audit.record_review(%s, %s, %s)", monday, finding, text)[0][0]:
        raise Refused("done", _("Uken er allerede gjennomgått."))


def closed(actor: Actor, monday: date) -> dict[str, Closed]:
    """Return the lines of a week that are closed, by their mark."""
    only_privacy_officers(actor)
    return {row[0]: Closed(*row[1:]) for row in _rows("SELECT * FROM audit.findings(%s)", monday)}


def access_line(actor: Actor, monday: date, mark: str) -> Line:
    """Return one line of a week, or raise Http404."""
    line = next((line for line in unusual(actor, monday) if line.mark == mark), None)
    if line is None:
        raise Http404
    return line


def close_line(actor: Actor, monday: date, mark: str, *, outcome: str, own_reference: str) -> None:
    """Close a line with what it came to and the officer's own reference, once. Raises Http404, and `Refused`: "outcome", "own_reference", "done"."""
    line = access_line(actor, monday, mark)
    if outcome not in FINDINGS:
        raise refused_at("outcome", _("Velg hva du kom til."))
    reference = " ".join(own_reference.split())
    if not reference or len(reference) > OWN_REFERENCE_MAX:
        raise refused_at("own_reference", _("Skriv saksnummeret eller en annen referanse, med høyst 60 tegn."))
    _without_numbers("own_reference", reference)
    known = line.closed_in(closed(actor, monday))
    if known or not _rows("SELECT audit.close_finding(%s, %s, %s, %s)", monday, mark, outcome, reference)[0][0]:
        raise Refused("done", _("Linjen er allerede avsluttet."))


def _without_numbers(field: str, text: str) -> None:
    """Refuse an identity number. Names are not looked for: the officer has no register to look in, and is to have none."""
    if numbers_in(text):
        raise refused_at(field, _("Skriv det uten fødselsnummer."), code="names")


def resolve(actor: Actor, reference: str) -> UUID | None:
    """Return whom a reference stands for, for the agency's leader; None where nobody here has it. Raises Http404. Written in the log."""
    if not may_resolve(actor):
        raise Http404
    found: UUID | None = _rows("SELECT audit.resolve(%s)", reference)[0][0]
    return found


def may_resolve(actor: Actor) -> bool:
    """Return whether the actor leads the agency, and so may look a reference up."""
    return parameters.may_set(actor)
