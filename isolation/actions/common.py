"""What the verbs share: signatures, refusals about instants, and the deadlines that follow a measure. Decides nothing itself."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consent.actions import send_letter
from consent.letters import identity_of
from coordination import clock, formats
from coordination.deadlines import close_deadlines, move_deadline, open_deadline
from coordination.identity import Actor, signed
from coordination.models import CustodyDeadline, Deadline, Stay
from coordination.people.access import must_have_health_service, open_stay
from coordination.refusals import Refused, refused_at
from isolation.access import Looks, contacts_of, looks_of, numbers_of, open_deadlines, watched
from isolation.deadlines import CONTACT, LOOKING, OFFER
from isolation.letters import COERCIVE_BASIS, EXCLUSION_BASIS
from isolation.models import Measure
from isolation.rules.contact import WARNING_MINUTES, contact_minutes_by_day
from isolation.rules.law import ALL_LIMITS
from isolation.rules.next_look import NextLook, next_look
from isolation.rules.regimes import CheckParameters, NoCheckDuty
from isolation.rules.reviews import review_days, review_due_at

Open = dict[str, CustodyDeadline]
#: Limits that hold only until the 18th birthday.
MINORS_ONLY = frozenset(code for code, limit in ALL_LIMITS.items() if limit.minor is True)


def about(actor: Actor, measure: Measure, at: datetime) -> dict[str, Any]:
    """Return what every row within a measure carries."""
    return {**signed(actor, at), "person_id": measure.person_id, "measure": measure}


def must_run(measure: Measure) -> None:
    """Refuse when the measure has ended."""
    if measure.ended_at is not None:
        raise Refused("ended", _("Tiltaket er avsluttet."))


def within(measure: Measure, instant: datetime, at: datetime, field: str) -> None:
    """Refuse an instant that has not come, or that lies before the measure began or after it ended."""
    if instant > at:
        raise Refused(
            "future",
            _("Tidspunktet har ikke vært ennå."),
            {field: [_("Tidspunktet har ikke vært ennå. Skriv når det skjedde.")]},
        )
    if instant < measure.effective_at:
        message = _("Tidspunktet er før tiltaket startet %(when)s.") % {
            "when": formats.datetime_no(measure.effective_at)
        }
        raise refused_at(field, message, code="before")
    if measure.ended_at is not None and instant > measure.ended_at:
        message = _("Tidspunktet er etter at tiltaket ble avsluttet %(when)s.") % {
            "when": formats.datetime_no(measure.ended_at)
        }
        raise refused_at(field, message, code="after")


def must_stay(actor: Actor, person_id: UUID) -> Stay:
    """Return the stay that is going on. Raises `Refused` for somebody who has left."""
    stay = open_stay(actor, person_id)
    if stay is None:
        raise Refused("no_stay", _("Personen har ikke noe opphold i fengselet nå."))
    return stay


def basis_of(measure: Measure) -> str:
    """Return the legal basis of a measure's own letters."""
    return COERCIVE_BASIS if measure.is_coercive else EXCLUSION_BASIS


def tell_on(actor: Actor, measure: Measure, kind: str, body: dict[str, Any]) -> UUID:
    """Tell the health service more in the thread of a measure's notice; return the letter's id."""
    return send_letter(
        actor,
        kind,
        to=must_have_health_service(actor).pk,
        person=measure.person,
        body=body,
        basis=basis_of(measure),
        in_reply_to=measure.notice_letter,
    )


def letter_identity(measure: Measure) -> dict[str, Any]:
    """Return who a letter is about."""
    return identity_of(measure.person)


def look_due(measure: Measure, looks: Looks, at: datetime, params: CheckParameters) -> NextLook | None:
    """Return what must be done next so that the person is seen in time; None for an ended measure or one without such a duty."""
    if measure.ended_at is not None:
        return None
    try:
        return next_look(
            watched(measure, looks.orders),
            at,
            last_seen_at=looks.last_seen_at,
            last_noted_at=looks.last_noted_at,
            observed=looks.open_watch is not None,
            params=params,
        )
    except NoCheckDuty:
        return None


def follow(
    actor: Actor, measure: Measure, *, at: datetime, looks: Looks | None = None, rows: Open | None = None
) -> NextLook | None:
    """Put the deadlines of a running measure in step with what is now known, and return what must be looked after next.

    Called by every verb: the deadline of looking moves or changes rule, and what belonged to a date that is over is closed
    honestly and opened for today. There is no nightly job; checks come often enough.
    """
    rows = open_deadlines(measure) if rows is None else rows
    looks = looks_of(measure) if looks is None else looks
    due = look_due(measure, looks, at, numbers_of(actor, measure.unit).checks)
    if due is not None:
        for code in LOOKING:
            if code in rows and code != due.rule:
                close_deadlines(
                    actor,
                    [code],
                    measure.pk,
                    at=at,
                    outcome=Deadline.Outcome.CANCELLED,
                    reason=_("En annen regel gjelder nå"),
                )
        put(actor, measure, rows, due.rule, starts_at=due.starts_at, due_at=due.due_at)
    _turn_contact_day(actor, measure, rows, at)
    _turn_review_day(actor, measure, rows, at)
    if MINORS_ONLY & rows.keys() and not clock.is_minor(measure.person.birth_date, at):
        # The 18th birthday: the limits for minors go, those for adults come, counted from the same start.
        from isolation.actions import law

        law.refresh(actor, measure, rows, at)
    return due


def put(actor: Actor, measure: Measure, rows: Open, rule: str, *, starts_at: datetime, due_at: datetime) -> None:
    """Open a deadline of a measure, or move the one that is open."""
    row = rows.get(rule)
    if row is None:
        rows[rule] = open_deadline(  # type: ignore[assignment]
            actor,
            rule,
            person=measure.person,
            subject_kind="measure",
            subject_id=measure.pk,
            starts_at=starts_at,
            due_at=due_at,
        )
    elif (row.starts_at, row.due_at) != (starts_at, due_at):
        move_deadline(row, starts_at=starts_at, due_at=due_at)


def open_contact_day(actor: Actor, measure: Measure, rows: Open, day: date, rule: str = CONTACT) -> None:
    """Open D23 (or N10) for a date, the first full one at the earliest: a partial day is exempt."""
    first_full = clock.local_date(measure.effective_at)
    if clock.local_day_bounds(first_full)[0] < measure.effective_at:
        first_full += timedelta(days=1)
    day = max(day, first_full)
    put(actor, measure, rows, rule, starts_at=clock.local_day_bounds(day)[0], due_at=clock.end_of_local_day(day))


def _turn_contact_day(actor: Actor, measure: Measure, rows: Open, at: datetime) -> None:
    """Close D23 and N10 of a date that is over, saying how it went, and open today's."""
    for rule in (CONTACT, OFFER):
        row = rows.get(rule)
        if row is None or row.due_at >= at:
            continue
        minutes = minutes_on(measure, clock.local_date(row.due_at))
        # Closing unmet is not hiding it: the minutes stand in the reason, on the page and in the protocol. Yesterday cannot be mended.
        reason = _("%(minutes)s minutter ble ført") % {"minutes": minutes}
        close_deadlines(actor, [rule], measure.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=reason)
        del rows[rule]
        open_contact_day(actor, measure, rows, clock.local_date(at), rule)


def meet_contact_day(actor: Actor, measure: Measure, rows: Open, at: datetime, rule: str = CONTACT) -> None:
    """Close today's D23 (or N10) as met, and open tomorrow's. A date that has not begun is not met."""
    row, today = rows.get(rule), clock.local_date(at)
    if row is not None and clock.local_date(row.due_at) == today:
        close_deadlines(actor, [rule], measure.pk, at=at)
        del rows[rule]
        open_contact_day(actor, measure, rows, today + timedelta(days=1), rule)


def minutes_on(measure: Measure, day: date) -> int:
    """Return the minutes of contact on a local date."""
    start, end = clock.local_day_bounds(day)
    sessions = contacts_of(measure).filter(ended_at__gt=start, started_at__lt=end)
    return contact_minutes_by_day((s.started_at, s.ended_at) for s in sessions).get(day, 0)


def quiet_evening(row: CustodyDeadline, minutes: int) -> None:
    """Take the evening warning of D23 and N10 away once half of the time is there; the end of the day still tells."""
    if minutes >= WARNING_MINUTES and row.next_step == 0:
        row.next_step, row.next_alert_at = 1, row.due_at
        row.save_changes(["next_step", "next_alert_at"])


def first_review_day(measure: Measure) -> date:
    """Return the first date the warden must look: that of the start when it began before 18:00."""
    return review_days(measure.effective_at, None, clock.after(measure.effective_at, timedelta(hours=25)))[0]


def open_review_day(actor: Actor, measure: Measure, rows: Open, day: date) -> None:
    """Open D28 for a date."""
    day = max(day, first_review_day(measure))
    starts_at = max(clock.local_day_bounds(day)[0], measure.effective_at)
    put(actor, measure, rows, "D28", starts_at=starts_at, due_at=review_due_at(day))


def _turn_review_day(actor: Actor, measure: Measure, rows: Open, at: datetime) -> None:
    """Close D28 of a date that went by without a review, and open today's."""
    row = rows.get("D28")
    if row is None or row.due_at >= at:
        return
    close_deadlines(
        actor, ["D28"], measure.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Ikke gjort den dagen")
    )
    del rows["D28"]
    open_review_day(actor, measure, rows, clock.local_date(at))
