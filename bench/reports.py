"""The figures of a year: a prison's own report through the walls, against the same counting past them, and from a small country to a large.

Each agency counts its own rows and nobody's else: no table holds the country's figures, so none is measured.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from bench import server
from bench.browser import Doors
from bench.data import Seat, seats
from bench.pages import opened
from bench.results import Results
from bench.timing import Clock, Sampler, rounds_of
from bench.walls import actor_of
from cooperation.figures import gather, publish
from coordination import clock
from coordination.figures import Period
from coordination.identity import acting

Work = Callable[[], object]
WHY = (
    "there is nothing to compare: no table holds the country's figures, because nobody may read across agencies. Each agency counts its "
    "own year (`report.year`, `growth.report`), and it is those reports that are sent on. Figures kept month by month would pay when "
    "one agency's year takes longer to count than somebody waits for a PDF"
)


def year() -> Period:
    """Return the year until now."""
    now = clock.now()
    today = clock.local_date(now)
    return Period(today - timedelta(days=365), today, now)


def walled(doors: Doors, seat: Seat) -> Work:
    """Return the counting of a prison's year as the report's own job does it."""

    def work() -> object:
        with doors.using(doors.walled), acting(seat.token, "bench") as actor:
            return publish(gather(actor, year(), lambda _done, _total: None))

    return work


def past(doors: Doors, name: str, seat: Seat) -> Work:
    """Return the same past every wall, with the agency's filter that the code itself has, and no audit."""
    with server.pointed_at(name):
        actor = actor_of(seat)

    def work() -> object:
        with doors.using(doors.plain), transaction.atomic():
            return publish(gather(actor, year(), lambda _done, _total: None))

    return work


def timed(work: Work, cpu: Clock) -> Sampler:
    """Return what takes one sample."""

    def sample() -> float:
        begin = cpu()
        work()
        return cpu() - begin

    return sample


def measure(results: Results, name: str, *, rounds: int = 5) -> None:
    """Measure the year of the typical prison of one country."""
    with server.superuser(name) as free, opened(name, free) as doors:
        seat = seats(free)["typical", "duty_leader"]
        sides = {"walls": walled(doors, seat), "plain": past(doors, name, seat)}
        if sides["walls"]() != sides["plain"]():
            raise AssertionError("the two sides count different figures")
        taken = rounds_of({side: timed(work, doors.cpu()) for side, work in sides.items()}, rounds)
        people = server.one(
            free, "SELECT count(*) FROM custody.coordination_person WHERE agency_id = %s", [seat.agency]
        )
    results.compare("report.year", taken["walls"], taken["plain"], ("walls", "plain"))
    results.facts["people whose year `report.year` counts"] = f"{people:,}"
    results.skip("report.national", WHY)


def growth(results: Results, small: str, large: str, *, rounds: int = 5) -> None:
    """Measure the year of the same prison in a small and in a large country."""
    with (
        server.superuser(small) as one,
        server.superuser(large) as other,
        opened(small, one) as few,
        opened(large, other) as many,
    ):
        work = {
            name: walled(doors, seats(free)["fixed", "duty_leader"])
            for name, doors, free in ((small, few, one), (large, many, other))
        }
        for each in work.values():
            each()
        taken = rounds_of({small: timed(work[small], few.cpu()), large: timed(work[large], many.cpu())}, rounds)
    results.compare("growth.report", taken[large], taken[small], ("large", "small"))
