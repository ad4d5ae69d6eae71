"""Writing down that somebody was seen, taking a slip back by a correction, and continuous watch by a named observer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from coordination import clock
from coordination.identity import Actor
from coordination.people.access import one_or_404
from coordination.refusals import Refused, refused_at, said
from isolation.access import Looks, lock_measure, looks_of, numbers_of, require_role
from isolation.actions.common import about, follow, must_run, within
from isolation.letters import DECIDERS, STAFF
from isolation.models import Check, CheckCorrection, ContinuousWatch, Measure, WatchNote, WatchOrder
from isolation.rules.kinds import Kind
from isolation.rules.next_look import NextLook
from isolation.rules.regimes import interval_problem

#: How long whoever wrote a check may take it back. Later, what was wrong is told in the next note.
UNDO_WITHIN = timedelta(minutes=10)

#: How long a check made without network may wait on the device: a shift.
KEPT_ON_DEVICE = timedelta(hours=12)


@dataclass(frozen=True)
class Logged:
    """A check as it stands, what comes next, and whether this call wrote it (a second press does not)."""

    check: Check
    next: NextLook | None
    new: bool


def log_check(
    actor: Actor,
    pk: UUID,
    *,
    state: str,
    key: UUID,
    occurred_at: datetime | None = None,
    note: str = "",
    alerted: list[str] | None = None,
    observer: str = "",
    on_device: bool = False,
    at: datetime,
) -> Logged:
    """Write down a check and move the rolling deadline. `occurred_at` None is now. The same `key` again returns the same check.

    `on_device` says that it was made without network and kept on the device until now: at most a shift, `KEPT_ON_DEVICE`.

    A measure that has ended takes late entries about the time it lasted. Raises `Refused`, Http404.
    (obligations R7.1.2-h, -r, -t)
    """
    require_role(actor, STAFF)
    measure = lock_measure(actor, pk)
    known = Check.objects.filter(agency_id=actor.agency_id, key=key, measure=measure).first()
    if known is not None:
        return Logged(known, None, new=False)
    occurred_at = at if occurred_at is None else occurred_at
    if state not in Check.State.values:
        raise refused_at("state", _("Velg hva du ser."))
    within(measure, occurred_at, at, "occurred")
    if on_device and clock.elapsed(occurred_at, at) > KEPT_ON_DEVICE:
        raise Refused("too_old", _("Tilsynet er mer enn tolv timer gammelt. Skriv det inn på nytt med klokkeslett."))
    alerted, note = alerted or [], note.strip()
    if state in Check.WORRYING:
        errors = {}
        if not note:
            errors["note"] = [_("Skriv hva du ser.")]
        if not alerted or set(alerted) - set(Check.Alerted.values):
            errors["alerted"] = [_("Velg hvem som er varslet.")]
        if errors:
            raise Refused("worry", _("Skriv hva du ser, og hvem som er varslet."), errors)
    check = Check(
        **about(actor, measure, at),
        occurred_at=occurred_at,
        state=state,
        note=note,
        alerted=alerted if state in Check.WORRYING else [],
        observer_name=observer.strip() or actor.signature,
        on_device=on_device,
        key=key,
    )
    check.save(force_insert=True)
    if measure.ended_at is not None:
        return Logged(check, None, new=True)
    looks = looks_of(measure, last_check_at=occurred_at if occurred_at == at else None)
    return Logged(check, follow(actor, measure, at=at, looks=looks), new=True)


def undo_check(actor: Actor, pk: UUID, *, reason: str = "", at: datetime) -> Measure:
    """Take back one's own check within ten minutes, by a correction that stands beside it. Twice changes nothing.

    Raises `Refused`, Http404.
    """
    require_role(actor, STAFF)
    check = one_or_404(Check.objects.filter(agency_id=actor.agency_id, pk=pk))
    measure = lock_measure(actor, check.measure_id)
    if CheckCorrection.objects.filter(agency_id=actor.agency_id, corrects=check).exists():
        return measure
    if check.by_id != actor.membership_id:
        raise Refused("not_yours", _("Bare den som skrev tilsynet, kan angre det."))
    if clock.elapsed(check.recorded_at, at) > UNDO_WITHIN:
        raise Refused(
            "too_late",
            _("Tilsynet er eldre enn ti minutter og kan ikke angres. Skriv heller en merknad ved neste tilsyn."),
        )
    CheckCorrection(**about(actor, measure, at), corrects=check, reason=reason.strip() or _("Angret med en gang")).save(
        force_insert=True
    )
    if measure.ended_at is None:
        follow(actor, measure, at=at)
    return measure


def take_watch(actor: Actor, pk: UUID, *, observer: str, key: UUID, at: datetime) -> ContinuousWatch:
    """Begin watching, or take the watch over: the one who watched until now stops in the same instant. The same `key` is once.

    Raises `Refused`, Http404. (obligations R7.1.2-i, -u, -v)
    """
    require_role(actor, STAFF)
    measure = lock_measure(actor, pk)
    known = ContinuousWatch.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    must_run(measure)
    observer = said(observer, "observer", _("Skriv hvem som observerer."))
    _stop(measure, at)
    watch = ContinuousWatch(**about(actor, measure, at), observer_name=observer, started_at=at, key=key)
    watch.save(force_insert=True)
    follow(actor, measure, at=at)
    return watch


def leave_watch(actor: Actor, pk: UUID, *, at: datetime) -> Measure:
    """Stop watching with nobody to take over. Where watch is a duty the gap begins now. Raises `Refused`, Http404."""
    require_role(actor, STAFF)
    measure = lock_measure(actor, pk)
    must_run(measure)
    _stop(measure, at)
    follow(actor, measure, at=at)
    return measure


def _stop(measure: Measure, at: datetime) -> None:
    for watch in ContinuousWatch.objects.filter(agency_id=measure.agency_id, measure=measure, ended_at=None):
        watch.ended_at = at
        watch.save_changes(["ended_at"])


def note_watch(actor: Actor, pk: UUID, *, text: str, key: UUID, at: datetime) -> WatchNote:
    """Write what the observer sees now. The same `key` again returns the same note. Raises `Refused`, Http404."""
    require_role(actor, STAFF)
    measure = lock_measure(actor, pk)
    known = WatchNote.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    must_run(measure)
    watch = looks_of(measure).open_watch
    if watch is None:
        raise Refused("nobody", _("Ingen observerer nå. Start observasjonen først."))
    note = WatchNote(
        **about(actor, measure, at), watch=watch, noted_at=at, text=said(text, "text", _("Skriv hva du ser.")), key=key
    )
    note.save(force_insert=True)
    follow(actor, measure, at=at)
    return note


def order_watch(actor: Actor, pk: UUID, *, reason: str, at: datetime) -> WatchOrder:
    """Decide on continuous watch because the situation calls for it; it holds until lifted. Raises `Refused`, Http404. (R7.1.2-t)"""
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    must_run(measure)
    standing = looks_of(measure).open_order
    if standing is not None:
        return standing
    order = WatchOrder(
        **about(actor, measure, at),
        reason=said(reason, "reason", _("Skriv hvorfor det trengs kontinuerlig tilsyn.")),
        started_at=at,
    )
    order.save(force_insert=True)
    follow(actor, measure, at=at)
    return order


def lift_watch(actor: Actor, pk: UUID, *, at: datetime) -> Measure:
    """Lift the order; what the law asks for by itself goes on. Raises `Refused`, Http404."""
    return _lift_one(actor, pk, lambda looks: looks.open_order, at)


def order_interval(actor: Actor, pk: UUID, *, minutes: int, reason: str, at: datetime) -> WatchOrder:
    """Decide that this one person is seen at least so often; it takes over from an order that stands. Never milder than the rule.

    Raises `Refused`, Http404. (obligations R7.1.2-j, -t)
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    must_run(measure)
    reason = said(reason, "reason", _("Skriv hvorfor det trengs hyppigere tilsyn."))
    try:
        longest = interval_problem(minutes, Kind(measure.kind), numbers_of(actor, measure.unit).checks)
    except ValueError:
        raise refused_at(
            "minutes",
            _("Minst fem minutter mellom tilsyn. Trengs det oftere, beslutt kontinuerlig tilsyn."),
            code="interval",
        ) from None
    if longest is not None:
        message = _("Skriv færre enn %(longest)s minutter: en beslutning kan bare gi hyppigere tilsyn enn kravet.") % {
            "longest": longest
        }
        raise refused_at("minutes", message, code="interval")
    standing = looks_of(measure).open_interval
    if standing is not None:
        if standing.interval_minutes == minutes:
            return standing
        _lift(actor, standing, at)
    order = WatchOrder(**about(actor, measure, at), reason=reason, interval_minutes=minutes, started_at=at)
    order.save(force_insert=True)
    follow(actor, measure, at=at)
    return order


def lift_interval(actor: Actor, pk: UUID, *, at: datetime) -> Measure:
    """Lift the order of more frequent checks; the rule's own interval holds from now. Raises `Refused`, Http404."""
    return _lift_one(actor, pk, lambda looks: looks.open_interval, at)


def _lift_one(actor: Actor, pk: UUID, which: Callable[[Looks], WatchOrder | None], at: datetime) -> Measure:
    """Lift the order that stands, if one does."""
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    must_run(measure)
    order = which(looks_of(measure))
    if order is not None:
        _lift(actor, order, at)
        follow(actor, measure, at=at)
    return measure


def _lift(actor: Actor, order: WatchOrder, at: datetime) -> None:
    order.ended_at, order.ended_by_name = at, actor.signature
    order.save_changes(["ended_at", "ended_by_name"])
