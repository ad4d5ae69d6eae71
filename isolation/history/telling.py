"""What happened in a measure as one list of events, in words.

No health record is here: what the health service said stands in its letters.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coordination import clock, formats
from isolation.history.exchange import after_harm, of_letters
from isolation.history.reading import History
from isolation.history.told import Told
from isolation.history.words import (
    grounds_text,
    hours_text,
    kind_text,
    length_text,
    minutes_between,
    span_text,
    written_late,
)
from isolation.law.words import TASKS
from isolation.models import (
    Check,
    ContactSession,
    Measure,
)
from isolation.rules import checks as rules

#: Filters of the list, and the types of event each shows.
FILTERS = {
    "checks": ("check", "gap"),
    "health": ("health", "letter"),
    "decisions": ("decision", "plan"),
    "contact": ("contact",),
}


def events(history: History, at: datetime, held: rules.Held, *, new: UUID | None = None) -> list[Told]:
    """Return everything that happened, newest first. `held`: how often somebody had to look, from when; `new`: a check just saved."""
    found = [
        *_decision(history.measure),
        *_checks(history, held, new),
        *_gaps(history, at, held),
        *_watching(history),
        *_contacts(history.contacts),
        *_care(history),
        *_judgements(history),
        *after_harm(history),
        *_outside(history),
        *of_letters(history.letters),
    ]
    since = history.since
    return sorted((e for e in found if since is None or e.at >= since), key=lambda e: e.at, reverse=True)


def by_day(told: Iterable[Told], at: datetime) -> list[dict[str, Any]]:
    """Return events as the timeline component wants them: by Oslo date, with today and yesterday in words."""
    today = clock.local_date(at)
    names = {today: _("I dag"), today - timedelta(days=1): _("I går")}
    days: dict[date, list[Told]] = {}
    for event in told:
        days.setdefault(clock.local_date(event.at), []).append(event)
    return [{"label": names.get(day, ""), "date": day, "events": events} for day, events in days.items()]


def _decision(measure: Measure) -> Iterator[Told]:
    title = _("Vedtak om %(kind)s") % {"kind": kind_text(measure).lower()}
    late = (
        measure.recorded_at
        if clock.elapsed(measure.effective_at, measure.recorded_at) > timedelta(minutes=15)
        else None
    )
    text = "\n".join(
        filter(None, [grounds_text(measure) + ".", measure.necessity, written_late(late, measure.effective_at)])
    )
    yield Told(at=measure.effective_at, type="decision", title=title, text=text, who=measure.by_name, recorded_at=late)
    if measure.ended_at is not None:
        reason = measure.get_end_reason_display()
        yield Told(
            at=measure.ended_at,
            type="decision",
            title=_("Tiltaket er avsluttet"),
            text=". ".join(filter(None, [str(reason), measure.end_note])),
            who=measure.ended_by_name,
        )


def late_at(check: Check, held: rules.Held) -> datetime | None:
    """Return when a check was written, if that was so late that both times must be shown."""
    if check.on_device:
        return check.recorded_at
    params = rules.held_at(held, check.recorded_at)
    return check.recorded_at if rules.is_late(rules.Check(check.occurred_at, check.recorded_at), params) else None


def _checks(history: History, held: rules.Held, new: UUID | None) -> Iterator[Told]:
    told = dict(Check.Alerted.choices)
    for check in history.checks:
        late = late_at(check, held)
        title = str(check.get_state_display())
        lines = [check.note]
        if check.alerted:
            lines.append(_("Varslet: %(who)s.") % {"who": ", ".join(str(told[code]) for code in check.alerted)})
        if check.on_device:
            lines.append(_("Skrevet uten nett."))
        lines.append(written_late(late, check.occurred_at))
        correction = history.corrections.get(check.pk)
        if correction is not None:
            title = _("%(state)s – angret") % {"state": title}
            lines.append(
                _("Teller ikke. %(reason)s, %(who)s.") % {"reason": correction.reason, "who": correction.by_name}
            )
        who = (
            check.observer_name
            if check.observer_name == check.by_name
            else _("%(observer)s, skrevet av %(by)s") % {"observer": check.observer_name, "by": check.by_name}
        )
        yield Told(
            at=check.occurred_at,
            type="check",
            title=title,
            text=" ".join(filter(None, lines)),
            who=who,
            recorded_at=late,
            is_new=check.pk == new,
        )


def gap_text(gap: rules.Gap) -> str:
    """Return a gap in words, to the minute, with what the rule was."""
    span = (
        _("Fra %(start)s til nå.") % span_text(gap.start, gap.end)
        if gap.ongoing
        else _("Fra %(start)s til %(end)s.") % span_text(gap.start, gap.end)
    )
    if not gap.allowed:
        return span + " " + _("Kravet er kontinuerlig tilsyn.")
    over = _("%(over)s over fristen, som var %(due)s.") % {
        "over": length_text(gap.overdue_minutes),
        "due": span_text(gap.due_at, gap.end)["start"],
    }
    return f"{span} {over}"


def _gaps(history: History, at: datetime, held: rules.Held) -> Iterator[Told]:
    for gap in history.gaps(at, held):
        minutes = max(minutes_between(gap.start, gap.end), 1)
        title = _("%(length)s uten tilsyn") if gap.allowed else _("%(length)s uten observatør")
        yield Told(at=gap.due_at, type="gap", title=title % {"length": length_text(minutes)}, text=gap_text(gap))
    for gap in history.note_gaps(at, held):
        minutes = minutes_between(gap.start, gap.end)
        title = _("%(length)s uten merknad fra observatøren") % {"length": length_text(minutes)}
        yield Told(
            at=gap.due_at,
            type="gap",
            title=title,
            text=_("Fra %(start)s til %(end)s.") % span_text(gap.start, gap.end),
        )


def _watching(history: History) -> Iterator[Told]:
    names = {watch.pk: watch.observer_name for watch in history.watches}
    ends = {watch.started_at: watch for watch in history.watches}
    for watch in history.watches:
        yield Told(
            at=watch.started_at,
            type="check",
            title=_("%(who)s observerer") % {"who": watch.observer_name},
            who=watch.by_name,
        )
        if watch.ended_at is not None and watch.ended_at not in ends:
            yield Told(
                at=watch.ended_at,
                type="check",
                title=_("%(who)s avsluttet observasjonen") % {"who": watch.observer_name},
            )
    for note in history.notes:
        yield Told(
            at=note.noted_at,
            type="check",
            title=_("Merknad"),
            text=note.text,
            who=names.get(note.watch_id, note.by_name),
        )
    for order in history.orders:
        often = order.interval_minutes
        begun, over = (
            (_("Kontinuerlig tilsyn besluttet"), _("Beslutningen om kontinuerlig tilsyn er opphevet"))
            if often is None
            else (
                _("Tilsyn minst hvert %(minutes)s. minutt besluttet") % {"minutes": often},
                _("Beslutningen om tilsyn minst hvert %(minutes)s. minutt er opphevet") % {"minutes": often},
            )
        )
        yield Told(at=order.started_at, type="decision", title=begun, text=order.reason, who=order.by_name)
        if order.ended_at is not None:
            yield Told(at=order.ended_at, type="decision", title=over, who=order.ended_by_name)


def _contacts(contacts: Iterable[ContactSession]) -> Iterator[Told]:
    for session in contacts:
        title = _("%(minutes)s minutter: %(what)s med %(who)s") % {
            "minutes": session.minutes,
            "what": str(session.get_kind_display()).lower(),
            "who": session.get_with_whom_display(),
        }
        late = (
            session.recorded_at if clock.elapsed(session.ended_at, session.recorded_at) > timedelta(hours=1) else None
        )
        text = " ".join(filter(None, [session.note, written_late(late, session.ended_at)]))
        yield Told(at=session.started_at, type="contact", title=title, text=text, who=session.by_name, recorded_at=late)


def _care(history: History) -> Iterator[Told]:
    """Tell what was done against the harm of isolation, contact that was struck, and when the other rules for time out began."""
    for row in history.mitigations:
        yield Told(
            at=row.offered_at,
            type="contact",
            word=_("Mot skade"),
            title=f"{row.get_kind_display()}: {str(row.get_outcome_display()).lower()}",
            text=row.note,
            who=row.by_name,
        )
    for session, correction in history.struck:
        title = _("Strøket: %(minutes)s minutter, %(what)s") % {
            "minutes": session.minutes,
            "what": str(session.get_kind_display()).lower(),
        }
        text = _("Ført av %(by)s, strøket %(when)s av %(who)s: %(why)s. Teller ikke.") % {
            "by": session.by_name,
            "when": formats.datetime_no(correction.recorded_at),
            "who": correction.by_name,
            "why": correction.reason,
        }
        yield Told(at=session.started_at, type="contact", word=_("Strøket"), title=title, text=text)
    for change in history.switches:
        text = _("%(minutes)s minutter ute av cella %(day)s. Helsetjenesten har fått beskjed.") % {
            "minutes": change.minutes,
            "day": formats.day(change.day),
        }
        yield Told(
            at=change.changed_at, type="decision", word=_("Tid ute"), title=str(change.get_side_display()), text=text
        )


def _outside(history: History) -> Iterator[Told]:
    """Easing, what region, directorate, board or guardian did, court orders, and the closing of the protocol."""
    for change in history.extent_changes:
        title = _("Hel utelukkelse ble delvis")
        yield Told(at=change.changed_at, type="decision", title=title, text=change.reason, who=change.by_name)
    for step in history.steps:
        title = _("%(what)s: %(outcome)s") % {
            "what": TASKS.get(step.rule, step.rule),
            "outcome": str(step.get_outcome_display()).lower(),
        }
        reference = _("Referanse %(number)s.") % {"number": step.reference} if step.reference else ""
        late = step.recorded_at if clock.elapsed(step.occurred_at, step.recorded_at) > timedelta(hours=1) else None
        yield Told(
            at=step.occurred_at,
            type="decision",
            word=str(step.get_authority_display()).capitalize(),
            title=title,
            text=" ".join(filter(None, [step.note, reference, written_late(late, step.occurred_at)])),
            who=step.done_by,
            recorded_at=late,
        )
    for order in history.court_orders:
        title = _("Kjennelse fra %(court)s til %(when)s") % {
            "court": order.court,
            "when": formats.datetime_no(order.ends_at),
        }
        text = ". ".join(filter(None, [_("Sak %(number)s") % {"number": order.reference}, order.weighty_reasons]))
        yield Told(at=order.recorded_at, type="decision", title=title, text=text, who=order.by_name)
    measure = history.measure
    if measure.closed_at is not None:
        title = _("Protokollen er lukket")
        yield Told(
            at=measure.closed_at, type="decision", title=title, text=measure.close_note, who=measure.closed_by_name
        )


def _judgements(history: History) -> Iterator[Told]:
    for row in history.reassessments:
        same = _("Samme begrunnelse som forrige gang, vurdert på nytt og bekreftet.") if row.same_reason else ""
        text = "\n".join(filter(None, [row.reason, same, _("Mot skade: %(text)s") % {"text": row.mitigation}]))
        yield Told(
            at=row.assessed_at,
            type="decision",
            word=_("Vurdering"),
            title=str(row.get_outcome_display()),
            text=text,
            who=row.by_name,
        )
    for forecast in history.forecasts:
        title = _("Forventet varighet: %(hours)s") % {"hours": hours_text(forecast.expected_hours)}
        yield Told(at=forecast.recorded_at, type="plan", title=title, text=forecast.reason, who=forecast.by_name)
    for plan in history.plans:
        title = _("Ukeplan %(number)s for %(first)s–%(last)s") % {
            "number": plan.number,
            "first": formats.shortdate(plan.first_on),
            "last": formats.shortdate(plan.last_on),
        }
        yield Told(at=plan.recorded_at, type="plan", title=title, text=plan.way_out, who=plan.by_name)
    for review in history.reviews:
        who = (
            _("%(who)s, utpekt av %(warden)s") % {"who": review.by_name, "warden": review.deputy_for}
            if review.deputy_for
            else review.by_name
        )
        yield Told(
            at=review.recorded_at,
            type="decision",
            word=_("Gjennomgang"),
            title=_("Daglig gjennomgang av fengselsleder"),
            text=review.note,
            who=who,
        )
    for answer in history.answers:
        text = "\n".join(filter(None, [answer.reason, answer.steps]))
        yield Told(
            at=answer.recorded_at,
            type="health",
            title=_("Svar på råd: %(response)s") % {"response": answer.get_response_display()},
            text=text,
            who=answer.by_name,
        )
