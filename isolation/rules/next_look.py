"""What must be done next so that an isolated person is not left alone too long: the one deadline of checks, whatever the regime.

Must not look at single checks for gaps; see `checks`. Rules D20, D21, D25, D26 (obligations R7.1.2-h, -i, -t, -u, -v).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coordination.clock import after, comes_of_age_at, in_utc

from .checks import next_check_due
from .regimes import DEFAULTS, CheckParameters, CheckRegime, Mode, Watched, regime


@dataclass(frozen=True)
class NextLook:
    """`rule` is the id in the deadline register; both instants are UTC.

    `observed`: a named observer is there, and what is due is the observer's note. Under continuous watch without an observer
    `due_at` is when the person was last seen: it is overdue from that instant.
    """

    rule: str
    starts_at: datetime
    due_at: datetime
    observed: bool = False


def next_look(
    measure: Watched,
    at: datetime,
    *,
    last_seen_at: datetime | None = None,
    last_noted_at: datetime | None = None,
    observed: bool = False,
    params: CheckParameters = DEFAULTS,
) -> NextLook:
    """The next duty to look, seen from `at`.

    `last_seen_at` is the last check or the end of the last observer's stretch (None: nobody yet); `observed` says that one is
    there now, and `last_noted_at` is their last note, or when they began. When a minor comes of age before the next note is
    due, what comes next is already the check of an adult, counted from midnight: nobody needs to be there to switch rules.
    """
    seen_at = max(in_utc(last_seen_at or measure.effective_at), in_utc(measure.effective_at))
    now = _regime(measure, at, params)
    if now.mode is not Mode.CONTINUOUS:
        # Observed though nobody must: seen until now, and the clock of an ordinary check starts here.
        return _rolling(measure, max(seen_at, in_utc(at)) if observed else seen_at, params)
    if not observed:
        return NextLook(now.rule, seen_at, seen_at)
    noted_at = max(in_utc(last_noted_at or seen_at), in_utc(measure.effective_at))
    note_due = after(noted_at, now.note_interval)
    grown_up = comes_of_age_at(measure.birth_date)
    if noted_at < grown_up <= note_due and _regime(measure, grown_up, params).mode is Mode.ROLLING:
        return _rolling(measure, grown_up, params)
    return NextLook(now.rule, noted_at, note_due, observed=True)


def _regime(measure: Watched, at: datetime, params: CheckParameters) -> CheckRegime:
    chosen = any(begin <= in_utc(at) < end for begin, end in measure.continuous)
    return regime(measure.kind, measure.extent, measure.birth_date, at, params, continuous_chosen=chosen)


def _rolling(measure: Watched, seen_at: datetime, params: CheckParameters) -> NextLook:
    due_at = next_check_due(measure, seen_at, params)
    return NextLook(_regime(measure, due_at, params).rule, seen_at, due_at)
