"""How many measures, how long, how well somebody looked in, when the doctor was told, and whether there was a plan. Counts only.

What the health service did when it came is in no figure here: those are its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from consent.models import CustodyLetter, Letter
from coordination import clock, figures
from coordination.figures import TOTAL, Figure, Longest, Median, Period, Table
from coordination.identity import Actor
from coordination.models import Unit
from coordination.models.deadlines import Strength
from coordination.worlds import World
from isolation.access import check_history, entry_of, watched
from isolation.models import (
    Check,
    CheckCorrection,
    ContinuousWatch,
    InformalIsolation,
    Measure,
    MeasureKind,
    SupervisionConsideration,
    TimeOut,
    WatchOrder,
    WeeklyPlan,
)
from isolation.rules import checks as rules
from isolation.rules.cell_time import Entry, minutes_out
from isolation.rules.notices import doctor_notice_clock, health_request_clock
from isolation.rules.plan import plan_due

READ = (
    *("id", "agency_id", "person_id", "unit_id", "kind", "extent", "effective_at", "ended_at", "notice_letter"),
    *("expected_hours", "forecast_at", "recorded_at", "statement"),
    *("person__id", "person__agency_id", "person__birth_date"),
)
DAY = timedelta(days=1)
#: Up to and including this long; the last has no limit. The second is the threshold of the plan (D22).
LENGTHS = ("day", "three_days", "longer")
#: How late a look came, in begun minutes; the last has no limit.
LATE = (("late_15", 15), ("late_60", 60))


@dataclass(frozen=True)
class Look:
    """The instant somebody looked, or should have: `late` in minutes, none when in time; `unseen` how long nobody had."""

    at: datetime
    late: int
    unseen: float


def count(actor: Actor, period: Period) -> Iterator[Figure]:
    """Return the figures of isolation. Queries: ten, and one for each unit where somebody was isolated."""
    measures = list(
        Measure.objects.filter(agency_id=actor.agency_id, effective_at__lt=period.end)
        .filter(Q(ended_at=None) | Q(ended_at__gte=period.start))
        .select_related("person")
        .only(*READ)
        .order_by("effective_at", "id")
    )
    started = [measure for measure in measures if measure.effective_at in period]
    yield _measures(started, period)
    yield from _notices(actor, started)
    yield from _looks(actor, measures, period)
    yield _plans(actor, started, period)
    yield from _lock_in(actor, period)


def length_of(measure: Measure, at: datetime) -> str:
    """Return the band of how long a measure lasted, or has lasted at `at`."""
    lasted = clock.elapsed(measure.effective_at, min(measure.ended_at or at, at))
    if lasted <= DAY:
        return "day"
    return "three_days" if lasted <= 3 * DAY else "longer"


def _measures(started: Sequence[Measure], period: Period) -> Table:
    kinds = [kind.value for kind in MeasureKind]
    return Table(
        code="measures",
        title=_("Isolasjonstiltak etter type og varighet"),
        row_heading=_("Tiltak"),
        row_labels=tuple(str(kind.label) for kind in MeasureKind),
        column_labels=(_("Inntil 24 timer"), _("Inntil 72 timer"), _("Over 72 timer")),
        counts=figures.tally(kinds, LENGTHS, ((m.kind, length_of(m, period.seen_at)) for m in started)),
        note=_("Tiltak som startet i perioden. Det som pågår, er regnet til rapporten ble laget."),
        links={(TOTAL, TOTAL): "measures", (0, 2): "long_exclusions"},
        # The health service tells how many isolations it heard of.
        shared=(((TOTAL, TOTAL),),),
    )


def _notices(actor: Actor, started: Sequence[Measure]) -> Iterator[Figure]:
    """Whether the doctor was told in time, by the unit where the measure was carried out (D17, D24)."""
    own = {"agency_id": actor.agency_id, "direction": Letter.Direction.OUT}
    letters = {
        letter.letter_id: letter
        for letter in CustodyLetter.objects.filter(**own, letter_id__in=[m.notice_letter for m in started]).only(
            "id", "agency_id", "person_id", "letter_id", "sent_at", "acknowledged_at"
        )
    }
    units = {unit.pk: unit.name for unit in Unit.objects.filter(agency_id=actor.agency_id).order_by("name")}
    seen: list[tuple[UUID, str]] = []
    waits: list[float] = []
    for measure in started:
        letter = letters.get(measure.notice_letter)
        # A measure that came here with its person was told of by another prison; its own record says when.
        sent_at = letter.sent_at if letter else measure.recorded_at
        unasked = measure.is_coercive and measure.statement != Measure.Statement.OBTAINED
        told = health_request_clock if unasked else doctor_notice_clock
        seen.append((measure.unit_id, "on_time" if sent_at <= told(measure.effective_at).overdue_at else "late"))
        if letter and letter.acknowledged_at:
            waits.append(figures.minutes(letter.sent_at, letter.acknowledged_at))
    used = [pk for pk in units if any(unit == pk for unit, _column in seen)]
    yield Table(
        code="doctor_notices",
        title=_("Legen varslet om isolasjon"),
        row_heading=_("Avdeling"),
        row_labels=tuple(units[pk] for pk in used) or (_("Ingen avdelinger"),),
        column_labels=(_("Varslet i tide"), _("Varslet for sent")),
        counts=figures.tally(used, ("on_time", "late"), seen) if used else ((0, 0),),
        note=_("Innen fire timer. Sikkerhetscelle og sikkerhetsseng uten uttalelse fra lege på forhånd innen to."),
        strength=Strength.MUST,
        on_time=0,
        links={(TOTAL, TOTAL): "measures"},
        shared=(((TOTAL, TOTAL),),),
    )
    yield Median(code="notice_wait", title=_("Middels tid før legen kvitterte"), minutes=tuple(waits))


def looks_of(
    measure: Measure,
    checks: Iterable[Check],
    watches: Iterable[ContinuousWatch],
    orders: Iterable[WatchOrder],
    at: datetime,
    held: rules.Held,
) -> Iterator[Look]:
    """Return every look at one isolated person up to `at`, and every one that came too late or not at all, judged by what held then."""
    seen = [rules.Check(row.occurred_at, row.recorded_at) for row in checks]
    stretches = [rules.Watch(row.observer_name, row.started_at, row.ended_at) for row in watches]
    isolated = watched(measure, orders)
    gaps = rules.by_what_held(isolated, held, lambda params: rules.gaps(isolated, seen, stretches, at, params))
    ends = {gap.end for gap in gaps}
    for gap in gaps:
        yield Look(gap.end, gap.overdue_minutes, figures.minutes(gap.start, gap.end))
    for check in seen:
        if check.occurred_at not in ends and check.occurred_at <= at:
            yield Look(check.occurred_at, 0, 0)


def _looks(actor: Actor, measures: Sequence[Measure], period: Period) -> Iterator[Figure]:
    """How many looks were in time, by week or month (D20, D21, D25, D26), and the longest time without."""
    keys = [measure.pk for measure in measures]
    own = {"agency_id": actor.agency_id, "measure_id__in": keys}
    corrected = {
        row.corrects_id
        for row in CheckCorrection.objects.filter(**own).only("id", "agency_id", "person_id", "corrects_id")
    }
    checks = _by_measure(
        row
        for row in Check.objects.filter(**own).only(
            "id", "agency_id", "person_id", "measure_id", "occurred_at", "recorded_at"
        )
        if row.pk not in corrected
    )
    watches = _by_measure(
        ContinuousWatch.objects.filter(**own).only(
            *("id", "agency_id", "person_id", "measure_id", "observer_name", "started_at", "ended_at")
        )
    )
    orders = _by_measure(
        WatchOrder.objects.filter(**own).only(
            *("id", "agency_id", "person_id", "measure_id", "interval_minutes", "started_at", "ended_at"),
        )
    )
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={measure.unit_id for measure in measures})}
    params = {pk: check_history(actor, unit, period.end) for pk, unit in units.items()}
    parts = figures.slices(period)
    seen: list[tuple[int, str]] = []
    unseen: list[float] = []
    for measure in measures:
        mine = measure.pk
        for look in looks_of(measure, checks[mine], watches[mine], orders[mine], period.end, params[measure.unit_id]):
            # A gap that goes on ends "now", at the edge of the period: it belongs to the last day.
            day = clock.local_date(min(look.at, period.end - timedelta(microseconds=1)))
            if not period.start <= look.at <= period.end:
                continue
            seen.append((next(n for n, part in enumerate(parts) if part.first_on <= day <= part.last_on), _late(look)))
            if look.late:
                unseen.append(look.unseen)
    yield Table(
        code="checks",
        title=_("Tilsyn i tide"),
        row_heading=figures.slice_heading(period),
        row_labels=tuple(part.label for part in parts),
        column_labels=(_("I tide"), _("Inntil 15 min for sent"), _("15–60 min for sent"), _("Over 60 min for sent")),
        counts=figures.tally(range(len(parts)), ("on_time", *(code for code, _limit in LATE), "late_more"), seen),
        note=_("Alle tilsyn med isolerte. Et tilsyn som aldri kom, teller som for sent."),
        strength=Strength.MUST,
        on_time=0,
        by_time=True,
    )
    yield Longest(
        code="longest_gap",
        title=_("Lengste tid uten tilsyn"),
        minutes=tuple(unseen),
        note=_("Blant tilsyn som kom for sent."),
    )
    yield Median(code="gap_median", title=_("Middels tid uten tilsyn"), minutes=tuple(unseen))


def _late(look: Look) -> str:
    if not look.late:
        return "on_time"
    return next((code for code, limit in LATE if look.late <= limit), "late_more")


def _by_measure(rows: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.measure_id].append(row)
    return found


def _plans(actor: Actor, started: Sequence[Measure], period: Period) -> Table:
    """Whether an exclusion of more than 72 hours had its plan by then (D22)."""
    long = [m for m in started if m.kind == MeasureKind.EXCLUSION and length_of(m, period.seen_at) == "longer"]
    first: dict[UUID, datetime] = {}
    rows = WeeklyPlan.objects.filter(agency_id=actor.agency_id, measure_id__in=[m.pk for m in long])
    for plan in rows.only("id", "agency_id", "person_id", "measure_id", "recorded_at"):
        first[plan.measure_id] = min(plan.recorded_at, first.get(plan.measure_id, plan.recorded_at))
    seen = []
    for measure in long:
        made_at = first.get(measure.pk)
        limit = plan_due(measure.effective_at, measure.expected_hours, measure.forecast_at).must_exist_at
        seen.append(("plan", "none" if made_at is None else "on_time" if made_at <= limit else "late"))
    return Table(
        code="plans",
        title=_("Plan for utelukkelser over 72 timer"),
        row_heading=_("Tiltak"),
        row_labels=(_("Utelukkelse over 72 timer"),),
        column_labels=(_("Plan innen 72 timer"), _("Plan senere"), _("Ingen plan")),
        counts=figures.tally(("plan",), ("on_time", "late", "none"), seen),
        strength=Strength.MUST,
        on_time=0,
        links={(TOTAL, TOTAL): "long_exclusions", (0, TOTAL): "long_exclusions"},
    )


#: Mean minutes out of the cell a day, up to but not including; the last has no limit.
TIME_OUT = (("under_2", 120), ("under_4", 240), ("under_8", 480))


def _lock_in(actor: Actor, period: Period) -> Iterator[Figure]:
    """How much people are locked in, by unit, and what came of isolation without a decision (R7.1.1-d, R7.1.3-l; basis LB15).

    People are counted, each once, not their days: thirty days of one person would pass for a crowd.
    """
    rows = TimeOut.objects.filter(agency_id=actor.agency_id, day__gte=period.first_on, day__lte=period.last_on)
    entries: dict[UUID, list[Entry]] = defaultdict(list)
    place: dict[UUID, UUID] = {}
    for row in rows.order_by("recorded_at", "id"):
        entries[row.person_id].append(entry_of(row))
        place[row.person_id] = row.unit_id
    units = {unit.pk: unit.name for unit in Unit.objects.filter(agency_id=actor.agency_id).order_by("name")}
    used = [pk for pk in units if pk in place.values()]
    bands = (*(code for code, _limit in TIME_OUT), "more")
    seen = []
    for person, unit in place.items():
        days = minutes_out(entries[person])
        mean = sum(days.values()) / len(days)
        seen.append((unit, next((code for code, limit in TIME_OUT if mean < limit), "more")))
    yield Table(
        code="time_out",
        title=_("Innsatte etter tid ute av cella"),
        row_heading=_("Avdeling"),
        row_labels=tuple(units[pk] for pk in used) or (_("Ingen avdelinger"),),
        column_labels=(_("Under 2 timer"), _("2 til 4 timer"), _("4 til 8 timer"), _("8 timer eller mer")),
        counts=figures.tally(used, bands, seen) if used else ((0, 0, 0, 0),),
        note=_("Hver innsatt telles én gang, etter gjennomsnittet av dagene det er ført tid for."),
    )
    informal = InformalIsolation.objects.filter(
        agency_id=actor.agency_id, flagged_at__gte=period.start, flagged_at__lt=period.end
    ).annotate(yes=Exists(SupervisionConsideration.objects.filter(informal=OuterRef("pk"), supervision=True)))
    kinds = InformalIsolation.Kind
    yield Table(
        code="informal_isolation",
        title=_("Isolasjon uten vedtak"),
        row_heading=_("Hva"),
        row_labels=tuple(str(kind.label) for kind in kinds),
        column_labels=(_("Følges opp"), _("Vurdert, følges ikke opp"), _("Ikke vurdert")),
        counts=figures.tally(
            [kind.value for kind in kinds],
            ("yes", "no", "open"),
            (
                (row.kind, "yes" if row.yes else "no" if row.state == InformalIsolation.State.DISMISSED else "open")
                for row in informal
            ),
        ),
        note=_("Registrert i perioden. Tilsyn og oppfølging bør vurderes; tallene viser ikke brudd."),
        strength=Strength.SHOULD,
    )


figures.register((World.CUSTODY,), count)
