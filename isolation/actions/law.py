"""The statutory limits of a measure: which hold, keeping their deadlines in step, what others have done, and the date of the 2026 act."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _

from coordination import clock
from coordination.deadlines import close_deadlines
from coordination.identity import Actor
from coordination.models import Deadline, Role
from coordination.refusals import Refused, refused_at, said
from coordination.worlds import World
from isolation.access import lock_measure, open_deadlines, require_role
from isolation.actions.common import Open, about, must_run, open_contact_day, put
from isolation.actions.facts import Order, order_errors
from isolation.deadlines import OFFER
from isolation.law.deadlines import TIMED
from isolation.letters import DECIDERS
from isolation.models import AuthorityStep, CourtOrder, ExtentChange, LawSwitch, Measure, MeasureKind, Reassessment
from isolation.rules.chains import Stretch
from isolation.rules.court import Penalty, maximum
from isolation.rules.kinds import Extent, Kind
from isolation.rules.law import ACT_2026, limits_for
from isolation.rules.limits import Act, Authority, Case, Counts, Due, Limit, Outcome, held

ACT = ACT_2026.code
#: What those above may decide so that the measure goes on.
GOES_ON = (Outcome.CONTINUE.value, Outcome.EXTEND.value, Outcome.CHANGE.value)


def act_date() -> date | None:
    """Return the day the 2026 act takes effect, as it is set now; None while it has no date. One query."""
    newest = LawSwitch.objects.filter(act=ACT).order_by("-set_at", "-id").first()
    return newest.takes_effect_on if newest else None


def act_dates() -> list[LawSwitch]:
    """Return every setting of the date, newest first."""
    return list(LawSwitch.objects.filter(act=ACT).order_by("-set_at", "-id"))


def require_setter(actor: Actor) -> None:
    """Raise Http404 for anybody but an administrator in the correctional service."""
    if actor.role is not Role.ADMINISTRATOR or actor.world is not World.CUSTODY:
        raise Http404


def set_act_date(actor: Actor, *, day: date | None, reason: str, at: datetime) -> None:
    """Set, move or take away (None) the day the 2026 act takes effect, for the whole installation. Kept with who and when.

    For administrators in the correctional service. Only a day to come, and not once the day has come: measures that began under it
    keep their rules. Raises `Refused`, Http404.
    """
    require_setter(actor)
    reason = said(reason, "reason", _("Skriv hva datoen bygger på, for eksempel ikraftsettingsvedtaket."))
    today, standing = clock.local_date(at), act_date()
    if standing is not None and standing <= today:
        raise Refused("in_force", _("Loven gjelder allerede. Datoen kan ikke endres."))
    if day is not None and day <= today:
        raise refused_at(
            "day", _("Velg en dato som kommer. Reglene kan ikke endres for tiltak som har startet."), code="past"
        )
    if day == standing:
        raise refused_at("day", _("Dette er det som gjelder allerede."), code="unchanged")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT base.set_law_date(%s, %s, %s, %s, %s)", [ACT, day, reason, actor.signature, actor.agency_name]
        )


# Which limits hold


def chain_of(measure: Measure) -> list[Measure]:
    """Return the measures of a chain, oldest first; this one among them as it is here, unsaved changes and all."""
    rows = Measure.objects.filter(agency_id=measure.agency_id, chain=measure.chain).order_by("effective_at", "id")
    return [measure if row.pk == measure.pk else row for row in rows]


def stretches(measure: Measure, chain: list[Measure], eased: dict[UUID, datetime]) -> Iterator[Stretch]:
    """Yield the stretches of a chain in which kind and extent were the same. `eased` is when a full exclusion became partial."""
    for row in chain:
        kind, own = Kind(row.kind), row.pk == measure.pk
        extent, change = Extent(row.extent) if row.extent else None, eased.get(row.pk)
        if change is not None:
            yield Stretch(kind, Extent.FULL, row.effective_at, change, own)
            yield Stretch(kind, Extent.PARTIAL, change, row.ended_at, own)
        else:
            yield Stretch(kind, extent, row.effective_at, row.ended_at, own)


def case_of(measure: Measure) -> Case:
    """Return a measure as the limits see it; five queries however long the chain is."""
    chain = chain_of(measure)
    keys = [row.pk for row in chain]
    own = {"agency_id": measure.agency_id}
    eased = {r.measure_id: r.changed_at for r in ExtentChange.objects.filter(**own, measure_id__in=keys)}
    steps = list(AuthorityStep.objects.filter(**own, chain=measure.chain).order_by("occurred_at", "id"))
    orders = (
        list(CourtOrder.objects.filter(**own, measure_id__in=keys).order_by("ends_at", "id"))
        if measure.kind == MeasureKind.COURT_ISOLATION
        else []
    )
    last = Reassessment.objects.filter(**own, measure=measure).order_by("-assessed_at").first()
    mine = [s for s in steps if s.measure_id == measure.pk]
    taken = [s for s in steps if s.outcome != AuthorityStep.Outcome.EXTEND]
    everywhere, here = Counter(s.rule for s in taken), Counter(s.rule for s in taken if s.measure_id == measure.pk)
    newest = orders[-1] if orders else None
    return Case(
        kind=Kind(measure.kind),
        extent=Extent(measure.extent) if measure.extent else None,
        grounds=frozenset(measure.grounds),
        birth_date=measure.person.birth_date,
        effective_at=measure.effective_at,
        renewed_at=last.assessed_at if last else measure.effective_at,
        stretches=tuple(stretches(measure, chain, eased)),
        done={code: (here if limit.counts is Counts.MEASURE else everywhere)[code] for code, limit in TIMED.items()},
        extended={s.rule: s.occurred_at for s in steps if s.outcome == AuthorityStep.Outcome.EXTEND},
        met_at={s.rule: s.occurred_at for s in mine},
        decided=tuple(s.occurred_at for s in mine if s.outcome in GOES_ON),
        order_ends_at=newest.ends_at if newest else None,
        order_maximum=maximum(Penalty(newest.penalty), weighty_reasons=bool(newest.weighty_reasons))
        if newest
        else None,
        planned=measure.plans.exists(),
    )


def held_by(measure: Measure, at: datetime) -> list[Due]:
    """Return the limits that hold for a measure, by the law in force when it began; for an ended one, as it was when it ended."""
    seen = min(at, measure.ended_at or at)
    return held(limits_for(measure.effective_at, act_date()), case_of(measure), seen)


def refresh(actor: Actor, measure: Measure, rows: Open, at: datetime) -> None:
    """Put the deadlines of the limits in step with a running measure: open, move, or let go what no longer holds."""
    found = held_by(measure, at)
    wanted = {d.limit.code: d for d in found if d.limit.code in TIMED and d.due_at is not None}
    gone = [code for code in rows if code in TIMED and code not in wanted]
    if gone:
        close_deadlines(
            actor, gone, measure.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Gjelder ikke lenger")
        )
        for code in gone:
            del rows[code]
    for code, due in wanted.items():
        assert due.due_at is not None
        put(actor, measure, rows, code, starts_at=min(due.starts_at, due.due_at), due_at=due.due_at)
    if OFFER not in rows and any(due.limit.code == OFFER for due in found):
        open_contact_day(actor, measure, rows, clock.local_date(at), OFFER)


# What others did


def record_step(
    actor: Actor,
    pk: UUID,
    *,
    limit: str,
    outcome: str,
    occurred_at: datetime,
    done_by: str,
    reference: str = "",
    note: str = "",
    key: UUID,
    at: datetime,
) -> AuthorityStep:
    """Record that somebody outside was told, got a report, or decided; the limit is met, or comes again. The same `key` is once.

    Also about an ended measure: what was sent late is still recorded. Raises `Refused`, Http404. (rules B01-B16, B18)
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    known = AuthorityStep.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    row = next((d.limit for d in held_by(measure, at) if d.limit.code == limit), None)
    if row is None or not row.outcomes:
        raise refused_at("limit", _("Velg hva dette gjelder."))
    errors = step_faults(occurred_at, done_by, measure.effective_at, at)
    if outcome not in {o.value for o in row.outcomes}:
        errors["outcome"] = [_("Velg hva som ble resultatet.")]
    if outcome in (Outcome.CHANGE.value, Outcome.END.value) and not note.strip():
        errors["note"] = [_("Skriv hva som ble bestemt.")]
    if errors:
        raise Refused("step", _("Dette kan ikke lagres ennå."), errors)
    step = AuthorityStep(
        **about(actor, measure, at),
        chain=measure.chain,
        rule=limit,
        authority=authority_of(row),
        outcome=outcome,
        occurred_at=occurred_at,
        done_by=done_by.strip(),
        reference=reference.strip(),
        note=note.strip(),
        key=key,
    )
    step.save(force_insert=True)
    if measure.ended_at is None:
        rows = open_deadlines(measure)
        if row.act is not Act.MAXIMUM:
            close_deadlines(actor, [limit], measure.pk, at=at)
            rows.pop(limit, None)
        refresh(actor, measure, rows, at)
    return step


def step_faults(occurred_at: datetime, done_by: str, begun_at: datetime, at: datetime) -> dict[str, list[str]]:
    """Return what is wrong with when, and by whom, somebody outside was told or decided, by field."""
    faults: dict[str, list[str]] = {}
    if occurred_at > at:
        faults["occurred"] = [_("Tidspunktet har ikke vært ennå. Skriv når det skjedde.")]
    elif occurred_at < begun_at:
        faults["occurred"] = [_("Tidspunktet er før tiltaket startet.")]
    if not done_by.strip():
        faults["done_by"] = [_("Skriv hvem som meldte eller avgjorde.")]
    return faults


def authority_of(limit: Limit) -> str:
    """Return who a limit is for, as it is recorded."""
    return AuthorityStep.To.GUARDIAN if limit.to is Authority.GUARDIAN else AuthorityStep.To(limit.to.value)


def must_end(measure: Measure, steps: Iterable[AuthorityStep]) -> AuthorityStep | None:
    """Return the last decision of somebody above, among `steps`, that a running measure must end, or None."""
    if measure.ended_at is not None:
        return None
    ends = (s for s in steps if s.measure_id == measure.pk and s.outcome == AuthorityStep.Outcome.END)
    return max(ends, key=lambda step: step.occurred_at, default=None)


# The court


def open_order(
    actor: Actor, measure: Measure, order: Order, *, starts_at: datetime, key: UUID, at: datetime
) -> CourtOrder:
    """Write down what the court ordered; the caller has checked it."""
    row = CourtOrder(
        **about(actor, measure, at),
        court=order.court.strip(),
        reference=order.reference.strip(),
        starts_at=starts_at,
        ends_at=order.ends_at,
        penalty=order.penalty,
        retest_pointless=order.retest_pointless,
        weighty_reasons=order.weighty_reasons.strip(),
        key=key,
    )
    row.save(force_insert=True)
    return row


def register_order(actor: Actor, pk: UUID, *, order: Order, key: UUID, at: datetime) -> CourtOrder:
    """Register that the court has extended: the end moves, and the alert 48 hours before it. The same `key` is once.

    Raises `Refused`, Http404. (rule B15)
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    known = CourtOrder.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if measure.kind != MeasureKind.COURT_ISOLATION:
        raise Http404
    must_run(measure)
    standing = CourtOrder.objects.filter(agency_id=measure.agency_id, measure=measure).order_by("-ends_at")[0]
    if clock.is_minor(measure.person.birth_date, at):
        raise Refused("minor", _("Loven tillater ikke dette tiltaket for personer under 18 år."))
    # Two weeks at a time are counted from where the last order ends, not from when somebody got around to writing this.
    starts_at = standing.ends_at
    errors = order_errors(order, measure.effective_at, starts_at)
    if order.ends_at <= standing.ends_at:
        errors["ends"] = [_("Kjennelsen må vare lenger enn den som gjelder.")]
    if errors:
        raise Refused("order", _("Kjennelsen kan ikke lagres ennå."), errors)
    row = open_order(actor, measure, order, starts_at=starts_at, key=key, at=at)
    refresh(actor, measure, open_deadlines(measure), at)
    return row


def total(measure: Measure, chain: list[Measure], at: datetime) -> timedelta:
    """Return how long a chain has lasted, breaks not counted."""
    spans = clock.merged((row.effective_at, min(row.ended_at or at, at)) for row in chain if row.effective_at < at)
    return sum((clock.elapsed(begin, end) for begin, end in spans), timedelta())
