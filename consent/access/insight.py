"""What an agency tells a person about themselves, for those who answer for the agency. Writes nothing. Absent and hidden are the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from consent.access.consents import access_subject
from consent.access.letters import access_letter, letters_for
from consent.models import FILES, WITHHOLDINGS, Letter, MadeFile, Withholding
from consent.rules import withholds
from coordination.identity import Actor
from coordination.models import Membership, Role
from coordination.models.people import Named
from coordination.oversight.openings import OPENINGS
from coordination.people.access import one_or_404
from coordination.worlds import Reach

#: Who answers for the agency and may ask the log about a person; the database asks the same (`audit.about`).
TELLERS = (Role.WARDEN, Role.HEALTH_LEADER, Role.TRUST_LEADER)
#: Rows of the log on a page, in whole days.
PAGE = 40
EVERYTHING = 2_000_000_000
#: How long a file that was made can be fetched.
FETCHABLE = timedelta(days=7)


def may_tell_person(actor: Actor) -> bool:
    """Return whether the actor's role tells a person what the agency knows and who looked."""
    return actor.role in TELLERS and actor.reach is Reach.AGENCY and actor.world in WITHHOLDINGS


def access_told(actor: Actor, pk: UUID) -> Named:
    """Return a person the agency has, for whoever may tell them about themselves, or raise Http404."""
    if not may_tell_person(actor):
        raise Http404
    return access_subject(actor, pk)


def letters_about(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return the letters about a person as a list shows them, newest first: the person's own row unread."""
    return letters_for(actor).select_related(None).select_related("other_agency").filter(person_id=person_id)


def access_letter_about(actor: Actor, person_id: UUID, pk: UUID) -> Letter:
    """Return one letter about exactly this person, or raise Http404."""
    letter = access_letter(actor, pk)
    if letter.person_id != person_id:
        raise Http404
    return letter


# What is left out


def withholdings_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return what was decided to be left out about a person, newest first."""
    if not may_tell_person(actor):
        raise Http404
    rows: QuerySet[Any] = WITHHOLDINGS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, person_id=person_id
    )
    return rows.select_related("letter").order_by("-recorded_at", "-id")


def held_back(actor: Actor, person_id: UUID, on: date) -> list[Withholding]:
    """Return what is left out on an Oslo date."""
    rows = withholdings_for(actor, person_id).filter(ended_at=None, until_on__gte=on)
    return [row for row in rows if withholds(row.until_on, row.ended_at, on)]


def lock_withholding(actor: Actor, pk: UUID) -> Withholding:
    """Return one decision to leave something out, locked, or raise Http404."""
    if not may_tell_person(actor):
        raise Http404
    rows: QuerySet[Any] = WITHHOLDINGS[actor.world]._default_manager.select_for_update(no_key=True)
    row: Withholding = one_or_404(rows.filter(agency_id=actor.agency_id, pk=pk))
    return row


# Who looked


@dataclass(frozen=True)
class Looked:
    """One member's dealings with a person on one Oslo day, as the agency's own log says."""

    day: date
    membership_id: UUID
    first_at: datetime
    last_at: datetime
    actions: tuple[str, ...]
    tables: tuple[str, ...]
    times: int


@dataclass(frozen=True)
class LogPage:
    """Some whole days of the log, newest first, and the day before which the next begin (None when the log ends here)."""

    rows: list[Looked]
    older: date | None = None


def looked_at(actor: Actor, person_id: UUID, *, before: date, most: int = EVERYTHING) -> Iterator[Looked]:
    """Yield who of the own agency had to do with a person before an Oslo date, newest first; at least `most` rows if there are so many.

    The database gives the acting agency's entries and no other's, to those who answer for it and nobody else. (pasientjournalloven § 22 a)
    """
    if not may_tell_person(actor):
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, membership_id, first_at, last_at, actions, tables, times FROM audit.about(%s, %s, %s)",
            [person_id, before, most],
        )
        for day, member, first, last, actions, tables, times in cursor:
            yield Looked(day, member, first, last, tuple(actions), tuple(tables), times)


def log_page(actor: Actor, person_id: UUID, *, before: date) -> LogPage:
    """Return one page of the log: whole days, so that none is told twice or torn."""
    found = list(looked_at(actor, person_id, before=before, most=PAGE + 1))
    if len(found) <= PAGE:
        return LogPage(found)
    last = found[PAGE - 1].day
    rows = [row for row in found if row.day >= last]
    return LogPage(rows, last if len(rows) < len(found) else None)


def members_named(actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """Return role and name of members of the own agency by key, those who have left as well."""
    members = Membership.objects.filter(agency_id=actor.agency_id, pk__in=ids)
    return {row.pk: f"{str(Role(row.role).label).capitalize()} {row.display_name}" for row in members}


def reasons_about(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return why members of the own agency said they opened somebody without a task about them, newest first; emergencies as well."""
    if not may_tell_person(actor):
        raise Http404
    rows: QuerySet[Any] = OPENINGS[actor.world]._default_manager.filter(agency_id=actor.agency_id, person_id=person_id)
    return rows.order_by("-recorded_at", "-id")


# Files that were made


def files_for(actor: Actor, person_id: UUID, kind: MadeFile.Kind, at: datetime) -> list[MadeFile]:
    """Return the files of a kind that the actor had made about a person and can still fetch, newest first, without what is in them."""
    return list(_own_files(actor, at).filter(person_id=person_id, kind=kind).defer("data"))


def access_file(actor: Actor, pk: UUID, at: datetime) -> MadeFile:
    """Return a file the actor asked for, or raise Http404: what somebody else asked for, and what is too old, is absent."""
    row: MadeFile = one_or_404(_own_files(actor, at).filter(pk=pk))
    return row


def _own_files(actor: Actor, at: datetime) -> QuerySet[Any]:
    if actor.world not in FILES or actor.reach is not Reach.AGENCY:
        raise Http404
    rows: QuerySet[Any] = FILES[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, by_id=actor.membership_id, recorded_at__gt=at - FETCHABLE
    )
    return rows.order_by("-recorded_at", "-id")
