"""Deciding on a measure, judging its length again, and ending it. A measure without a notice to the doctor cannot be saved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consent.actions import send_letter
from coordination import clock
from coordination.deadlines import close_deadlines
from coordination.identity import Actor
from coordination.models import Deadline, Person
from coordination.people.access import lock_person, must_have_health_service
from coordination.refusals import Refused, refused_at, said
from isolation.access import Looks, lock_measure, open_deadlines, require_role, running_for
from isolation.actions import law, proposals
from isolation.actions.beside import decided
from isolation.actions.common import (
    Open,
    about,
    first_review_day,
    follow,
    letter_identity,
    must_run,
    must_stay,
    open_review_day,
    put,
    signed,
    tell_on,
    within,
)
from isolation.actions.facts import MOST_HOURS, Decision, Order, checked
from isolation.actions.requests import request_health_check
from isolation.letters import (
    COERCIVE_BASIS,
    COERCIVE_NOTICE,
    DECIDERS,
    EXCLUSION_BASIS,
    EXCLUSION_NOTICE,
    MEASURE_ENDED,
)
from isolation.models import (
    ContinuousWatch,
    EndReason,
    ExtentChange,
    Forecast,
    HealthCheckRequest,
    Measure,
    WatchOrder,
)
from isolation.models.measures import Extent, Vulnerability
from isolation.rules.chains import BREAK, continues
from isolation.rules.duties import duties
from isolation.rules.kinds import Extent as RuleExtent
from isolation.rules.kinds import Kind
from isolation.rules.plan import plan_due
from isolation.rules.reassessment import reassessment_due
from isolation.rules.states import Move, NoSuchMove, State, moved, state_of

__all__ = ["Decision", "Order", "close", "decide", "ease", "end", "end_with_stay", "judge_length"]


def state(measure: Measure) -> State:
    """Return the state of a measure."""
    extent = RuleExtent(measure.extent) if measure.extent else None
    return state_of(extent, ended=measure.ended_at is not None, closed=measure.closed_at is not None)


def may(measure: Measure, move: Move) -> bool:
    """Return whether the state of a measure leads to a move."""
    try:
        moved(state(measure), move, Kind(measure.kind))
    except NoSuchMove:
        return False
    return True


def decide(
    actor: Actor,
    person_id: UUID,
    *,
    facts: Decision,
    key: UUID,
    replaces: UUID | None = None,
    order: Order | None = None,
    proposal: UUID | None = None,
    at: datetime,
) -> Measure:
    """Decide on a measure, tell the doctor in the same step, open its deadlines, and return it. The same `key` again returns the same.

    `replaces` is the running measure this one takes over from; it ends in the instant the new one takes effect, and both are of one
    chain, as is one that ended less than 24 hours before. `order` goes with court isolation. `proposal` is what it answers.
    Raises `Refused`, `Undelivered`, Http404. (obligations R7.1.1-e, R7.1.2-a, -b, -c, -e, -n, -o, -q)
    """
    require_role(actor, DECIDERS)
    person = lock_person(actor, person_id)
    assert isinstance(person, Person)
    # Asked after the lock: the second of two presses waits for the first and then finds it.
    known = Measure.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    stay = must_stay(actor, person_id)
    if facts.effective_at < stay.admitted_at:
        raise refused_at("effective", _("Tidspunktet er før personen kom til fengselet."), code="before_stay")
    facts = checked(facts, person, at, law.act_date(), order)
    previous = running_for(actor, person_id)
    if (previous.pk if previous else None) != replaces:
        raise Refused("running", _("Det er nå registrert et annet tiltak enn da du åpnet siden. Åpne siden på nytt."))
    if previous is not None:
        previous.person = person
        if facts.effective_at < previous.effective_at:
            raise refused_at(
                "effective", _("Tidspunktet er før tiltaket som avløses, startet."), code="before_previous"
            )
        close_measure(actor, previous, ended_at=facts.effective_at, reason=EndReason.REPLACED, note="", at=at)
    measure = Measure(
        **signed(actor, at),
        **vars(facts),
        person=person,
        unit_id=person.unit_id,
        cell=person.cell,
        forecast_at=at,
        decided_at=facts.effective_at,
        replaces=previous.pk if previous else None,
        key=key,
    )
    measure.chain = _chain(measure, previous)
    measure.notice_letter = _tell_doctor(actor, measure, at)
    measure.save(force_insert=True)
    if measure.force_used:
        request_health_check(
            actor,
            measure.person,
            reason=HealthCheckRequest.Reason.FORCE,
            note=measure.force_note,
            measure=measure,
            key=key,
            at=at,
        )
    if order is not None and measure.kind == Kind.COURT_ISOLATION.value:
        law.open_order(actor, measure, order, starts_at=measure.effective_at, key=key, at=at)
    proposals.decided(actor, person, measure, proposal, at=at)
    _open_clocks(actor, measure, at)
    decided(actor, measure, person, at=at)
    return measure


def _chain(measure: Measure, previous: Measure | None) -> UUID:
    """Return the chain a new measure belongs to: that of the one it takes over from or follows within 24 hours, or its own."""
    if previous is not None:
        return previous.chain
    last = (
        Measure.objects.filter(
            agency_id=measure.agency_id, person=measure.person, ended_at__gt=measure.effective_at - BREAK
        )
        .order_by("-ended_at")
        .first()
    )
    if last is not None and last.ended_at is not None and continues(last.ended_at, measure.effective_at):
        return last.chain
    return measure.pk


def _tell_doctor(actor: Actor, measure: Measure, at: datetime, *, again: bool = False) -> UUID:
    """Send the doctor's notice and return its letter. Raises `Undelivered`: then there is no measure either.

    `again`: what was told has changed, and the new notice follows the first in its thread.
    """
    minor = clock.is_minor(measure.person.birth_date, measure.effective_at)
    body: dict[str, Any] = {
        **letter_identity(measure),
        "cell": measure.cell,
        "unit": measure.unit.name,
        "kind": measure.kind,
        "extent": measure.extent,
        "grounds": measure.grounds,
        "effective_at": instant(measure.effective_at),
        "hours_out": float(measure.hours_out_per_day),
        "force_used": measure.force_used,
        "illness": measure.signs_of_illness,
        "minor": minor,
        "circumstances": _circumstances(measure),
    }
    if measure.expected_hours is not None:
        body["expected_hours"] = measure.expected_hours
    if not measure.is_coercive:
        return send_letter(
            actor,
            EXCLUSION_NOTICE.code,
            to=must_have_health_service(actor).pk,
            person=measure.person,
            body=body,
            basis=EXCLUSION_BASIS,
            in_reply_to=measure.notice_letter if again else None,
        )
    body |= {"means": measure.kind, "statement_asked_before": measure.statement == Measure.Statement.OBTAINED}
    return send_letter(
        actor,
        COERCIVE_NOTICE.code,
        to=must_have_health_service(actor).pk,
        person=measure.person,
        body=body,
        basis=COERCIVE_BASIS,
    )


def _circumstances(measure: Measure) -> str:
    """Return what may matter for the health, the most pressing first (obligations R7.1.2-c, -d)."""
    parts = []
    if measure.signs_of_illness:
        parts.append(
            _("Noe tyder på at den innsatte er syk eller trenger legehjelp. Vi ber dere se til den innsatte snarest.")
        )
    if measure.is_coercive and measure.statement == Measure.Statement.NOT_OBTAINED:
        parts.append(
            _("Legen uttalte seg ikke på forhånd. Vi ber om råd om videre oppfølging. Hvorfor: %(why)s")
            % {"why": measure.statement_text}
        )
    parts += [str(Vulnerability(code).label) + "." for code in measure.vulnerabilities]
    if measure.notice_reason:
        parts.append(_("Hvorfor varselet kommer sent: %(why)s") % {"why": measure.notice_reason})
    return "\n".join([*parts, measure.circumstances]).strip()


def instant(at: datetime) -> str:
    """Return an instant as letters carry it: ISO 8601 in UTC."""
    return clock.in_utc(at).isoformat(timespec="seconds").replace("+00:00", "Z")


def duties_of(measure: Measure, at: datetime) -> frozenset[str]:
    """Return the rules of the register that hold for a measure now."""
    return duties(
        Kind(measure.kind),
        RuleExtent(measure.extent) if measure.extent else None,
        minor=clock.is_minor(measure.person.birth_date, at),
        hours_out_of_cell_per_day=float(measure.hours_out_per_day),
        force_used=measure.force_used,
    )


def _open_clocks(actor: Actor, measure: Measure, at: datetime) -> None:
    """Open the deadlines that follow from the kind: looking, plan, reassessment, the warden's day."""
    rows: Open = {}
    held = duties_of(measure, at)
    if "D22" in held:
        _plan_clocks(actor, measure, rows)
    if "D27" in held:
        put(
            actor,
            measure,
            rows,
            "D27",
            starts_at=measure.effective_at,
            due_at=reassessment_due(Kind(measure.kind), measure.effective_at),
        )
    if "D28" in held:
        open_review_day(actor, measure, rows, max(first_review_day(measure), clock.local_date(at)))
    law.refresh(actor, measure, rows, at)
    follow(actor, measure, at=at, looks=Looks(None, (), ()), rows=rows)


def _plan_clocks(actor: Actor, measure: Measure, rows: Open) -> None:
    """Open or move D22, and D22F where the length must be judged again at 48 hours."""
    plan = plan_due(measure.effective_at, measure.expected_hours, measure.forecast_at)
    put(actor, measure, rows, "D22", starts_at=measure.effective_at, due_at=plan.due_at or plan.must_exist_at)
    if plan.reask_at is not None and measure.forecast_at < plan.reask_at:
        put(actor, measure, rows, "D22F", starts_at=measure.effective_at, due_at=plan.reask_at)


def judge_length(actor: Actor, pk: UUID, *, expected_hours: int | None, reason: str, at: datetime) -> Measure:
    """Judge again how long an exclusion will last, counted from its start, and move the plan's deadline. Raises `Refused`."""
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    must_run(measure)
    reason = said(reason, "reason", _("Skriv hva vurderingen bygger på."))
    if expected_hours is not None and not 0 < expected_hours <= MOST_HOURS:
        raise refused_at("expected_hours", _("Skriv antall timer, for eksempel 48."), code="hours")
    Forecast(**about(actor, measure, at), expected_hours=expected_hours, reason=reason).save(force_insert=True)
    measure.expected_hours, measure.forecast_at = expected_hours, at
    measure.save_changes(["expected_hours", "forecast_at"])
    rows = open_deadlines(measure)
    close_deadlines(actor, ["D22F"], measure.pk, at=at)
    rows.pop("D22F", None)
    if "D22" in duties_of(measure, at) and not measure.plans.exists():
        _plan_clocks(actor, measure, rows)
    follow(actor, measure, at=at, rows=rows)
    return measure


def end(actor: Actor, pk: UUID, *, ended_at: datetime, reason: str, note: str, at: datetime) -> Measure:
    """End a measure, tell the health service in the same exchange, and close its deadlines. Ending twice changes nothing.

    Raises `Refused`, `Undelivered`, Http404.
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    if measure.ended_at is not None:
        return measure
    if reason not in EndReason.values or reason == EndReason.REPLACED:
        raise refused_at("reason", _("Velg hvorfor tiltaket avsluttes."))
    within(measure, ended_at, at, "ended")
    close_measure(
        actor,
        measure,
        ended_at=ended_at,
        reason=reason,
        note=said(note, "note", _("Skriv hva som er grunnen til at tiltaket avsluttes.")),
        at=at,
    )
    return measure


def ease(actor: Actor, measure: Measure, *, reason: str, at: datetime) -> None:
    """Make a full exclusion partial, tell the doctor, and let other limits take over; the caller holds the person and has the reason.

    There is no way back: more than this needs a new decision. Kinds that cannot be eased stay as they are.
    """
    if measure.extent != Extent.FULL or not may(measure, Move.EASE):
        return
    change = ExtentChange(
        **about(actor, measure, at), before=Extent.FULL, after=Extent.PARTIAL, changed_at=at, reason=reason
    )
    change.save(force_insert=True)
    measure.extent = Extent.PARTIAL
    measure.save_changes(["extent"])
    _tell_doctor(actor, measure, at, again=True)


def close(actor: Actor, pk: UUID, *, note: str, unsettled: bool, at: datetime) -> Measure:
    """Close the protocol of a measure that has ended; nothing about it is changed after that but late entries. Twice changes nothing.

    `unsettled`: something that should be in the protocol is not; then `note` must say why. Raises `Refused`, Http404.
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    if measure.closed_at is not None:
        return measure
    if not may(measure, Move.CLOSE):
        raise Refused("running", _("Tiltaket pågår. Avslutt det før du lukker protokollen."))
    if unsettled:
        note = said(note, "note", _("Skriv hvorfor protokollen lukkes selv om noe mangler."))
    measure.closed_at, measure.closed_by_name, measure.close_note = at, actor.signature, note.strip()
    measure.save_changes(["closed_at", "closed_by_name", "close_note"])
    return measure


def end_with_stay(actor: Actor, person: Person, *, ended_at: datetime, at: datetime) -> None:
    """End the running measure of somebody who leaves the prison."""
    locked = lock_person(actor, person.pk)
    proposals.fall_away(actor, person, at=at)
    measure = running_for(actor, person.pk)
    if measure is not None:
        measure.person = locked  # type: ignore[assignment]
        close_measure(
            actor, measure, ended_at=max(ended_at, measure.effective_at), reason=EndReason.LEFT, note="", at=at
        )


def close_measure(actor: Actor, measure: Measure, *, ended_at: datetime, reason: str, note: str, at: datetime) -> None:
    """Write the end, tell health, and let what was still to be done fall away."""
    measure.ended_at, measure.end_reason, measure.end_note, measure.ended_by_name = (
        ended_at,
        reason,
        note,
        actor.signature,
    )
    measure.save_changes(["ended_at", "end_reason", "end_note", "ended_by_name"])
    own = {"agency_id": measure.agency_id, "measure": measure, "ended_at": None}
    # A watch or an order that began after the end that was typed lasted no time at all; everything else stops with the measure.
    for watch in ContinuousWatch.objects.filter(**own):
        watch.ended_at = max(watch.started_at, ended_at)
        watch.save_changes(["ended_at"])
    for order in WatchOrder.objects.filter(**own):
        order.ended_at, order.ended_by_name = max(order.started_at, ended_at), actor.signature
        order.save_changes(["ended_at", "ended_by_name"])
    close_deadlines(
        actor, None, measure.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Tiltaket er avsluttet")
    )
    body = {
        **letter_identity(measure),
        "kind": measure.kind,
        "ended_at": instant(ended_at),
        "note": str(EndReason(reason).label),
    }
    tell_on(actor, measure, MEASURE_ENDED.code, body)
