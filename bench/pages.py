"""Whole pages and the logging of a check: the product's request against the same page as plain Django, and against an empty view.

The figure is processor time of the application and of its database backends together; a page that cannot be opened is said so.
"""

import logging
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import NoReverseMatch, reverse

from bench import plain, server
from bench.browser import Doors, answer, close_all, likeness
from bench.data import Seat, seats
from bench.results import Results
from bench.server import Plain, one
from bench.timing import Clock, Sampler, rounds_of
from bench.walls import NEEDLE

ALL = ("officer", "duty_leader", "nurse", "region")
NEAR = ("officer", "duty_leader", "nurse")
CUSTODY = ("officer", "duty_leader")
Find = Callable[[Plain, Seat], Any]


def person_of(connection: Plain, seat: Seat) -> Any:
    """Return the key of somebody who is here and whom the seat follows, the same in every size."""
    table, grants, here = (
        (
            "person",
            "persongrant",
            "EXISTS (SELECT 1 FROM coordination_stay s WHERE s.person_id = p.id AND s.ended_at IS NULL)",
        )
        if seat.role in CUSTODY
        else ("municipalpatient", "municipalpatientgrant", "p.present")
    )
    return one(
        connection,
        f"SELECT p.id FROM coordination_{table} p JOIN coordination_{grants} g ON g.content_object_id = p.id "  # noqa: S608
        f"WHERE p.agency_id = %s AND g.group_id = %s AND {here} ORDER BY p.family_key, p.given_name, p.birth_date LIMIT 1",
        [seat.agency, seat.groups[0]],
    )


def measure_of(connection: Plain, seat: Seat) -> Any:
    """Return the key of a measure that goes on in the seat's first unit."""
    return one(
        connection,
        "SELECT m.id FROM isolation_measure m JOIN coordination_persongrant g ON g.content_object_id = m.person_id "
        "WHERE m.agency_id = %s AND m.ended_at IS NULL AND g.group_id = %s ORDER BY m.person_id LIMIT 1",
        [seat.agency, seat.groups[0]],
    )


@dataclass(frozen=True)
class Page:
    """One page: its name in the figures, the URL names it may have (first found wins), who opens it, and what it is about."""

    name: str
    urls: tuple[str, ...]
    roles: tuple[str, ...]
    about: Find | None = None
    post: dict[str, str] | None = None
    writes: bool = False


PERSON = Page("page.person", ("person",), NEAR, person_of)
NOTHING = Page("nothing", (), ALL)
PAGES = (
    Page("page.worklist", ("today",), ALL),
    Page("page.people", ("people",), NEAR),
    Page("page.search", ("search",), NEAR, post={"query": NEEDLE}),
    PERSON,
    Page("page.inbox", ("inbox",), NEAR),
    Page("page.measure", ("measure",), CUSTODY, measure_of),
    Page(
        "check.log",
        ("check_log", "log_check", "check_new", "check", "measure_check"),
        CUSTODY,
        measure_of,
        {"state": "calm"},
        writes=True,
    ),
)


def address(page: Page, connection: Plain, seat: Seat) -> str:
    """Return the address of a page for a seat. Raises LookupError with the reason when it has none."""
    arguments = []
    if page.about is not None:
        key = page.about(connection, seat)
        if key is None:
            raise LookupError("there is nobody to show it about in the data")
        arguments = [key]
    for name in page.urls:
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    raise LookupError(f"no URL is called {' or '.join(page.urls)} yet")


#: A sample of a page lasts at least this long.
SAMPLE = 0.08


class Opened:
    """One page for one seat in one database, and its requests."""

    def __init__(self, doors: Doors, page: Page, seat: Seat, url: str) -> None:
        """Keep who asks for what."""
        self.doors, self.page, self.seat, self.url = doors, page, seat, url

    def environ(self) -> dict[str, Any]:
        """Return the environment of a new request; a form carries a new key each time."""
        data = None if self.page.post is None else {**self.page.post, "key": str(uuid4())}
        return self.doors.environ(("fixed", self.seat.role), self.url, data)

    def through(
        self,
        application: WSGIHandler,
        default: BaseDatabaseWrapper,
        *,
        calls: int,
        clock: Clock,
        free: Plain | None = None,
    ) -> Sampler:
        """Return what takes a sample of this page: steps in and warms up, then times. `free`: with the audit triggers off meanwhile."""

        def sample() -> float:
            environs = [self.environ() for _ in range(calls + 1)]
            with ExitStack() as stack:
                if free is not None:
                    stack.enter_context(plain.unaudited_writes(free))
                stack.enter_context(self.doors.using(default))
                answer(application, environs.pop())
                begin = clock()
                for environ in environs:
                    answer(application, environ)
                return (clock() - begin) / calls

        return sample

    def calls(self, clock: Clock) -> int:
        """Return how many requests a sample needs: enough to last, and no more."""
        once = self.through(self.doors.product, self.doors.walled, calls=1, clock=clock)()
        return min(max(math.ceil(SAMPLE / once), 2), 20)

    def check(self, free: Plain) -> None:
        """Refuse to time a page that does not open or is not the same on both sides. Raises LookupError. Opens every connection."""
        with self.doors.using(self.doors.walled), told() as problems:
            mine = answer(self.doors.product, self.environ())
        with plain.unaudited_writes(free), self.doors.using(self.doors.plain), told() as more:
            theirs = answer(self.doors.by_hand, self.environ())
        if mine[0] != theirs[0] or mine[0] >= 400:
            why = "; ".join([*problems, *more])
            raise LookupError(
                f"it answers {mine[0]} through the walls and {theirs[0]} in plain Django{f' ({why})' if why else ''}"
            )
        sizes = [len(likeness(body)) for _status, body in (mine, theirs)]
        if abs(sizes[0] - sizes[1]) > 0.005 * sizes[0]:
            raise LookupError(f"the two sides show different pages ({sizes[0]} and {sizes[1]} bytes)")


def measure(results: Results, name: str, *, suffix: str = "", rounds: int = 7, roles: tuple[str, ...] = ALL) -> None:
    """Measure every page of some roles in the fixed prison and health service of one database."""
    with ExitStack() as stack:
        free = stack.enter_context(server.superuser(name))
        doors = stack.enter_context(opened(name, free))
        for page in PAGES:
            for role in (role for role in page.roles if role in roles):
                figure = f"{page.name}.{role}{suffix}"
                try:
                    _one(results, doors, free, page, role, suffix, rounds)
                except LookupError as missing:
                    results.skip(figure, str(missing))
                except Exception as broken:  # noqa: BLE001 - a page that fails is a finding of this run, not the end of it
                    results.skip(figure, f"the page does not answer ({type(broken).__name__}: {str(broken)[:160]})")
                    close_all()


@contextmanager
def told() -> Iterator[list[str]]:
    """Collect what went wrong in the requests of a block, in place of tracebacks on the screen."""
    problems: list[str] = []

    def note(**_more: Any) -> None:
        problem = sys.exc_info()[1]
        problems.append(f"{type(problem).__name__}: {str(problem)[:160]}")

    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    got_request_exception.connect(note, weak=False)
    try:
        yield problems
    finally:
        got_request_exception.disconnect(note)
        log.setLevel(before)


@contextmanager
def opened(name: str, free: Plain) -> Iterator[Doors]:
    """Give the doors of a database, with sessions for everybody in the fixed prison and health service."""
    with server.pointed_at(name), plain.filtering_by_hand():
        doors = Doors(name, {key: seat for key, seat in seats(free).items() if key[0] == "fixed"})
        try:
            yield doors
        finally:
            doors.close()


def _one(results: Results, doors: Doors, free: Plain, page: Page, role: str, suffix: str, rounds: int) -> None:
    seat = doors.who["fixed", role]
    asked = Opened(doors, page, seat, address(page, free, seat))
    asked.check(free)
    clock = doors.cpu()
    calls = asked.calls(clock)
    empty = Opened(doors, NOTHING, seat, "/nothing/")
    taken = rounds_of(
        {
            "product": asked.through(doors.product, doors.walled, calls=calls, clock=clock),
            "plain": asked.through(
                doors.by_hand, doors.plain, calls=calls, clock=clock, free=free if page.writes else None
            ),
            "empty": empty.through(doors.nothing, doors.walled, calls=calls * 10, clock=clock),
        },
        rounds,
    )
    results.compare(f"{page.name}.{role}{suffix}", taken["product"], taken["plain"], ("product", "plain"))
    floor = "check" if page.writes else page.name.partition(".")[2]
    results.compare(f"floor.{floor}.{role}{suffix}", taken["product"], taken["empty"], ("product", "empty"))


def growth(results: Results, small: str, large: str, *, rounds: int = 7) -> None:
    """Measure the same day's pages of the same prison in a small and in a large country, side by side."""
    for page, role in ((PAGES[0], "officer"), (PAGES[0], "duty_leader"), (PERSON, "officer")):
        samplers: dict[str, Sampler] = {}
        with ExitStack() as stack:
            try:
                for name in (small, large):
                    free = stack.enter_context(server.superuser(name))
                    doors = stack.enter_context(opened(name, free))
                    seat = doors.who["fixed", role]
                    asked = Opened(doors, page, seat, address(page, free, seat))
                    asked.check(free)
                    clock = doors.cpu()
                    samplers[name] = asked.through(doors.product, doors.walled, calls=asked.calls(clock), clock=clock)
            except LookupError as missing:
                results.skip(f"growth.{page.name}.{role}", str(missing))
                continue
            taken = rounds_of(samplers, rounds)
            results.compare(f"growth.{page.name}.{role}", taken[large], taken[small], ("large", "small"))
