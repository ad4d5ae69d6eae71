"""What a statutory limit is, whether it holds for a measure, and when it is due. The rows themselves are in `law`.

Must not hold words for the screen. All limits are elapsed time from `effective_at` (n × 24 h); "overstiger" is strictly more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import after, is_minor

from .chains import Stretch, reaches
from .kinds import Extent, Kind

AT_ONCE: Final = timedelta(hours=2)
"""What "straks" and "umiddelbart" are given before they count as late; the sources have no number, ours is that of D18 and D24."""

DAY: Final = timedelta(days=1)


class Act(StrEnum):
    """What must have happened when the limit is reached."""

    TELL = "tell"  # somebody outside is told
    REPORT = "report"  # the case is reported upwards (innberettes)
    DECIDE = "decide"  # somebody above decides whether it goes on
    RENEW = "renew"  # the prison itself decides anew
    MAXIMUM = "maximum"  # it must have ended
    ORDER_ENDS = "order_ends"  # the court's order runs out
    PLAN = "plan"  # a plan for the way back exists
    DAILY = "daily"  # on every date anew; its clock turns at midnight or with the last visit, not here


class Authority(StrEnum):
    """Who is told, gets the report or decides. All but the first are outside Samvirke."""

    PRISON = "prison"
    REGION = "region"
    DIRECTORATE = "directorate"  # KDI
    SUPERVISORY_BOARD = "supervisory_board"  # Tilsynsrådet
    GUARDIAN = "guardian"  # vergen
    COURT = "court"
    HEALTH = "health"  # shown to the prison, done by the health service


class Counts(StrEnum):
    """Whose time counts."""

    MEASURE = "measure"  # this measure only
    SAME = "same"  # the same kind (and extent, where the limit names one) throughout the chain
    CHAIN = "chain"  # everything in the chain


class Outcome(StrEnum):
    """What came of a step."""

    SENT = "sent"
    CONTINUE = "continue"
    EXTEND = "extend"
    CHANGE = "change"
    END = "end"


@dataclass(frozen=True)
class Limit:
    """One limit of the statutes. `code` is its deadline rule, `register` its row in fixtures/deadlines.yaml.

    `extents`, `grounds` None: any. `minor` None: all ages. `then_every` repeats it by steps of that length, counted the same way.
    `extension` is added once somebody above has extended. `on_extension`: due at once when the limit of that code was extended.
    `on_decision`: due at once again after every decision of somebody above. `inferred` marks a reading of ours where the text leaves room.
    """

    code: str
    register: str
    kinds: frozenset[Kind]
    act: Act
    to: Authority
    after: timedelta
    source: str
    counts: Counts = Counts.MEASURE
    extents: frozenset[Extent] | None = None
    grounds: frozenset[str] | None = None
    minor: bool | None = None
    then_every: timedelta | None = None
    extension: timedelta | None = None
    on_extension: str = ""
    on_decision: bool = False
    warn: timedelta = DAY
    inferred: bool = False

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What may come of it. Only who decides can end, change or extend."""
        if self.act is Act.MAXIMUM and self.extension is not None:
            return (Outcome.EXTEND, Outcome.END)
        if self.act is Act.DECIDE:
            return (Outcome.CONTINUE, Outcome.CHANGE, Outcome.END)
        return (Outcome.SENT,) if self.act in (Act.TELL, Act.REPORT) else ()


@dataclass(frozen=True)
class Case:
    """A running measure as the limits see it.

    `stretches` are those of the whole chain, the measure's own marked. `done` counts the steps taken by code in the chain (for limits
    that count the measure alone: in the measure). `extended` says when a limit was last extended. `renewed_at` is the last decision or
    reassessment. `met_at` is when a step was last taken by code, `decided` when those above decided that the measure goes on. `order_ends_at` and `order_maximum` are the court's; no maximum where the court has said so.
    """

    kind: Kind
    extent: Extent | None
    grounds: frozenset[str]
    birth_date: date
    effective_at: datetime
    renewed_at: datetime
    stretches: tuple[Stretch, ...]
    done: Mapping[str, int] = field(default_factory=dict)
    extended: Mapping[str, datetime] = field(default_factory=dict)
    met_at: Mapping[str, datetime] = field(default_factory=dict)
    decided: tuple[datetime, ...] = ()
    order_ends_at: datetime | None = None
    order_maximum: timedelta | None = None
    planned: bool = False


@dataclass(frozen=True)
class Due:
    """A limit that holds for a measure. `due_at` None: nothing more to wait for. Instants in UTC."""

    limit: Limit
    starts_at: datetime
    due_at: datetime | None


def holds(limit: Limit, case: Case, at: datetime) -> bool:
    """Whether a limit is about this measure now. Age is that of the Oslo date."""
    return (
        case.kind in limit.kinds
        and (limit.extents is None or case.extent in limit.extents)
        and (limit.grounds is None or bool(case.grounds & limit.grounds))
        and (limit.minor is None or is_minor(case.birth_date, at) is limit.minor)
        and (not limit.on_extension or limit.on_extension in case.extended)
    )


def _own_stretches(limit: Limit, case: Case) -> tuple[Stretch, ...]:
    """The stretches that count for a limit."""
    if limit.counts is Counts.CHAIN:
        return case.stretches
    found = tuple(
        s for s in case.stretches if s.kind in limit.kinds and (limit.extents is None or s.extent in limit.extents)
    )
    return tuple(s for s in found if s.own) if limit.counts is Counts.MEASURE else found


def due(limit: Limit, case: Case) -> Due:
    """When a limit that holds is due. One that was met and does not come again has no due time."""
    counting = _own_stretches(limit, case)
    # Something that is already counting when the measure begins is due in it from its own beginning.
    begins = next((s.start for s in counting if s.end is None), case.effective_at)
    taken = case.done.get(limit.code, 0)
    if limit.act is Act.DAILY:
        return Due(limit, case.effective_at, None)
    if limit.act is Act.ORDER_ENDS:
        return Due(limit, case.effective_at, case.order_ends_at)
    if limit.act is Act.RENEW:
        return Due(limit, case.renewed_at, after(case.renewed_at, limit.after))
    if limit.act is Act.PLAN:
        return Due(limit, begins, None if case.planned else after(case.effective_at, limit.after))
    if limit.on_extension:
        since = case.extended[limit.on_extension]
        return Due(limit, since, None if taken else after(since, AT_ONCE))
    if limit.act is Act.MAXIMUM:
        if limit.code == "B15M" and case.order_maximum is None:
            return Due(limit, begins, None)
        most = case.order_maximum if limit.code == "B15M" and case.order_maximum else limit.after
        if limit.code in case.extended and limit.extension is not None:
            most += limit.extension
        found = reaches(counting, most)
        return Due(limit, begins, max(found, begins) if found else None)
    if limit.on_decision and taken:
        unheard = [at for at in case.decided if at > case.met_at[limit.code]]
        return Due(limit, min(unheard), after(min(unheard), AT_ONCE)) if unheard else Due(limit, begins, None)
    if taken and limit.then_every is None:
        return Due(limit, begins, None)
    if not limit.after and not taken:
        return Due(limit, begins, after(begins, AT_ONCE))
    found = reaches(counting, limit.after + (limit.then_every or timedelta()) * taken)
    return Due(limit, begins, max(found, begins) if found else None)


def held(limits: Iterable[Limit], case: Case, at: datetime) -> list[Due]:
    """Every limit that holds for a measure now, what is due first on top; those with nothing to wait for last."""
    found = [due(limit, case) for limit in limits if holds(limit, case, at)]
    return sorted(found, key=lambda d: (d.due_at is None, d.due_at or at, d.limit.code))
