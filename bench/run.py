"""One run from beginning to end: databases, measurements from the smallest country to the largest, and clearing up."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import django
import psycopg

from bench import audit, insight, pages, paper, reports, server, sweep, walls
from bench.browser import close_all
from bench.data import SIZES, Size, prepare
from bench.results import Results
from bench.server import one

Say = Callable[[str], None]
FULL = ("10k", "100k40", "100k", "1m")
QUICK = ("10k",)
BACKLOG = 100_000
ROLES = pages.ALL


@dataclass(frozen=True)
class Effort:
    """How thorough a run is: rounds of statements, of pages and of the sweep, windows of the audit log, the pages of the short and
    the long PDF and how often, the days of one person's history, and whose pages."""

    statements: int = 15
    pages: int = 7
    sweeps: int = 15
    audits: int = 6
    window: float = 2.0
    paper: tuple[int, int, int] = (10, 100, 2)
    history: int = 10 * insight.YEAR
    roles: tuple[str, ...] = ROLES


THOROUGH = Effort()
HASTY = Effort(statements=5, pages=3, sweeps=8, audits=2, window=1.0, paper=(4, 16, 1))
#: For tests: everything once, in both worlds; nothing to be read from the numbers.
SMOKE = Effort(
    statements=3, pages=1, sweeps=3, audits=1, window=0.3, paper=(1, 3, 1), history=10, roles=("officer", "nurse")
)


def measure(
    names: Sequence[str],
    *,
    effort: Effort = THOROUGH,
    say: Say = lambda _text: None,
    keep: bool = False,
    template: str | None = None,
) -> Results:
    """Run everything for countries of these sizes, and return what was found. Removes its databases unless `keep`."""
    sizes = sorted((SIZES[name] for name in names), key=lambda size: (size.people, size.agencies))
    results = Results()
    begin = time.monotonic()
    made: list[Size] = []
    disk = 0
    try:
        template = template or server.make_template()
        _facts(results, sizes)
        results.facts["rounds"] = (
            f"{effort.statements} of statements, {effort.pages} of pages, {effort.sweeps} of the sweep"
        )
        minutes: dict[str, list[float]] = {}
        for size in sizes:
            last = size is sizes[-1]
            name = prepare(size, template, say)
            made.append(size)
            disk = max(disk, sum(server.size_of(each.database) for each in made))
            _country(
                results,
                size,
                name,
                minutes,
                effort,
                say,
                suffix="" if last else f"@{size.name}",
                ends=size in (sizes[0], sizes[-1]),
                last=last,
            )
            # Only the smallest is needed again, beside the largest.
            if not keep and not last and size is not sizes[0]:
                server.drop(size.database)
                made.remove(size)
        _growth(results, sizes, minutes, effort, say)
        few, many, repeats = effort.paper
        with part(results, "pdf.*", say, "PDF"):
            paper.measure(results, few=few, many=many, repeats=repeats)
        # Last: it fills the log of the smallest country.
        with part(results, "insight", say, "what one person may know"):
            insight.measure(results, sizes[0].database, days=effort.history)
        for page in ("page.worklist", "page.person", "page.measure", "check.log"):
            results.worst(page, f"{page}.")
    finally:
        if not keep:
            for size in made:
                server.drop(size.database)
    results.facts["disk, at most"] = f"{disk / 1e9:.1f} GB"
    results.facts["minutes"] = f"{(time.monotonic() - begin) / 60:.1f}"
    return results


def _country(
    results: Results,
    size: Size,
    name: str,
    minutes: dict[str, list[float]],
    effort: Effort,
    say: Say,
    *,
    suffix: str,
    ends: bool,
    last: bool,
) -> None:
    with part(results, f"walls.*{suffix}", say, f"{size.name}: lists, counts, search, inbox"):
        walls.measure(results, name, suffix=suffix, rounds=effort.statements)
    if ends:
        with part(results, f"page.*{suffix}", say, f"{size.name}: pages"):
            pages.measure(results, name, suffix=suffix, rounds=effort.pages, roles=effort.roles)
    with part(results, f"sweep.minute{suffix}", say, f"{size.name}: sweep"):
        minutes[size.name] = sweep.measure(results, name, suffix=suffix, rounds=effort.sweeps)
    if last:
        with part(results, "audit.cost", say, f"{size.name}: audit log"):
            audit.measure(results, name, rounds=effort.audits, seconds=effort.window)
        with part(results, "report.year", say, f"{size.name}: report of a year"):
            reports.measure(results, name, rounds=effort.pages)


@contextmanager
def part(results: Results, name: str, say: Say, text: str) -> Iterator[None]:
    """Announce a part of the run. One that breaks is said to be not measured and why; the rest of a long run goes on."""
    say(text)
    try:
        yield
    except Exception as broken:  # noqa: BLE001 - whatever broke is a finding
        why = f"it broke ({type(broken).__name__}: {' '.join(str(broken).split())[:200]})"
        say(f"{name}: {why}")
        results.skip(name, why)
        close_all()


def _growth(results: Results, sizes: list[Size], minutes: dict[str, list[float]], effort: Effort, say: Say) -> None:
    small, large = sizes[0], sizes[-1]
    if small is large:
        results.skip("growth.*", "only one size was run")
    else:
        with part(results, "growth.list.*", say, f"growth from {small.name} to {large.name}: lists"):
            walls.growth(results, small.database, large.database, rounds=effort.statements)
        with part(results, "growth.page.*", say, f"growth from {small.name} to {large.name}: pages"):
            pages.growth(results, small.database, large.database, rounds=effort.pages)
        with part(results, "growth.report", say, f"growth from {small.name} to {large.name}: report"):
            reports.growth(results, small.database, large.database, rounds=effort.pages)
        if {small.name, large.name} <= set(minutes):
            sweep.growth(results, minutes[small.name], minutes[large.name])
    # Last: it moves many clocks.
    with part(results, "sweep.backlog", say, f"{large.name}: backlog"):
        sweep.backlog(results, large.database, min(BACKLOG, large.people // 2))


def _facts(results: Results, sizes: list[Size]) -> None:
    with psycopg.connect(server.admin_url("postgres")) as connection:
        shown = {
            name: one(connection, f"SHOW {name}")
            for name in ("server_version", "shared_buffers", "fsync", "synchronous_commit")
        }
    results.facts["countries"] = "; ".join(
        f"{size.name}: {size.people:,} people, {size.agencies} agencies" for size in sizes
    )
    results.facts["goals judged in"] = sizes[-1].name
    results.facts["PostgreSQL"] = ", ".join(f"{name} {value}" for name, value in shown.items())
    results.facts["Python, Django, processors"] = (
        f"{platform.python_version()}, {django.get_version()}, {os.cpu_count()}"
    )
    results.facts["letters"] = (
        f"{2 * sizes[-1].people:,} copies in the health services' table of the largest country; the goal names ten million"
    )
