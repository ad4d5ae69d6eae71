"""Measures and what happened in them, for an actor, from one queryset each. Writes nothing. Absent and hidden are the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from consent.access import access_received
from consent.letters import instant
from consent.models import CustodyLetter, Letter
from coordination import parameters
from coordination.clock import Span
from coordination.identity import Actor
from coordination.models import CustodyDeadline, Membership, Person, Role, Unit
from coordination.people.access import lock_person, one_or_404, people_for, present_only
from coordination.worlds import World
from isolation.deadlines import LOOKING
from isolation.letters import DECIDERS, STAFF
from isolation.models import (
    ActivityPlan,
    Check,
    CheckCorrection,
    ContactSession,
    ContinuousWatch,
    InformalIsolation,
    LockInSwitch,
    Measure,
    ReviewDeputy,
    TimeOut,
    WatchNote,
    WatchOrder,
    WeeklyPlan,
)
from isolation.rules.cell_time import Entry, Side, expected_side, minutes_out
from isolation.rules.contact import Requirement
from isolation.rules.kinds import Extent, Kind
from isolation.rules.regimes import CheckParameters, Watched

#: What the health service calls a letter that says that a visit was made.
HEALTH_VISIT = "supervision_visit"
#: Who makes the weekly plan besides those who decide.
PLANNERS = (*DECIDERS, Role.CONTACT_OFFICER)
#: An order of continuous watch that still holds has no end; rules want one.
_NO_END = datetime(9000, 1, 1, tzinfo=UTC)


def require_role(actor: Actor, roles: Iterable[Role]) -> None:
    """Raise Http404 when the actor's role has no business here: a door it cannot use does not exist for it."""
    if actor.world is not World.CUSTODY or actor.role not in tuple(roles):
        raise Http404


def measures_for(actor: Actor) -> QuerySet[Measure]:
    """Return the measures of the actor's prison about people it may know of, newest first."""
    require_role(actor, (*STAFF, Role.RELEASE_CASEWORKER))
    return (
        Measure.objects.filter(agency_id=actor.agency_id)
        .select_related("person", "unit")
        .order_by("-effective_at", "-id")
    )


def access_measure(actor: Actor, pk: UUID) -> Measure:
    """Return one measure, or raise Http404."""
    return one_or_404(measures_for(actor).filter(pk=pk))


def lock_measure(actor: Actor, pk: UUID) -> Measure:
    """Return one measure as it is once its person is locked for the rest of the transaction, or raise Http404.

    The person, not the measure: every verb of this app, and those of the ground that end a stay, then queue in the same place and
    can never wait for each other in a circle.
    """
    person_id = measures_for(actor).filter(pk=pk).values_list("person_id", flat=True).first()
    if person_id is None:
        raise Http404
    person = lock_person(actor, person_id)
    measure = Measure.objects.select_related("unit").get(agency_id=actor.agency_id, pk=pk)
    assert isinstance(person, Person)
    measure.person = person
    return measure


def running(actor: Actor) -> QuerySet[Measure]:
    """Return the measures that are going on."""
    return measures_for(actor).filter(ended_at=None)


def running_for(actor: Actor, person_id: UUID) -> Measure | None:
    """Return the measure that is going on about a person, or None."""
    return (
        Measure.objects.filter(agency_id=actor.agency_id, person_id=person_id, ended_at=None)
        .select_related("unit")
        .first()
    )


@dataclass(frozen=True)
class Looks:
    """What the rules of checks need to know about one measure: who looked, who watched, and what was ordered."""

    last_check_at: datetime | None
    watches: tuple[ContinuousWatch, ...]
    orders: tuple[WatchOrder, ...]
    last_note_at: datetime | None = None

    @property
    def open_watch(self) -> ContinuousWatch | None:
        """Return the observer who is there now."""
        return next((w for w in self.watches if w.ended_at is None), None)

    @property
    def open_order(self) -> WatchOrder | None:
        """Return the order of continuous watch that holds now."""
        return next((o for o in self.orders if o.ended_at is None and o.interval_minutes is None), None)

    @property
    def open_interval(self) -> WatchOrder | None:
        """Return the order of more frequent checks that holds now."""
        return next((o for o in self.orders if o.ended_at is None and o.interval_minutes is not None), None)

    @property
    def last_seen_at(self) -> datetime | None:
        """Return the last check or the end of the last observer's stretch."""
        return max([at for at in (self.last_check_at, *(w.ended_at for w in self.watches)) if at], default=None)

    @property
    def last_noted_at(self) -> datetime | None:
        """Return the present observer's last note, or when they began."""
        watch = self.open_watch
        if watch is None:
            return None
        return max(watch.started_at, self.last_note_at) if self.last_note_at else watch.started_at


def looks_of(measure: Measure, last_check_at: datetime | None = None) -> Looks:
    """Return what is known about who has looked, in as few queries as the regime allows: notes only where somebody watches.

    `last_check_at` is for the caller who has just written a check from this very instant: no other can be later.
    """
    own = {"agency_id": measure.agency_id, "measure": measure}
    last = last_check_at
    if last is None:
        corrected = CheckCorrection.objects.filter(**own).values("corrects_id")
        seen = Check.objects.filter(**own).exclude(pk__in=corrected).order_by("-occurred_at")
        last = seen.values_list("occurred_at", flat=True).first()
    watches = tuple(ContinuousWatch.objects.filter(**own).order_by("started_at"))
    orders = tuple(WatchOrder.objects.filter(**own).order_by("started_at"))
    noted = None
    if any(w.ended_at is None for w in watches):
        noted = WatchNote.objects.filter(**own).order_by("-noted_at").values_list("noted_at", flat=True).first()
    return Looks(last, watches, orders, noted)


def watched(measure: Measure, orders: Iterable[WatchOrder], since: datetime | None = None) -> Watched:
    """Return a measure as the check rules see it. `since`: when the person was last seen before a window, instead of the start."""
    spans: list[tuple[WatchOrder, Span]] = [(o, (o.started_at, o.ended_at or _NO_END)) for o in orders]
    continuous: tuple[Span, ...] = tuple(span for order, span in spans if order.interval_minutes is None)
    intervals = tuple(
        (span, timedelta(minutes=order.interval_minutes)) for order, span in spans if order.interval_minutes is not None
    )
    return Watched(
        Kind(measure.kind),
        Extent(measure.extent) if measure.extent else None,
        measure.person.birth_date,
        since or measure.effective_at,
        measure.ended_at,
        continuous,
        intervals,
    )


def open_deadlines(measure: Measure) -> dict[str, CustodyDeadline]:
    """Return the open deadlines of a measure by rule."""
    rows = CustodyDeadline.objects.filter(agency_id=measure.agency_id, subject_id=measure.pk, closed_at=None)
    return {row.rule: row for row in rows}


def looks_due(actor: Actor, measures: Iterable[Measure], rules: Iterable[str] = LOOKING) -> dict[UUID, CustodyDeadline]:
    """Return when somebody must next look (or do what other `rules` ask, one of them at a time), by measure; one query for many."""
    rows = CustodyDeadline.objects.filter(
        agency_id=actor.agency_id, subject_id__in=[m.pk for m in measures], rule__in=rules, closed_at=None
    )
    return {row.subject_id: row for row in rows}


def last_checks(actor: Actor, measures: Iterable[Measure]) -> dict[UUID, Check]:
    """Return the last check that nobody took back, by measure; one query for many."""
    rows = Check.objects.filter(agency_id=actor.agency_id, measure_id__in=[m.pk for m in measures], corrections=None)
    return {check.measure_id: check for check in rows.order_by("measure_id", "-occurred_at").distinct("measure_id")}


def access_addressed(actor: Actor, pk: UUID, kind: str, *, about_somebody: bool = True) -> Letter:
    """Return a received letter of one kind that those who decide must answer, or raise Http404."""
    require_role(actor, DECIDERS)
    letter = access_received(actor, pk)
    if letter.kind != kind or (about_somebody and letter.person_id is None):
        raise Http404
    return letter


def letters_of(measure: Measure) -> QuerySet[CustodyLetter]:
    """Return every letter of the measure's exchange with the health service, oldest first: they are all in the notice's thread."""
    return (
        CustodyLetter.objects.filter(agency_id=measure.agency_id, thread_id=measure.notice_letter)
        .select_related("other_agency")
        .order_by("sent_at", "id")
    )


def health_visit_letters(agency_id: UUID, threads: Iterable[UUID]) -> QuerySet[CustodyLetter]:
    """Return what the health service has told of its visits in some exchanges, corrected ones left out, the newest visit first.

    Nothing else is known here of a visit: who was seen, and when. The instants are written alike, so their order as text is theirs.
    """
    rows = CustodyLetter.objects.filter(
        agency_id=agency_id,
        thread_id__in=threads,
        kind=HEALTH_VISIT,
        direction=Letter.Direction.IN,
        superseded_by=None,
    )
    return rows.order_by("thread_id", "-body__visited_at", "-sent_at")


def visited_at(letter: Letter) -> datetime:
    """Return when a visit was made, by the letter that told of it."""
    return instant(letter.body.get("visited_at"), letter.sent_at)


def last_health_visits(measures: Iterable[Measure]) -> dict[UUID, datetime]:
    """Return when health personnel last saw each person, as far as the prison was told, by measure; one query for many."""
    by_thread = {measure.notice_letter: measure for measure in measures}
    if not by_thread:
        return {}
    agency_id = next(iter(by_thread.values())).agency_id
    newest = health_visit_letters(agency_id, by_thread).distinct("thread_id")
    return {by_thread[letter.thread_id].pk: visited_at(letter) for letter in newest}


def measure_of_thread(actor: Actor, thread_id: UUID) -> Measure | None:
    """Return the measure whose notice began an exchange, or None."""
    return Measure.objects.filter(agency_id=actor.agency_id, notice_letter=thread_id).first()


def contacts_of(measure: Measure) -> QuerySet[ContactSession]:
    """Return the contact that took place and was not struck, oldest first."""
    rows = ContactSession.objects.filter(agency_id=measure.agency_id, measure=measure, corrections=None)
    return rows.order_by("started_at", "id")


def newest_plan(measure: Measure) -> WeeklyPlan | None:
    """Return the newest version of the weekly plan, or None."""
    return WeeklyPlan.objects.filter(agency_id=measure.agency_id, measure=measure).order_by("-number").first()


def plan_for(plans: Iterable[WeeklyPlan], day: date) -> WeeklyPlan | None:
    """Return the version of a measure's plan that holds for a date: the newest that covers it."""
    covering = (plan for plan in plans if plan.first_on <= day <= plan.last_on)
    return max(covering, key=lambda plan: plan.number, default=None)


def deputy_of(actor: Actor, day: date) -> ReviewDeputy | None:
    """Return the delegation by which the actor may review in the warden's place on a date, or None."""
    rows = ReviewDeputy.objects.filter(
        agency_id=actor.agency_id, deputy_id=actor.membership_id, first_on__lte=day, last_on__gte=day
    )
    return rows.order_by("-recorded_at").first()


def possible_deputies(actor: Actor) -> QuerySet[Membership]:
    """Return the duty leaders of the prison, whom the warden may name."""
    return Membership.objects.filter(agency_id=actor.agency_id, role=Role.DUTY_LEADER, ended_at=None)


@dataclass(frozen=True)
class Numbers:
    """What holds in one unit: how often somebody is seen, and how much contact a day must hold."""

    checks: CheckParameters
    contact: Requirement


def numbers_of(actor: Actor, unit: Unit) -> Numbers:
    """Return what holds in a unit of the actor's prison, tightened where somebody has; one query."""
    return _numbers(parameters.load(actor, unit))


def check_history(actor: Actor, unit: Unit, until: datetime) -> list[tuple[datetime, CheckParameters]]:
    """Return how often somebody in a unit had to be seen, from when, up to an instant, oldest first; one query."""
    return [(at, _numbers(found).checks) for at, found in parameters.load_through(actor, unit, until)]


def _numbers(found: parameters.Settings) -> Numbers:
    checks = CheckParameters(
        day_starts=found.clock("check_day_start"),
        day_ends=found.clock("check_day_end"),
        day_interval=found.span("check_day_minutes"),
        night_interval=found.span("check_night_minutes"),
        cell_interval=found.span("check_cell_minutes"),
        note_interval=found.span("watch_note_minutes"),
    )
    return Numbers(checks, Requirement(found.number("contact_minutes")))


# Time out of the cell, and isolation without a decision

READERS = (*STAFF, Role.RELEASE_CASEWORKER)
OPEN = (InformalIsolation.State.FLAGGED, InformalIsolation.State.FOLLOWED)


def entry_of(row: TimeOut) -> Entry:
    """Return a row as the rules see it."""
    span = (row.started_at, row.ended_at) if row.started_at and row.ended_at else None
    return Entry(row.recorded_at, row.day, span, row.minutes)


def minutes_of(actor: Actor, person_id: UUID, since: date) -> dict[date, int]:
    """Return the minutes out of the cell of one person by local date, dates nobody wrote about left out; one query."""
    rows = TimeOut.objects.filter(agency_id=actor.agency_id, person_id=person_id, day__gte=since)
    return minutes_out(map(entry_of, rows))


def minutes_by_person(actor: Actor, people: Iterable[UUID], since: date) -> dict[UUID, dict[date, int]]:
    """As `minutes_of`, for many; one query."""
    found: dict[UUID, list[Entry]] = {}
    for row in TimeOut.objects.filter(agency_id=actor.agency_id, person_id__in=list(people), day__gte=since):
        found.setdefault(row.person_id, []).append(entry_of(row))
    return {person: minutes_out(entries) for person, entries in found.items()}


def switches_of(measure: Measure) -> QuerySet[LockInSwitch]:
    """Return the changes of side of a measure, oldest first."""
    return LockInSwitch.objects.filter(agency_id=measure.agency_id, measure=measure).order_by("changed_at", "id")


def side_now(measure: Measure) -> tuple[Side, date | None]:
    """Return on which side of two hours a measure is, and the date that last decided it (None: as expected from the start)."""
    last = switches_of(measure).last()
    return side_after(measure, last), last.day if last else None


def side_after(measure: Measure, last: LockInSwitch | None) -> Side:
    """Return the side of a measure after its last change of side, if there has been one."""
    return expected_side(float(measure.hours_out_per_day)) if last is None else Side(last.side)


def people_of_unit(actor: Actor, unit: Unit) -> list[Person]:
    """Return those who are in a unit now, by name."""
    require_role(actor, READERS)
    return list(present_only(actor, people_for(actor).filter(unit=unit)))


def informal_for(actor: Actor) -> QuerySet[InformalIsolation]:
    """Return the isolation without a decision the actor may know of, newest first."""
    require_role(actor, READERS)
    rows = InformalIsolation.objects.filter(agency_id=actor.agency_id).select_related("person", "unit")
    return rows.order_by("-flagged_at", "-id")


def access_informal(actor: Actor, pk: UUID) -> InformalIsolation:
    """Return one, or raise Http404."""
    return one_or_404(informal_for(actor).filter(pk=pk))


def open_informal(actor: Actor, person_id: UUID) -> InformalIsolation | None:
    """Return the one that is open about a person, or None."""
    rows = InformalIsolation.objects.filter(agency_id=actor.agency_id, person_id=person_id, state__in=OPEN)
    return rows.select_related("unit").first()


def lock_informal(actor: Actor, pk: UUID) -> InformalIsolation:
    """Return one as it is once its person is locked for the rest of the transaction, or raise Http404."""
    person = lock_person(actor, access_informal(actor, pk).person_id)
    row = InformalIsolation.objects.select_related("unit").get(agency_id=actor.agency_id, pk=pk)
    assert isinstance(person, Person)
    row.person = person
    return row


def newest_activity_plan(row: InformalIsolation) -> ActivityPlan | None:
    """Return the version that holds, or None."""
    return ActivityPlan.objects.filter(agency_id=row.agency_id, informal=row).order_by("-number").first()
