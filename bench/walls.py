"""Lists, counts, search and inbox through the walls, against the same SQL filtered by hand and against django-guardian.

Before anything is timed both sides must give the same rows; a bench of wrong answers measures nothing. Against the hand-written
filter processor time is compared (client and backend), against guardian elapsed time, because its plans may use several backends.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import psycopg
from django.contrib.auth.models import Group
from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from bench import server
from bench.data import STEMS, Seat, seats
from bench.results import Results
from bench.server import Plain, run
from bench.timing import Cpu, Work, interleave
from consent.access import boxed
from consent.models import Letter
from coordination.identity import Actor, acting
from coordination.models import User
from coordination.people import access
from coordination.walls.declaration import Kind, grant_table, wall_of
from coordination.worlds import World

PAGE = 26
NEEDLE = STEMS[1].lower()
#: How a role is called in the names of figures: by its reach where the two prison roles stand for the reaches.
NAMES = {"officer": "unit", "duty_leader": "agency", "nurse": "nurse", "region": "region"}


#: Processor time is read of one backend for each side, so neither may share its work out.
ALONE = "-c max_parallel_workers_per_gather=0"


@dataclass(frozen=True)
class Statement:
    """A query as text and values."""

    text: str
    values: tuple[Any, ...]

    def on(self, connection: Plain) -> Work:
        """Return the work of executing it and fetching every row."""
        text, values = self.text.encode(), self.values
        return lambda: connection.execute(text, values).fetchall()


def statement(rows: QuerySet[Any]) -> Statement:
    """Return what Django would send."""
    text, values = rows.query.get_compiler("default").as_sql()
    return Statement(text, tuple(values))


def counting(rows: QuerySet[Any]) -> Statement:
    """Return the count of a list."""
    inner = statement(rows.order_by().values("pk"))
    return Statement(f"SELECT count(*) FROM ({inner.text}) counted", inner.values)  # noqa: S608


def known_to(rows: QuerySet[Any], groups: list[int]) -> QuerySet[Any]:
    """Narrow by hand to what a need-to-know member may see, as code without walls must in every query."""
    wall = wall_of(rows.model)
    if wall is None or wall.world is None or wall.kind not in (Kind.SUBJECT, Kind.PERSONAL, Kind.LETTER):
        return rows
    person = "pk" if wall.kind is Kind.SUBJECT else wall.person
    known = Exists(
        grant_table(wall.world)._default_manager.filter(content_object_id=OuterRef(person), group_id__in=groups)
    )
    if wall.kind is Kind.LETTER:
        return rows.filter(known | Q(person_id=None, desk_group_id__in=groups))
    return rows.filter(known)


def searched(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Narrow to a beginning of the family name, as `access.search` does."""
    return rows.filter(family_key__gte=NEEDLE, family_key__lt=NEEDLE + "\U0010ffff")


def product(actor: Actor) -> dict[str, Statement]:
    """Return what the product asks for as an actor."""
    people = access.people_for(actor)
    return {"list": statement(people[:PAGE]), "count": counting(people), "search": statement(searched(people)[:PAGE])}


def by_hand(actor: Actor, seat: Seat) -> dict[str, Statement]:
    """Return the same with the filter written by hand."""
    people = access.people_for(actor)
    if actor.reach == "unit":
        people = known_to(people, seat.groups)
    return {"list": statement(people[:PAGE]), "count": counting(people), "search": statement(searched(people)[:PAGE])}


def by_guardian(actor: Actor, seat: Seat, *, inside_agency: bool = False) -> dict[str, Statement]:
    """Return the same as django-guardian's own `get_objects_for_user` asks it, by grants to the groups of the reader.

    Our user has no groups of its own, so guardian gets one that has: the seat's. Kind to guardian: the groups come as constants and
    not through a table of memberships, and the two queries about global permissions are left out.
    """
    reader: Any = User(pk=seat.membership)
    reader.is_superuser = False
    reader.groups = SimpleNamespace(all=lambda: Group.objects.filter(pk__in=seat.groups))
    everybody = (
        access.PEOPLE[actor.world]._default_manager.select_related("unit").order_by("family_key", "given_name", "id")
    )
    if inside_agency:
        everybody = everybody.filter(agency_id=actor.agency_id)
    free = server.plain_wrapper(connections["default"].settings_dict["NAME"])
    with server.swapped(default=free), closing(free):
        # Guardian looks up content types, which the walled login has no reason to read.
        people = get_objects_for_user(reader, "follow", klass=everybody, accept_global_perms=False)
        return {
            "list": statement(people[:PAGE]),
            "count": counting(people),
            "search": statement(searched(people)[:PAGE]),
        }


def inbox(actor: Actor, seat: Seat) -> tuple[Statement, Statement]:
    """Return the inbox as the product asks for it, and filtered by hand."""
    letters = boxed(actor, Letter.Direction.IN)
    return statement(letters[:PAGE]), statement(
        (known_to(letters, seat.groups) if actor.reach == "unit" else letters)[:PAGE]
    )


def actor_of(seat: Seat) -> Actor:
    """Return who sits in a seat, as the database says."""
    with acting(seat.token, "bench") as actor:
        return actor


@contextmanager
def behind_walls(name: str, seat: Seat) -> Iterator[Plain]:
    """Give the web login's connection inside a transaction of somebody, as a request has."""
    settings = connections.settings["default"]
    options = f"{server.PATH_OPTION} {ALONE}"
    connection: Plain = psycopg.connect(
        server.admin_url(name),
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        options=options,
        prepare_threshold=None,
    )
    try:
        begin(connection, seat)
        yield connection
    finally:
        connection.rollback()
        connection.close()


def begin(connection: Plain, seat: Seat) -> None:
    """Mint the identity and step into the role: what every request pays once."""
    run(connection, "SELECT set_config('role', a.db_role, true), a.* FROM sec.begin(%s) a", [seat.token]).fetchone()


Asked = tuple[Plain, Statement]


def cpu_of(*asked: Plain) -> Cpu:
    """Return a clock of the processor time of this process and of the backends of some connections."""
    return Cpu([connection.info.backend_pid for connection in asked])


def same(name: str, walled: Work, other: Work) -> None:
    """Refuse to time two queries that do not answer the same."""
    mine, theirs = walled(), other()
    if mine != theirs:
        raise AssertionError(f"{name}: the two sides give different rows, so their times cannot be compared")


def measure(results: Results, name: str, *, suffix: str = "", rounds: int = 15, guardian: bool = True) -> None:
    """Measure one database: every role's list, count and search, and the inboxes."""
    with server.superuser(name) as free, server.superuser(name) as alone:
        run(alone, "SET max_parallel_workers_per_gather = 0")
        who = seats(free)
        with server.pointed_at(name):
            for role, short in NAMES.items():
                seat = who["typical", role]
                actor = actor_of(seat)
                asked, hand = product(actor), by_hand(actor, seat)
                others = (
                    {
                        "guardian": by_guardian(actor, seat),
                        "guardian_in_agency": by_guardian(actor, seat, inside_agency=True),
                    }
                    if guardian
                    else {}
                )
                with behind_walls(name, seat) as walled:
                    for kind in asked:
                        _compare(results, f"{kind}.{short}", (walled, asked[kind]), (alone, hand[kind]), suffix, rounds)
                        for which, theirs in others.items():
                            _against(
                                results,
                                f"{which}.{kind}.{short}",
                                theirs[kind].on(free),
                                asked[kind].on(walled),
                                suffix,
                            )
            for role, short in (("health_leader", ""), ("nurse", ".unit")):
                seat = who["typical", role]
                letters, filtered = inbox(actor_of(seat), seat)
                with behind_walls(name, seat) as walled:
                    _compare(results, f"letters.inbox{short}", (walled, letters), (alone, filtered), suffix, rounds)


def _compare(results: Results, name: str, walled: Asked, hand: Asked, suffix: str, rounds: int) -> None:
    work = {side: what.on(connection) for side, (connection, what) in (("walls", walled), ("hand", hand))}
    same(name, work["walls"], work["hand"])
    taken = interleave(work, rounds=rounds, clock=cpu_of(walled[0], hand[0]))
    results.compare(f"walls.{name}{suffix}", taken["walls"], taken["hand"], ("walls", "hand"))


def _against(results: Results, name: str, guardian: Work, walled: Work, suffix: str) -> None:
    same(name, walled, guardian)
    taken = interleave({"guardian": guardian, "walls": walled}, rounds=7, seconds=2.5)
    results.compare(f"{name}{suffix}", taken["guardian"], taken["walls"], ("guardian", "walls"))


def growth(results: Results, small: str, large: str, *, rounds: int = 21) -> None:
    """Measure the same prison and health service in a small and in a large country, side by side."""
    with server.superuser(small) as one, server.superuser(large) as other:
        places = {small: seats(one), large: seats(other)}
    for role, short in {**NAMES, "health_leader": ""}.items():
        work: dict[str, dict[str, Work]] = {}
        with (
            behind_walls(small, places[small]["fixed", role]) as few,
            behind_walls(large, places[large]["fixed", role]) as many,
        ):
            for name, connection in ((small, few), (large, many)):
                seat = places[name]["fixed", role]
                with server.pointed_at(name):
                    actor = actor_of(seat)
                    if short:
                        for kind, asked in product(actor).items():
                            work.setdefault(f"{kind}.{short}", {})[name] = asked.on(connection)
                    if actor.world is World.MUNICIPAL_HEALTH:
                        work.setdefault("inbox" + (".unit" if short else ""), {})[name] = inbox(actor, seat)[0].on(
                            connection
                        )
            for kind, sides in work.items():
                taken = interleave(sides, rounds=rounds, clock=cpu_of(few, many))
                results.compare(f"growth.{kind}", taken[large], taken[small], ("large", "small"))
