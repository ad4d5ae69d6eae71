"""What the page of one measure shows, already cut to the reader: plain values for the template. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from consent.models import Letter
from coordination import charts, clock, formats
from coordination.identity import Actor
from coordination.models import CustodyDeadline
from isolation.access import (
    PLANNERS,
    Looks,
    Numbers,
    check_history,
    contacts_of,
    letters_of,
    numbers_of,
    open_deadlines,
    plan_for,
)
from isolation.actions.checks import UNDO_WITHIN
from isolation.actions.common import look_due
from isolation.actions.harm import REPORT
from isolation.actions.law import chain_of, must_end, total
from isolation.actions.requests import ADVICE
from isolation.history import (
    FILTERS,
    History,
    by_day,
    contact_strip,
    events,
    hours_text,
    moment_text,
    read,
    strip,
    unanswered,
)
from isolation.law.deadlines import TIMED
from isolation.law.words import TASKS
from isolation.letters import COERCIVE_NOTICE, DECIDERS, EXCLUSION_NOTICE, STAFF
from isolation.models import Measure, PlanDay, Reassessment
from isolation.models.measures import Vulnerability
from isolation.rules.contact import contact_minutes_by_day
from isolation.rules.kinds import Kind
from isolation.rules.next_look import NextLook
from isolation.rules.regimes import Mode, regime
from isolation.views.care import care_card
from isolation.views.measure_links import doings, papers, tools


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for: a filter, how far back, and a check just saved."""

    show: str = ""
    since: date | None = None
    saved: UUID | None = None


def asked_of(query: Any) -> Asked:
    """Read the address; what it cannot mean is left out."""
    try:
        saved = UUID(query.get("saved", ""))
    except ValueError:
        saved = None
    try:
        since = parse_date(query.get("from", ""))
    except ValueError:
        since = None
    show = query.get("show", "")
    return Asked(show=show if show in FILTERS else "", since=since, saved=saved)


def window_start(measure: Measure, asked: Asked, at: datetime) -> datetime | None:
    """Return from when events are read: yesterday's midnight (the last day's of an ended measure) or an earlier date asked for."""
    last = clock.local_date(min(at, measure.ended_at or at)) - timedelta(days=1)
    since = clock.local_day_bounds(min(asked.since or last, last))[0]
    return since if since > measure.effective_at else None


def build(actor: Actor, measure: Measure, asked: Asked, at: datetime) -> dict[str, Any]:
    """Return the whole page. The number of queries does not grow with checks or days."""
    numbers = numbers_of(actor, measure.unit)
    held = check_history(actor, measure.unit, at)
    since = window_start(measure, asked, at)
    history = read(measure, since)
    rows = open_deadlines(measure) if measure.ended_at is None else {}
    due = look_due(measure, looks_from(history), at, numbers.checks)
    told = events(history, at, held, new=asked.saved)
    wanted = FILTERS.get(asked.show)
    may_write, decides = actor.has_role(*STAFF), actor.has_role(*DECIDERS)
    return {
        "running": measure.ended_at is None,
        "may_write": may_write,
        "decides": decides,
        "tools": list(tools(measure, decides=decides)),
        "due": due,
        "saved": _saved(history, asked.saved, due, actor, at),
        "strip": strip(history, at, held),
        "week": _week(measure, at),
        "strip_note": _strip_note(measure, due),
        "facts": list(_facts(measure, history, rows, at, numbers)),
        "plan": _plan(measure, history, rows, at),
        "may_plan": actor.has_role(*PLANNERS),
        "watch": _watch(measure, history, at),
        "care": care_card(actor, measure, history, at),
        "chips": _chips(asked),
        "days": by_day((t for t in told if wanted is None or t.type in wanted), at),
        "older_url": _older(measure, since, asked),
        "must_end": must_end(measure, history.all_steps),
        "advice_since": measure.ended_at is None and bool(advice_since(history.letters, history.all_reassessments)),
        "doings": [*papers(measure, history), *(doings(measure, decides=decides) if may_write else ())],
        "advice": unanswered(history.letters),
        "harm": unanswered(history.letters, REPORT),
    }


def advice_since(letters: list[Any], reassessments: list[Reassessment]) -> list[Any]:
    """Return the advice that came after the last reassessment: it must be weighed anew (obligation R7.1.2-s, rule D27)."""
    found = [row for row in letters if row.kind == ADVICE and row.direction == Letter.Direction.IN]
    weighed = reassessments[-1].advice_letter if reassessments else None
    keys = [row.letter_id for row in found]
    # By what lay before whoever assessed, not by times: the letter carries the postman's clock, the judgement ours.
    return found[keys.index(weighed) + 1 :] if weighed in keys else found


def judged_last(measure: Measure) -> list[Reassessment]:
    """Return the last reassessment, if there is one."""
    rows = Reassessment.objects.filter(agency_id=measure.agency_id, measure=measure)
    return list(rows.order_by("-assessed_at", "-id")[:1])


def for_reassessment(measure: Measure) -> dict[str, Any]:
    """Return what whoever reassesses must have before them: new advice, and the last judgement."""
    rows = judged_last(measure)
    advice = [
        {
            "sent_at": letter.sent_at,
            "text": letter.body.get("advice", ""),
            "waits": letter.answered_at is None,
            "url": reverse("letter", args=[letter.pk]),
        }
        for letter in advice_since(list(letters_of(measure)), rows)
    ]
    return {"advice": advice, "last": rows[-1] if rows else None, "can_ease": measure.extent == "full"}


def looks_from(history: History) -> Looks:
    """Return who looked last, from what is already read."""
    seen = [check.occurred_at for check in history.standing_checks]
    if history.before is not None:
        seen.append(history.before)
    notes = [note.noted_at for note in history.notes] or ([history.noted_before] if history.noted_before else [])
    return Looks(max(seen, default=None), tuple(history.watches), tuple(history.orders), max(notes, default=None))


def _saved(
    history: History, saved: UUID | None, due: NextLook | None, actor: Actor, at: datetime
) -> dict[str, Any] | None:
    """Return the receipt of a check just saved, with the way to take it back while there is one."""
    check = next((c for c in history.checks if c.pk == saved), None)
    if check is None:
        return None
    if check.pk in history.corrections:
        return {
            "title": _("Tilsynet kl. %(time)s er angret.") % {"time": formats.clock(check.occurred_at)},
            "text": _("Det står i protokollen, men teller ikke."),
        }
    state = str(check.get_state_display())
    receipt = {
        "title": _("Lagret kl. %(time)s: %(state)s") % {"time": formats.clock(check.recorded_at), "state": state},
        "text": "",
    }
    if check.occurred_at != check.recorded_at:
        receipt["title"] = _("Lagret kl. %(time)s: %(state)s kl. %(seen)s") % {
            "time": formats.clock(check.recorded_at),
            "state": state,
            "seen": formats.clock(check.occurred_at),
        }
    if due is not None and not due.observed:
        receipt["text"] = _("Neste tilsyn senest kl. %(time)s.") % {"time": formats.clock(due.due_at)}
    if check.by_id == actor.membership_id and clock.elapsed(check.recorded_at, at) <= UNDO_WITHIN:
        receipt |= {"undo_url": reverse("check_undo", args=[check.pk]), "undo_key": str(check.pk)}
    return receipt


def _week(measure: Measure, at: datetime) -> str:
    """Return the last seven dates' minutes with others: more than the page's events go back."""
    since = clock.local_day_bounds(clock.local_date(min(at, measure.ended_at or at)) - timedelta(days=6))[0]
    sessions = [] if measure.is_coercive else contacts_of(measure).filter(ended_at__gt=since)
    return contact_strip(measure, ((s.started_at, s.ended_at) for s in sessions), at, 7)


def _strip_note(measure: Measure, due: NextLook | None) -> str:
    if due is not None and due.rule in ("D21", "D26"):
        return _("uten observatør")
    return _("mer enn én time siden forrige") if measure.is_coercive else _("lenger siden forrige enn kravet")


def _facts(
    measure: Measure, history: History, rows: dict[str, CustodyDeadline], at: datetime, numbers: Numbers
) -> Iterator[dict[str, Any]]:
    yield {
        "label": _("Varighet"),
        "value": formats.duration(clock.elapsed(measure.effective_at, measure.ended_at or at)),
        "strong": True,
    }
    if measure.chain != measure.pk:
        whole = total(measure, chain_of(measure), measure.ended_at or at)
        yield {"label": _("Samlet tid i kjeden"), "value": formats.duration(whole)}
    if measure.ended_at is not None:
        yield {"label": _("Avsluttet"), "value": formats.datetime_no(measure.ended_at)}
    visits = history.health_visits
    yield {"label": _("Siste helsetilsyn"), "value": moment_text(visits[-1], at) if visits else _("Ikke meldt")}
    if "D27" in rows:
        yield {"label": _("Ny vurdering"), "due_at": rows["D27"].due_at, "strength": rows["D27"].strength}
    if "D28" in rows and clock.local_date(rows["D28"].due_at) == clock.local_date(at):
        yield {
            "label": _("Daglig gjennomgang av fengselsleder"),
            "due_at": rows["D28"].due_at,
            "strength": rows["D28"].strength,
        }
    required = numbers.contact.minutes
    if measure.ended_at is None and not measure.is_coercive:
        minutes = contact_minutes_by_day((c.started_at, c.ended_at) for c in history.contacts).get(
            clock.local_date(at), 0
        )
        partial = clock.local_day_bounds(clock.local_date(at))[0] < measure.effective_at
        value = (
            _("%(minutes)s min i dag, en dag som ikke er hel")
            if partial
            else _("%(minutes)s min av minst %(hours)s timer")
        )
        figure = charts.bar(minutes, required, tone="main")
        yield {
            "label": _("Tid med andre i dag"),
            "value": value % {"minutes": minutes, "hours": f"{required / 60:g}".replace(".", ",")},
            "strong": True,
            "figure": figure,
        }
    limits = sorted((row for code, row in rows.items() if code in TIMED), key=lambda row: row.due_at)
    for row in limits[:2]:
        yield {"label": TASKS[row.rule], "due_at": row.due_at, "strength": row.strength}
    if measure.closed_at is not None:
        yield {"label": _("Protokollen lukket"), "value": formats.datetime_no(measure.closed_at)}
    yield {"label": _("Forventet varighet"), "value": hours_text(measure.expected_hours)}
    notice = next(
        (
            letter
            for letter in history.letters
            if letter.kind in (EXCLUSION_NOTICE.code, COERCIVE_NOTICE.code) and letter.direction == Letter.Direction.OUT
        ),
        None,
    )
    if notice is not None and notice.acknowledged_at is not None:
        yield {"label": _("Helsetjenesten kvitterte"), "value": moment_text(notice.acknowledged_at, at)}
    elif notice is not None:
        yield {"label": _("Kvittering fra helsetjenesten"), "due_at": notice.due_at, "strength": "skal"}
    if measure.vulnerabilities:
        seen = ", ".join(str(Vulnerability(code).label).lower() for code in measure.vulnerabilities)
        yield {"label": _("Vær særlig oppmerksom på"), "value": seen.capitalize()}
    yield {"label": _("Besluttet av"), "value": measure.by_name}


def _plan(measure: Measure, history: History, rows: dict[str, CustodyDeadline], at: datetime) -> dict[str, Any] | None:
    """Return the plan card of an exclusion: what is planned from today on, or that a plan is due."""
    if measure.is_coercive:
        return None
    today = clock.local_date(at)
    plan = plan_for(history.all_plans, today) or plan_for(history.all_plans, today + timedelta(days=1))
    days = (
        list(PlanDay.objects.filter(agency_id=measure.agency_id, plan=plan, day__gte=today).order_by("day")[:3])
        if plan
        else []
    )
    due = rows.get("D22")
    return {"plan": plan, "days": days, "due": due, "today": today, "forecast_due": rows.get("D22F")}


def _watch(measure: Measure, history: History, at: datetime) -> dict[str, Any] | None:
    """Return the card of continuous watch, where it is a duty, ordered or going on."""
    if measure.ended_at is not None:
        return None
    looks = looks_from(history)
    ordered = looks.open_order
    now = regime(Kind(measure.kind), None, measure.person.birth_date, at)
    if now.mode is not Mode.CONTINUOUS and ordered is None and looks.open_watch is None:
        return None
    return {
        "now": looks.open_watch,
        "order": ordered,
        "by_law": now.mode is Mode.CONTINUOUS,
        "noted_at": looks.last_noted_at,
        "last_seen": looks.last_seen_at,
    }


def _chips(asked: Asked) -> list[dict[str, Any]]:
    labels = {
        "": _("Alt"),
        "checks": _("Tilsyn"),
        "health": _("Helse"),
        "decisions": _("Vedtak"),
        "contact": _("Kontakt"),
    }
    kept = f"&from={asked.since:%Y-%m-%d}" if asked.since else ""
    return [
        {"label": label, "url": f"?show={code}{kept}#timeline", "current": code == asked.show, "count": None}
        for code, label in labels.items()
    ]


def _older(measure: Measure, since: datetime | None, asked: Asked) -> str:
    if since is None:
        return ""
    earlier = clock.local_date(since) - timedelta(days=3)
    return f"?show={asked.show}&from={earlier:%Y-%m-%d}#timeline"
