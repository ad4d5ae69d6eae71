"""Writing down meaningful contact, and the weekly plan that promises it. A plan with too little for any full day is not saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from coordination import clock, formats
from coordination.deadlines import close_deadlines
from coordination.identity import Actor
from coordination.people.access import one_or_404
from coordination.refusals import Refused, refused_at, said
from isolation.access import PLANNERS, lock_measure, newest_plan, numbers_of, open_deadlines, require_role
from isolation.actions.common import (
    about,
    follow,
    meet_contact_day,
    minutes_on,
    must_run,
    open_contact_day,
    put,
    quiet_evening,
    within,
)
from isolation.deadlines import CONTACT, OFFER
from isolation.letters import DECIDERS, STAFF
from isolation.models import ContactCorrection, ContactSession, Measure, Mitigation, PlanDay, WeeklyPlan
from isolation.rules.contact import ACT_2026, Requirement
from isolation.rules.plan import DAYS, THRESHOLD, PlanFault, PlanProblem, next_plan_due, plan_problems

#: What counts the contact of a date: the weekly plan's two hours, and what the 2026 act says must be offered.
DAY_RULES = (CONTACT, OFFER)


@dataclass(frozen=True)
class PlannedDay:
    """What a plan holds for a date."""

    activities: str
    minutes: int


def log_contact(
    actor: Actor,
    pk: UUID,
    *,
    kind: str,
    with_whom: str,
    started_at: datetime,
    ended_at: datetime,
    note: str = "",
    key: UUID,
    at: datetime,
) -> ContactSession:
    """Write down contact that took place, and close today's deadline when the time is there. The same `key` is once.

    Raises `Refused`, Http404. (obligations R7.1.2-k, -m)
    """
    require_role(actor, STAFF)
    measure = lock_measure(actor, pk)
    known = ContactSession.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    within(measure, started_at, at, "started")
    within(measure, ended_at, at, "ended")
    if ended_at <= started_at:
        raise refused_at("ended", _("Slutten må komme etter starten."), code="interval")
    minutes = clock.elapsed(started_at, ended_at) // timedelta(minutes=1)
    if minutes > 24 * 60:
        raise refused_at("ended", _("Kontakten kan ikke vare mer enn et døgn. Del den opp."), code="interval")
    session = ContactSession(
        **about(actor, measure, at),
        kind=kind,
        with_whom=with_whom,
        started_at=started_at,
        ended_at=ended_at,
        minutes=minutes,
        note=note.strip(),
        key=key,
    )
    session.save(force_insert=True)
    if measure.ended_at is None:
        _count_today(actor, measure, at)
    return session


def _count_today(actor: Actor, measure: Measure, at: datetime) -> None:
    rows = open_deadlines(measure)
    follow(actor, measure, at=at, rows=rows)
    today = clock.local_date(at)
    due = [rule for rule in DAY_RULES if rule in rows and clock.local_date(rows[rule].due_at) == today]
    if not due:
        return
    minutes = minutes_on(measure, today)
    for rule in due:
        if _required(actor, measure, rule).met_by(minutes):
            meet_contact_day(actor, measure, rows, at, rule)
        else:
            quiet_evening(rows[rule], minutes)


def _required(actor: Actor, measure: Measure, rule: str) -> Requirement:
    """Return how much contact a date must hold for a rule to be met by contact alone."""
    return ACT_2026 if rule == OFFER else numbers_of(actor, measure.unit).contact


def strike_contact(actor: Actor, pk: UUID, *, reason: str, at: datetime) -> Measure:
    """Strike contact that should not have been written: a correction stands beside it, and it counts for nothing. Twice changes nothing.

    Whoever wrote it may, and those who decide. Raises `Refused`, Http404. (obligation R7.1.2-r: corrections by addition)
    """
    require_role(actor, STAFF)
    session = one_or_404(ContactSession.objects.filter(agency_id=actor.agency_id, pk=pk))
    measure = lock_measure(actor, session.measure_id)
    if ContactCorrection.objects.filter(agency_id=actor.agency_id, corrects=session).exists():
        return measure
    if session.by_id != actor.membership_id and not actor.has_role(*DECIDERS):
        raise Refused("not_yours", _("Bare den som førte kontakten, vaktleder eller fengselsleder kan stryke den."))
    reason = said(reason, "reason", _("Skriv hvorfor kontakten strykes."))
    ContactCorrection(**about(actor, measure, at), corrects=session, reason=reason[:300]).save(force_insert=True)
    if measure.ended_at is None:
        _reopen_today(actor, measure, at)
    return measure


def _reopen_today(actor: Actor, measure: Measure, at: datetime) -> None:
    """Put today's hours back on the list when what is struck had met them."""
    rows, today = open_deadlines(measure), clock.local_date(at)
    for rule in DAY_RULES:
        if rule not in rows or clock.local_date(rows[rule].due_at) <= today:
            continue
        met = _required(actor, measure, rule).met_by(minutes_on(measure, today))
        # A first, partial date has no deadline to go back to; `open_contact_day` keeps tomorrow's then.
        if not met and not (rule == OFFER and offered_on(measure, today)):
            open_contact_day(actor, measure, rows, today, rule)
    follow(actor, measure, at=at, rows=rows)


def offer_mitigation(
    actor: Actor, pk: UUID, *, kind: str, outcome: str, note: str = "", offered_at: datetime, key: UUID, at: datetime
) -> Mitigation:
    """Write down something offered or considered against the harm of isolation. The same `key` is once.

    Raises `Refused`, Http404. (obligations R7.1.2-k, -y)
    """
    require_role(actor, STAFF)
    measure = lock_measure(actor, pk)
    known = Mitigation.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    within(measure, offered_at, at, "offered")
    errors = {}
    if kind not in Mitigation.Kind.values:
        errors["kind"] = [_("Velg hva dere har tilbudt eller vurdert.")]
    if outcome not in Mitigation.Outcome.values:
        errors["outcome"] = [_("Velg hva det ble til.")]
    if outcome == Mitigation.Outcome.NOT_POSSIBLE and not note.strip():
        errors["note"] = [_("Skriv hvorfor det ikke lar seg gjøre.")]
    if errors:
        raise Refused("mitigation", _("Noe mangler før dette kan lagres."), errors)
    row = Mitigation(
        **about(actor, measure, at), kind=kind, outcome=outcome, note=note.strip(), offered_at=offered_at, key=key
    )
    row.save(force_insert=True)
    if measure.ended_at is None and offered_on(measure, clock.local_date(at)):
        rows = open_deadlines(measure)
        follow(actor, measure, at=at, rows=rows)
        meet_contact_day(actor, measure, rows, at, OFFER)
    return row


def offered_on(measure: Measure, day: date) -> bool:
    """Return whether more than two hours with others was offered on a date, whatever the answer was (rule N10)."""
    start, end = clock.local_day_bounds(day)
    rows = Mitigation.objects.filter(
        agency_id=measure.agency_id,
        measure=measure,
        kind=Mitigation.Kind.HOURS,
        offered_at__gte=start,
        offered_at__lt=end,
    )
    return rows.exclude(outcome=Mitigation.Outcome.NOT_POSSIBLE).exists()


def plan_span(measure: Measure, first_on: date) -> list[date]:
    """Return the dates a plan from `first_on` covers."""
    return [first_on + timedelta(days=n) for n in range(DAYS)]


def exempt_day(measure: Measure, day: date) -> bool:
    """Return whether the measure covers only part of a date: it began in the middle of it."""
    return clock.local_day_bounds(day)[0] < measure.effective_at


def faults_of(actor: Actor, measure: Measure, first_on: date, days: Mapping[date, PlannedDay]) -> list[PlanProblem]:
    """Return why a plan cannot be saved, by date. The first, partial date is exempt whatever it holds."""
    required = numbers_of(actor, measure.unit).contact
    found = plan_problems({day: planned.minutes for day, planned in days.items()}, first_on, DAYS, required)
    return [problem for problem in found if not exempt_day(measure, problem.day)]


def save_plan(
    actor: Actor, pk: UUID, *, first_on: date, days: Mapping[date, PlannedDay], way_out: str, key: UUID, at: datetime
) -> WeeklyPlan:
    """Save a version of the weekly plan and return it. Refused while any full day holds less than two hours of contact.

    `errors` are keyed `minutes_0` to `minutes_6` by day. The same `key` is once. Raises `Refused`, Http404. (R7.1.2-l, -m)
    """
    require_role(actor, PLANNERS)
    measure = lock_measure(actor, pk)
    known = WeeklyPlan.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    must_run(measure)
    if first_on < clock.local_date(measure.effective_at) or first_on > clock.local_date(at) + timedelta(days=DAYS):
        raise refused_at("first_on", _("Planen må starte mens tiltaket varer, og senest om en uke."))
    required = numbers_of(actor, measure.unit).contact.minutes
    faults = faults_of(actor, measure, first_on, days)
    if faults:
        errors = {f"minutes_{(fault.day - first_on).days}": [_fault(fault, required)] for fault in faults}
        raise Refused("plan", _("Planen må ha minst to timer kontakt med andre hver dag."), errors)
    empty = {
        f"activities_{(d - first_on).days}": [_("Skriv hva som er planlagt.")]
        for d, p in days.items()
        if p.minutes and not p.activities.strip()
    }
    if empty:
        raise Refused("plan", _("Skriv hva som er planlagt hver dag."), empty)
    way_out = said(way_out, "way_out", _("Skriv hva som skal til for at tiltaket kan avsluttes."))
    newest = newest_plan(measure)
    span = plan_span(measure, first_on)
    plan = WeeklyPlan(
        **about(actor, measure, at),
        number=(newest.number if newest else 0) + 1,
        first_on=span[0],
        last_on=span[-1],
        way_out=way_out,
        key=key,
    )
    plan.save(force_insert=True)
    for day in span:
        planned = days.get(day)
        if planned is not None and (planned.minutes or planned.activities.strip()):
            PlanDay(
                agency_id=actor.agency_id,
                person_id=measure.person_id,
                plan=plan,
                day=day,
                activities=planned.activities.strip(),
                minutes=planned.minutes,
            ).save(force_insert=True)
    _after_plan(actor, measure, plan, at)
    return plan


def _fault(fault: PlanProblem, required: int) -> str:
    day = formats.day(fault.day).capitalize()
    if fault.fault is PlanFault.MISSING_DAY:
        return _("%(day)s mangler. Planlegg minst %(minutes)s minutter.") % {"day": day, "minutes": required}
    return _("%(day)s har %(planned)s minutter. Planlegg minst %(minutes)s.") % {
        "day": day,
        "planned": fault.minutes,
        "minutes": required,
    }


def _after_plan(actor: Actor, measure: Measure, plan: WeeklyPlan, at: datetime) -> None:
    """The plan is made: its deadline turns to next week's, and each day's contact begins to count."""
    rows = open_deadlines(measure)
    # N06 is the same plan, as the 2026 act asks for it.
    close_deadlines(actor, ["D22", "D22F", "N06"], measure.pk, at=at)
    rows.pop("D22", None), rows.pop("D22F", None)
    next_due = next_plan_due(plan.last_on)
    # Every clock of the plan starts 72 hours before it is due, also the first; see the steps of D22.
    put(actor, measure, rows, "D22", starts_at=next_due - THRESHOLD, due_at=next_due)
    if CONTACT not in rows:
        open_contact_day(actor, measure, rows, max(plan.first_on, clock.local_date(at)))
    follow(actor, measure, at=at, rows=rows)
