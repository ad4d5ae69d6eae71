"""Isolation without a decision: seen, considered, followed with talks and a plan, ended. The health service is told when it is followed."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from consent.actions import send_letter
from consent.letters import identity_of
from coordination import clock
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import Deadline, Person
from coordination.people.access import lock_person, must_have_health_service
from coordination.refusals import Refused, refused_at, said
from isolation.access import PLANNERS, lock_informal, newest_activity_plan, open_informal, require_role, running_for
from isolation.actions.common import must_stay
from isolation.actions.informal_reports import is_registered, open_reports
from isolation.letters import DECIDERS, GENERAL_BASIS, ILLNESS_BASIS, LOCK_IN_NOTICE, STAFF
from isolation.models import ActivityPlan, InformalIsolation, Motivation, SupervisionConsideration
from isolation.rules.informal import CONSIDER_WITHIN, Move, State, may_flag_again, moved, next_talk_due

CONSIDER, TALK = "D32C", "D27b"


def register(
    actor: Actor,
    person_id: UUID,
    *,
    kind: str,
    since_on: date,
    hours_out: Decimal,
    description: str,
    key: UUID,
    at: datetime,
) -> InformalIsolation:
    """Register that somebody stays away from others by own choice, or is in fact locked in. The same `key` is once.

    Raises `Refused`, Http404. (obligations R7.1.1-b, -d)
    """
    require_role(actor, STAFF)
    person = lock_person(actor, person_id)
    assert isinstance(person, Person)
    known = InformalIsolation.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    stay = must_stay(actor, person_id)
    if kind not in InformalIsolation.Kind.values:
        raise refused_at("kind", _("Velg hva det gjelder."))
    if not clock.local_date(stay.admitted_at) <= since_on <= clock.local_date(at):
        raise refused_at("since_on", _("Skriv en dato mellom innsettelsen og i dag."), code="since")
    if not 0 <= hours_out <= 24:
        raise refused_at("hours_out", _("Skriv et tall fra 0 til 24."), code="hours")
    if running_for(actor, person_id) is not None:
        raise Refused("measure", _("Personen er isolert etter vedtak. Da følges det opp der."))
    if open_informal(actor, person_id) is not None:
        raise Refused("open", _("Dette er allerede registrert om personen."))
    description = said(description, "description", _("Skriv hva dere ser."))
    return _open(
        actor, person, kind=kind, source=InformalIsolation.Source.STAFF, since_on=since_on, hours_out=hours_out,
        description=description, key=key, at=at,
    )  # fmt: skip


def flag_de_facto(
    actor: Actor, person: Person, *, since_on: date, minutes: int, at: datetime
) -> InformalIsolation | None:
    """Flag, for the system, that somebody without a decision was out of the cell too little; None where that is known or was just dismissed.

    The caller holds the person and knows that no measure runs. (obligation R7.1.1-d)
    """
    known = open_informal(actor, person.pk)
    hours = Decimal(minutes) / 60
    if known is not None:
        known.hours_out = round(hours, 2)
        known.save_changes(["hours_out"])
        return None
    own = InformalIsolation.objects.filter(agency_id=actor.agency_id, person=person)
    dismissed = own.filter(state=InformalIsolation.State.DISMISSED).order_by("-state_at").first()
    if not may_flag_again(dismissed.state_at if dismissed else None, at):
        return None
    return _open(
        actor, person, kind=InformalIsolation.Kind.DE_FACTO, source=InformalIsolation.Source.SYSTEM, since_on=since_on,
        hours_out=round(hours, 2), description="", key=None, at=at,
    )  # fmt: skip


def _open(
    actor: Actor,
    person: Person,
    *,
    kind: str,
    source: str,
    since_on: date,
    hours_out: Decimal,
    description: str,
    key: UUID | None,
    at: datetime,
) -> InformalIsolation:
    row = InformalIsolation(
        **signed(actor, at),
        person=person,
        unit_id=person.unit_id,
        kind=kind,
        source=source,
        since_on=since_on,
        flagged_at=at,
        hours_out=hours_out,
        description=description,
        state_at=at,
    )
    row.key = key or row.pk  # the system flags once per row
    row.save(force_insert=True)
    _deadline(actor, row, CONSIDER, at, clock.after(at, CONSIDER_WITHIN))
    if kind == InformalIsolation.Kind.SELF_ISOLATION:
        _deadline(actor, row, TALK, at, next_talk_due(at, []))
    open_reports(actor, row, at)
    return row


def _deadline(actor: Actor, row: InformalIsolation, rule: str, starts_at: datetime, due_at: datetime) -> None:
    open_deadline(
        actor,
        rule,
        person=row.person,
        subject_kind="informal_isolation",
        subject_id=row.pk,
        starts_at=starts_at,
        due_at=due_at,
    )


def _move(row: InformalIsolation, move: Move, at: datetime) -> None:
    after = moved(State(row.state), move)
    if after is None:
        raise Refused("state", _("Dette er allerede avsluttet eller vurdert."))
    row.state, row.state_at = after.value, at


def consider(
    actor: Actor,
    pk: UUID,
    *,
    supervision: bool,
    reason: str,
    signs_of_illness: bool = False,
    wish: bool = False,
    key: UUID,
    at: datetime,
) -> SupervisionConsideration:
    """Record whether the person needs supervision and follow-up, and why. With yes the health service is told at once.

    With no nothing about the person is sent: nobody is told more than the task needs. An abstention that the 2026 act has registered
    goes on all the same. The same `key` is once. Raises `Refused`, `Undelivered`, Http404. (obligation R7.1.1-d)
    """
    require_role(actor, DECIDERS)
    row = lock_informal(actor, pk)
    known = SupervisionConsideration.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    reason = said(reason, "reason", _("Skriv hvorfor."))
    told = row.state == State.FOLLOWED
    stays = not supervision and is_registered(row)
    _move(row, Move.CONSIDER_YES if supervision else Move.STAYS if stays else Move.CONSIDER_NO, at)
    row.save_changes(["state", "state_at"])
    letter_id = None
    if supervision and told:
        last = row.considerations.exclude(letter_id=None).order_by("-considered_at").first()
        letter_id = last.letter_id if last else None
    if supervision and letter_id is None:
        letter_id = _tell_health(actor, row, reason, signs_of_illness=signs_of_illness, wish=wish)
    consideration = SupervisionConsideration(
        **signed(actor, at),
        person_id=row.person_id,
        informal=row,
        supervision=supervision,
        reason=reason,
        considered_at=at,
        letter_id=letter_id,
        key=key,
    )
    consideration.save(force_insert=True)
    close_deadlines(actor, [CONSIDER] if supervision or stays else [CONSIDER, TALK], row.pk, at=at)
    return consideration


def _tell_health(actor: Actor, row: InformalIsolation, reason: str, *, signs_of_illness: bool, wish: bool) -> UUID:
    body = {
        **identity_of(row.person),
        "unit": row.unit.name,
        "kind": row.kind,
        "since": row.since_on.isoformat(),
        "hours_out": float(row.hours_out),
        "wish": wish,
        "note": "\n".join(filter(None, [row.description, reason])),
    }
    return send_letter(
        actor,
        LOCK_IN_NOTICE.code,
        to=must_have_health_service(actor).pk,
        person=row.person,
        body=body,
        basis=ILLNESS_BASIS if signs_of_illness else GENERAL_BASIS,
        necessity=""
        if signs_of_illness
        else _("Helsetjenesten må vite hvem som er innelåst store deler av døgnet for å kunne vurdere oppfølging."),
    )


def talk(
    actor: Actor, pk: UUID, *, kind: str, answer: str, note: str, done_at: datetime, key: UUID, at: datetime
) -> Motivation:
    """Write down that staff motivated or informed the person; the next talk is put in the calendar. The same `key` is once.

    Raises `Refused`, Http404. (obligations R7.1.1-b, -c)
    """
    require_role(actor, STAFF)
    row = lock_informal(actor, pk)
    known = Motivation.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if not row.is_open:
        raise Refused("ended", _("Dette er avsluttet."))
    if done_at > at:
        raise refused_at("done", _("Tidspunktet har ikke vært ennå. Skriv når det skjedde."), code="future")
    errors = {}
    if kind not in Motivation.Kind.values:
        errors["kind"] = [_("Velg hva dere gjorde.")]
    if answer not in Motivation.Answer.values:
        errors["answer"] = [_("Velg hva den innsatte svarte.")]
    if errors:
        raise Refused("talk", _("Noe mangler før samtalen kan lagres."), errors)
    entry = Motivation(
        **signed(actor, at),
        person_id=row.person_id,
        informal=row,
        kind=kind,
        answer=answer,
        note=note.strip(),
        done_at=done_at,
        key=key,
    )
    entry.save(force_insert=True)
    if row.kind == InformalIsolation.Kind.SELF_ISOLATION:
        talks = [m.done_at for m in Motivation.objects.filter(agency_id=actor.agency_id, informal=row)]
        close_deadlines(actor, [TALK], row.pk, at=at)
        _deadline(actor, row, TALK, at, next_talk_due(row.flagged_at, talks))
    return entry


def plan_activity(
    actor: Actor,
    pk: UUID,
    *,
    activities: Sequence[str],
    minutes: Sequence[int],
    routines: str,
    key: UUID,
    at: datetime,
) -> ActivityPlan:
    """Save what is planned each weekday, Monday first, fitted to the unit's routines. The same `key` is once.

    Raises `Refused`, Http404. (obligations R5.2.1-h, R5.2.4-j)
    """
    require_role(actor, PLANNERS)
    row = lock_informal(actor, pk)
    known = ActivityPlan.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if not row.is_open:
        raise Refused("ended", _("Dette er avsluttet."))
    words = [text.strip()[:300] for text in activities]
    if not any(words):
        raise refused_at("activities_0", _("Skriv hva som er planlagt minst en dag i uka."), code="plan")
    newest = newest_activity_plan(row)
    plan = ActivityPlan(
        **signed(actor, at),
        person_id=row.person_id,
        informal=row,
        number=(newest.number if newest else 0) + 1,
        activities=words,
        minutes=list(minutes),
        routines=routines.strip(),
        key=key,
    )
    plan.save(force_insert=True)
    return plan


def end(actor: Actor, pk: UUID, *, note: str, at: datetime) -> InformalIsolation:
    """Record that the person is with others again. Ending twice changes nothing. Raises `Refused`, Http404."""
    require_role(actor, STAFF)
    row = lock_informal(actor, pk)
    if row.is_open:
        _end(actor, row, InformalIsolation.EndReason.JOINED, at, said(note, "note", _("Skriv hva som har endret seg.")))
    return row


def end_open(actor: Actor, person: Person, reason: InformalIsolation.EndReason, at: datetime) -> None:
    """End what is open about a person whom a decision now follows, or who leaves. The caller holds the person."""
    row = open_informal(actor, person.pk)
    if row is not None:
        _end(actor, row, reason, at, "")


def _end(actor: Actor, row: InformalIsolation, reason: InformalIsolation.EndReason, at: datetime, note: str) -> None:
    _move(row, Move.END, at)
    row.ended_at, row.end_reason, row.end_note, row.ended_by_name = at, reason, note, actor.signature
    row.save_changes(["state", "state_at", "ended_at", "end_reason", "end_note", "ended_by_name"])
    close_deadlines(actor, None, row.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=str(reason.label))
