"""Whether an isolated person was seen often enough: the next check, gaps, late entries and whom to alert.

Must not decide how often; see `regimes`. A gap is told to the minute and is never closed by a later one being on time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from coordination.clock import Span, elapsed, in_utc, merged

from .regimes import DEFAULTS, CheckParameters, Stretch, Watched, stretches

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Check:
    """An officer saw the person at `occurred_at` and wrote it down at `recorded_at`."""

    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Watch:
    """One named observer's stretch of continuous watch; `ended_at` None while it goes on. Without a name it does not count."""

    observer: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Gap:
    """Unseen from `start` to `end` when at most `allowed` was; `overdue_minutes` past `due_at`, begun minutes counted whole.

    `ongoing`: nobody has come yet, and `end` is only the instant asked about.
    """

    start: datetime
    end: datetime
    due_at: datetime
    rule: str
    overdue_minutes: int
    ongoing: bool

    @property
    def allowed(self) -> timedelta:
        """How long the person might have been alone; zero under continuous watch."""
        return self.due_at - self.start


def is_late(check: Check, params: CheckParameters = DEFAULTS) -> bool:
    """Written down more than 15 minutes after it happened. Raises `ValueError` when written before."""
    delay = elapsed(check.occurred_at, check.recorded_at)
    if delay < timedelta():
        raise ValueError("a check cannot be recorded before it happened")
    return delay > params.late_entry_after


def next_check_due(
    measure: Watched, last_seen_at: datetime | None = None, params: CheckParameters = DEFAULTS
) -> datetime:
    """When someone must next look, in UTC: after the last check, or the start of the measure when there was none.

    The interval that holds at an instant decides whether the person has then been alone too long. So a check at 21:30 is good
    until 00:30 (night), and one at 05:30 until 07:00, when daytime's hour begins to hold and is already spent.
    Under continuous watch the answer is `last_seen_at` itself, or the instant such watch begins.
    """
    due_at, _ = _due(measure, in_utc(last_seen_at or measure.effective_at), params)
    return due_at


def _due(measure: Watched, seen_at: datetime, params: CheckParameters) -> tuple[datetime, str]:
    for stretch in stretches(measure, seen_at, params):
        due_at = max(stretch.start, seen_at + stretch.allowed)
        # Due exactly where the stretch ends is not due: from there on the next stretch's interval is the one that holds.
        if due_at < stretch.end:
            return due_at, stretch.rule
    raise AssertionError("stretches have no end")


def gaps(
    measure: Watched,
    checks: Iterable[Check],
    watches: Iterable[Watch],
    at: datetime,
    params: CheckParameters = DEFAULTS,
) -> list[Gap]:
    """Every stretch, in order, in which the person was unseen too long, from the start of the measure to its end or `at`.

    A check counts when it happened, however late it was written; a named observer's stretch counts throughout. Once overdue
    a gap runs until someone comes: that night falls and the interval grows does not mend it. Instants after `at` are ignored.
    """
    start, stop = in_utc(measure.effective_at), measure.until(at)
    found: list[Gap] = []
    seen_at = start
    seen = _seen(checks, watches, start, stop)
    for position, (seen_from, seen_to) in enumerate([*seen, (stop, stop)]):
        if seen_from > seen_at:
            due_at, rule = _due(measure, seen_at, params)
            if seen_from > due_at:
                found.append(
                    Gap(
                        start=seen_at,
                        end=seen_from,
                        due_at=due_at,
                        rule=rule,
                        overdue_minutes=-((due_at - seen_from) // _MINUTE),  # rounded up
                        ongoing=position == len(seen) and _runs(measure, at),
                    )
                )
        seen_at = max(seen_at, seen_to)
    return found


Held = Sequence[tuple[datetime, CheckParameters]]
"""Which numbers held in a unit, from when on, oldest first; the first from always."""


def by_what_held(measure: Watched, held: Held, find: Callable[[CheckParameters], list[Gap]]) -> list[Gap]:
    """What `find` finds, each gap judged by the numbers that held when the person was last seen before it, in order.

    That is when the time for the next look was set. Where a gap begins depends on who looked alone, so each belongs to one period.
    """
    found = []
    for place, (since, params) in enumerate(held):
        until = held[place + 1][0] if place + 1 < len(held) else None
        if until is None or until > measure.effective_at:
            found += [gap for gap in find(params) if since <= gap.start and (until is None or gap.start < until)]
    return sorted(found, key=lambda gap: gap.start)


def held_at(held: Held, at: datetime) -> CheckParameters:
    """The numbers that held at an instant."""
    return next(params for since, params in reversed(held) if since <= at)


def _runs(measure: Watched, at: datetime) -> bool:
    return measure.ended_at is None or in_utc(measure.ended_at) > in_utc(at)


def _seen(checks: Iterable[Check], watches: Iterable[Watch], start: datetime, stop: datetime) -> list[Span]:
    """When the person was seen, within the measure, in order; a check is a span without length."""
    moments = [(at, at) for at in (in_utc(check.occurred_at) for check in checks) if start <= at <= stop]
    return sorted([*moments, *covered(watches, start, stop)])


def covered(watches: Iterable[Watch], start: datetime, stop: datetime) -> list[Span]:
    """When a named observer watched, between `start` and `stop`; overlapping hand-overs are joined."""
    spans = []
    for watch in watches:
        begin = max(in_utc(watch.started_at), in_utc(start))
        end = min(in_utc(watch.ended_at or stop), in_utc(stop))
        if watch.observer.strip() and begin < end:
            spans.append((begin, end))
    return merged(spans)


def continuous_spans(measure: Watched, at: datetime, params: CheckParameters = DEFAULTS) -> list[Span]:
    """When continuous watch was the duty, up to the measure's end or `at`."""
    stop = measure.until(at)
    spans = []
    for stretch in _until(measure, stop, params):
        if not stretch.allowed:
            spans.append((stretch.start, min(stretch.end, stop)))
    return merged(spans)


def _until(measure: Watched, stop: datetime, params: CheckParameters) -> Iterable[Stretch]:
    for stretch in stretches(measure, measure.effective_at, params):
        if stretch.start >= stop:
            return
        yield stretch


def note_gaps(
    measure: Watched, notes: Iterable[datetime], at: datetime, params: CheckParameters = DEFAULTS
) -> list[Gap]:
    """Stretches of continuous watch without a note for more than 15 minutes (D21, D26)."""
    written = sorted(in_utc(note) for note in notes)
    stop = measure.until(at)
    found: list[Gap] = []
    for begin, end in continuous_spans(measure, at, params):
        rule = next(stretches(measure, begin, params)).rule
        previous = begin
        for note in (*(note for note in written if begin <= note < end), end):
            due_at = previous + params.note_interval
            if note > due_at:
                ongoing = note == end == stop and _runs(measure, at)
                found.append(Gap(previous, note, due_at, rule, -((due_at - note) // _MINUTE), ongoing))
            previous = note
    return found
