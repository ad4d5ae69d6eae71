"""Writing down time out of the cell, for one or for a whole unit, and what follows: other rules for a measure, or a flag without one."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from coordination import clock, parameters
from coordination.identity import Actor, signed
from coordination.models import Person, Unit
from coordination.people.access import lock_person, units_of
from coordination.refusals import Refused, refused_at
from isolation.access import minutes_of, require_role, running_for, side_now
from isolation.actions.common import letter_identity, must_stay, tell_on
from isolation.actions.informal import flag_de_facto
from isolation.actions.law import act_date
from isolation.actions.measures import instant
from isolation.letters import LOCK_IN_CHANGED, STAFF
from isolation.models import LockInSwitch, Measure, TimeOut
from isolation.rules.cell_time import LEAST_2026, locked_in_days, switch
from isolation.rules.law import act_2026_holds

#: How far back time may be written down: what is older changes nothing that is still decided.
BACK = timedelta(days=14)


def record_period(
    actor: Actor, person_id: UUID, *, started_at: datetime, ended_at: datetime, key: UUID, at: datetime
) -> TimeOut:
    """Write down that a person was out of the cell from when to when. The same `key` is once.

    Raises `Refused`, `Undelivered`, Http404. (obligations R7.1.1-d, R7.1.3-l)
    """
    person, known = _begin(actor, person_id, key)
    if known is not None:
        return known
    if ended_at <= started_at or ended_at > at:
        raise refused_at("ended", _("Skriv en periode som er over. Slutten må komme etter starten."), code="interval")
    if clock.elapsed(started_at, ended_at) > timedelta(hours=25):
        raise refused_at("ended", _("Perioden kan ikke vare mer enn et døgn. Del den opp."), code="interval")
    day = clock.local_date(started_at)
    _recent(day, at)
    row = _insert(actor, person, at, key, day=day, started_at=started_at, ended_at=ended_at)
    follow_time(actor, person, at=at)
    return row


def record_day(actor: Actor, person_id: UUID, *, day: date, minutes: int, key: UUID, at: datetime) -> TimeOut:
    """Write down how many minutes a person has been out of the cell on a date, all in all; it stands for what was written before.

    The same `key` is once. Raises `Refused`, `Undelivered`, Http404.
    """
    person, known = _begin(actor, person_id, key)
    if known is not None:
        return known
    _recent(day, at)
    longest = clock.day_length(day) // timedelta(minutes=1)
    if not 0 <= minutes <= longest:
        raise refused_at("minutes", _("Dagen har %(longest)s minutter.") % {"longest": longest})
    row = _insert(actor, person, at, key, day=day, minutes=minutes)
    follow_time(actor, person, at=at)
    return row


def record_unit_day(
    actor: Actor, unit_id: UUID, *, day: date, minutes: Mapping[UUID, int], key: UUID, at: datetime
) -> int:
    """Write down a date for many people of a unit at once; return for how many. Sending the same `key` again writes nothing new.

    All or nobody: a refusal for one refuses all. Raises `Refused`, `Undelivered`, Http404.
    """
    require_role(actor, STAFF)
    if unit_id not in {unit.pk for unit in units_of(actor)}:
        raise Http404
    with transaction.atomic():
        # In the order of their keys: two who send at the same time then wait for each other in a row, never in a circle.
        for person_id in sorted(minutes):
            record_day(
                actor, person_id, day=day, minutes=minutes[person_id], key=uuid.uuid5(key, str(person_id)), at=at
            )
    return len(minutes)


def _begin(actor: Actor, person_id: UUID, key: UUID) -> tuple[Person, TimeOut | None]:
    require_role(actor, STAFF)
    person = lock_person(actor, person_id)
    assert isinstance(person, Person)
    return person, TimeOut.objects.filter(agency_id=actor.agency_id, key=key).first()


def _recent(day: date, at: datetime) -> None:
    today = clock.local_date(at)
    if day > today:
        message = _("Datoen har ikke vært ennå.")
        raise Refused("future", message, {"day": [message], "started": [message]})
    if day < today - BACK:
        message = _("Tid ute av cella kan føres inntil 14 dager tilbake.")
        raise Refused("old", message, {"day": [message], "started": [message]})


def _insert(actor: Actor, person: Person, at: datetime, key: UUID, **facts: object) -> TimeOut:
    must_stay(actor, person.pk)
    row = TimeOut(**signed(actor, at), person=person, unit_id=person.unit_id, key=key, **facts)
    row.save(force_insert=True)
    return row


def follow_time(actor: Actor, person: Person, *, at: datetime) -> None:
    """Let what is now known of the time out of the cell have its effect: on a running measure, or else a flag."""
    minutes = minutes_of(actor, person.pk, clock.local_date(at) - BACK)
    measure = running_for(actor, person.pk)
    if measure is not None:
        measure.person = person
        _switch(actor, measure, minutes, at)
        return
    unit = Unit.objects.get(pk=person.unit_id)
    threshold = parameters.load(actor, unit).number("lock_in_minutes")
    if act_2026_holds(at, act_date()):
        threshold = max(threshold, LEAST_2026)
    days = locked_in_days(minutes, clock.local_date(at), threshold)
    if days:
        flag_de_facto(actor, person, since_on=days[-1], minutes=minutes[days[0]], at=at)


def _switch(actor: Actor, measure: Measure, minutes: Mapping[date, int], at: datetime) -> None:
    side, since = side_now(measure)
    change = switch(side, minutes, measure.effective_at, at, since=since)
    if change is None:
        return
    body = {
        **letter_identity(measure),
        "kind": measure.kind,
        "hours_out": round(change.minutes / 60, 2),
        "changed_at": instant(change.changed_at),
        "side": change.side.value,
    }
    letter_id = tell_on(actor, measure, LOCK_IN_CHANGED.code, body)
    LockInSwitch(
        **signed(actor, at),
        person_id=measure.person_id,
        measure=measure,
        side=change.side.value,
        day=change.day,
        minutes=change.minutes,
        changed_at=change.changed_at,
        letter_id=letter_id,
    ).save(force_insert=True)
