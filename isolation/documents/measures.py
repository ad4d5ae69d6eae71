"""What goes on paper about a measure: plain values, already cut to the reader. No queries by template."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from consent.letters import KINDS
from consent.models import CustodyLetter, Letter
from coordination import clock, formats
from coordination.identity import Actor
from coordination.models import Person, Unit
from isolation.access import HEALTH_VISIT, check_history, minutes_of, running
from isolation.actions.contact import exempt_day
from isolation.actions.law import chain_of, held_by, total
from isolation.actions.requests import ADVICE
from isolation.history import (
    History,
    Told,
    by_day,
    contact_strip,
    events,
    grounds_text,
    hours_text,
    kind_text,
    of_letters,
    read,
    strip,
)
from isolation.law import page as rules_page
from isolation.models import CourtOrder, Measure, MeasureKind, PlanDay, WardenReview, WeeklyPlan
from isolation.models.measures import COERCIVE_KINDS, Vulnerability
from isolation.rules.contact import ContactStatus, contact_minutes_by_day, contact_status
from isolation.rules.reviews import review_days

#: How many dates the heat strip of the protocol goes back; the list below it has them all.
MOST_DAYS = 42


def paper_of(actor: Actor, person: Person, unit: Unit, at: datetime) -> dict[str, Any]:
    """Return what every paper about somebody begins with: whose it is, from where, and who printed it when."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "person": {
            "name": str(person),
            "place": person.cell or str(unit),
            "birth_year": str(person.birth_date.year),
            "number": person.number,
            "alerts": [],
        },
    }


def _frame(actor: Actor, measure: Measure, at: datetime) -> dict[str, Any]:
    return {**paper_of(actor, measure.person, measure.unit, at), "kind": kind_text(measure)}


def decision(actor: Actor, measure: Measure, at: datetime) -> dict[str, Any]:
    """Return the decision, for the file and for the inmate: grounds, reasons, what was considered, how it is followed up, complaint."""
    orders = CourtOrder.objects.filter(agency_id=measure.agency_id, measure=measure).order_by("recorded_at", "id")
    notice = CustodyLetter.objects.filter(agency_id=measure.agency_id, letter_id=measure.notice_letter).first()
    return {
        **_frame(actor, measure, at),
        "decision": list(_decision(measure)),
        "orders": [_order(row) for row in orders],
        "notice_at": notice.sent_at if notice else None,
        "rules": [row for row in _limits(measure, at) if row["due_at"]],
        "coercive": measure.is_coercive,
        "court": measure.kind == MeasureKind.COURT_ISOLATION,
    }


def _order(row: CourtOrder) -> str:
    return _("%(court)s, sak %(number)s, til %(when)s") % {
        "court": row.court,
        "number": row.reference,
        "when": formats.datetime_no(row.ends_at),
    }


def _limits(measure: Measure, at: datetime) -> list[dict[str, Any]]:
    return [rules_page.limit_row(due, measure, min(at, measure.ended_at or at)) for due in held_by(measure, at)]


def region_report(actor: Actor, measure: Measure, at: datetime) -> dict[str, Any]:
    """Return the report to the regional level: why, how long in all, how it has been followed up, and what must be decided.

    Health information is not in it: that there was advice and what the prison answered, never what it said.
    """
    held = check_history(actor, measure.unit, at)
    history = read(measure)
    chain = chain_of(measure)
    seen = min(at, measure.ended_at or at)
    return {
        **_frame(actor, measure, at),
        "decision": list(_decision(measure)),
        "chain": rules_page.chain_rows(chain, measure, seen),
        "total": total(measure, chain, seen),
        "limits": _limits(measure, at),
        "steps": [rules_page.step_row(step) for step in reversed(history.steps)],
        "reassessments": history.reassessments,
        "checks": len(history.standing_checks),
        "gaps": [event for event in events(history, at, held) if event.type == "gap"],
        "contact": list(_contact(history, at)) if not measure.is_coercive else [],
        "answers": history.answers,
    }


def warden_list(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the warden's list of one date: everybody in cell or bed, with today's review or room to write one, and missed dates."""
    today = clock.local_date(at)
    found = list(running(actor).filter(kind__in=COERCIVE_KINDS))
    done: dict[Any, dict[Any, WardenReview]] = {}
    for review in WardenReview.objects.filter(agency_id=actor.agency_id, measure__in=found):
        done.setdefault(review.measure_id, {})[review.day] = review
    rows = []
    for row in found:
        have, days = done.get(row.pk, {}), review_days(row.effective_at, None, at)
        rows.append(
            {
                "name": str(row.person),
                "place": row.person.cell or str(row.unit),
                "number": row.person.number,
                "kind": kind_text(row),
                "started_at": row.effective_at,
                "lasted": clock.elapsed(row.effective_at, at),
                "review": have.get(today),
                "needed": today in days,
                "missed": [day for day in days if day < today and day not in have],
            }
        )
    rows.sort(key=lambda row: str(row["name"]))
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "today": today,
        "rows": rows,
    }


def protocol(actor: Actor, measure: Measure, at: datetime) -> dict[str, Any]:
    """Return the protocol: decision, everything that happened with both times of late entries, gaps, contact by day, reviews by day."""
    held = check_history(actor, measure.unit, at)
    history = read(measure)
    told = sorted(events(history, at, held), key=lambda event: event.at)
    gaps = [event for event in told if event.type == "gap"]
    chain = chain_of(measure)
    seen = min(at, measure.ended_at or at)
    return {
        **_frame(actor, measure, at),
        "decision": list(_decision(measure)),
        "strip": strip(history, at, held),
        "gaps": gaps,
        "checks": len(history.standing_checks),
        "late": sum(1 for event in told if event.type == "check" and event.recorded_at is not None),
        "contact": list(_contact(history, at)) if not measure.is_coercive else [],
        "contact_strip": contact_strip(measure, ((s.started_at, s.ended_at) for s in history.contacts), at, MOST_DAYS),
        "mitigations": [
            {
                "label": f"{row.get_kind_display()}, {formats.datetime_no(row.offered_at)}",
                "value": ". ".join(filter(None, [str(row.get_outcome_display()), row.note])),
            }
            for row in history.mitigations
        ],
        "time_out": list(_time_out(actor, measure, at)),
        "reviews": list(_reviews(history, at)) if measure.is_coercive else [],
        "days": by_day_on_paper(told, at),
        "chain": rules_page.chain_rows(chain, measure, seen) if len(chain) > 1 else [],
        "total": total(measure, chain, seen),
        "limits": _limits(measure, at),
        "steps": [rules_page.step_row(step) for step in reversed(history.steps)],
        "health": sorted(_health(history), key=lambda row: row["at"]),
        "visited_at": max(history.health_visits, default=None),
        "closed": measure.closed_at,
    }


def _health(history: History) -> Iterator[dict[str, Any]]:
    """Return what passed between prison and health service: notices and their receipts, requests, advice and answers."""
    answers = {answer.advice_letter: answer for answer in history.answers}
    for letter in history.letters:
        if letter.kind == HEALTH_VISIT:
            continue  # told at the visit's own time, below
        lines = []
        if letter.direction == Letter.Direction.OUT and letter.acknowledged_at:
            lines.append(_("Kvittert %(when)s") % {"when": formats.datetime_no(letter.acknowledged_at)})
        answer = answers.get(letter.letter_id)
        if answer is not None:
            lines.append(f"{answer.get_response_display()}. {answer.reason}")
        elif letter.kind == ADVICE and letter.direction == Letter.Direction.IN:
            lines.append(str(letter.body.get("advice", "")))
            lines.append(_("Ikke besvart"))
        if answer is not None and letter.kind == ADVICE:
            lines.insert(0, str(letter.body.get("advice", "")))
        yield {"at": letter.sent_at, "title": KINDS[letter.kind].title, "text": "\n".join(filter(None, lines))}
    visits = (row for row in history.letters if row.kind == HEALTH_VISIT)
    yield from ({"at": told.at, "title": told.title, "text": told.text} for told in of_letters(visits))


def by_day_on_paper(told: list[Told], at: datetime) -> list[dict[str, Any]]:
    """Return events by date, without "today": paper is read another day."""
    return [{**day, "label": ""} for day in by_day(told, at)]


def _decision(measure: Measure) -> Iterator[dict[str, Any]]:
    yield {"label": _("Startet"), "value": formats.datetime_no(measure.effective_at)}
    ended = formats.datetime_no(measure.ended_at) if measure.ended_at else _("Pågår")
    yield {"label": _("Avsluttet"), "value": ended}
    if measure.ended_at is not None:
        yield {"label": _("Varighet"), "value": formats.duration(clock.elapsed(measure.effective_at, measure.ended_at))}
        yield {
            "label": _("Hvorfor avsluttet"),
            "value": ". ".join(filter(None, [str(measure.get_end_reason_display()), measure.end_note])),
        }
    yield {"label": _("Sted"), "value": ", ".join(filter(None, [str(measure.unit), measure.cell]))}
    yield {"label": _("Grunnlag"), "value": grounds_text(measure)}
    yield {"label": _("Nødvendighet"), "value": measure.necessity}
    if measure.less_intrusive:
        yield {"label": _("Mildere tiltak vurdert"), "value": measure.less_intrusive}
    if measure.partial_considered:
        yield {"label": _("Delvis utelukkelse vurdert"), "value": measure.partial_considered}
    if measure.best_interests:
        yield {"label": _("Barnets beste"), "value": measure.best_interests}
    if measure.team_statement:
        yield {
            "label": _("Uttalelse fra tverretatlig team"),
            "value": f"{measure.get_team_statement_display()}. {measure.team_text}",
        }
    if measure.is_coercive:
        yield {
            "label": _("Legens uttalelse på forhånd"),
            "value": f"{measure.get_statement_display()}. {measure.statement_text}",
        }
    yield {"label": _("Forventet varighet"), "value": hours_text(measure.expected_hours)}
    yield {
        "label": _("Timer ute av cella per døgn"),
        "value": f"{measure.hours_out_per_day.normalize():f}".replace(".", ","),
    }
    yield {"label": _("Fysisk makt"), "value": measure.force_note if measure.force_used else _("Nei")}
    if measure.vulnerabilities:
        seen = ", ".join(str(Vulnerability(code).label).lower() for code in measure.vulnerabilities)
        yield {"label": _("Særlig oppmerksomhet"), "value": seen.capitalize()}
    if measure.circumstances:
        yield {"label": _("Opplyst til legen"), "value": measure.circumstances}
    if measure.notice_reason:
        yield {"label": _("Hvorfor legen ble varslet sent"), "value": measure.notice_reason}
    yield {"label": _("Besluttet av"), "value": measure.by_name}


def _contact(history: History, at: datetime) -> Iterator[dict[str, Any]]:
    """Return minutes of contact for every date of the measure, partial ones shown as exempt."""
    measure = history.measure
    sums = contact_minutes_by_day((s.started_at, s.ended_at) for s in history.contacts)
    words = {
        ContactStatus.MET: _("minst to timer"),
        ContactStatus.SHORT: _("under to timer"),
        ContactStatus.NOT_YET: _("dagen er ikke over"),
        ContactStatus.EXEMPT_PARTIAL_DAY: _("ikke en hel dag"),
    }
    day = clock.local_date(measure.effective_at)
    last = clock.local_date(min(at, measure.ended_at or at))
    while day <= last:
        try:
            status = contact_status(day, sums.get(day, 0), measure.effective_at, measure.ended_at, at)
        except ValueError:
            return
        yield {
            "label": formats.day(day).capitalize(),
            "value": _("%(minutes)s min, %(status)s") % {"minutes": sums.get(day, 0), "status": words[status]},
        }
        day = day.fromordinal(day.toordinal() + 1)


def _time_out(actor: Actor, measure: Measure, at: datetime) -> Iterator[dict[str, Any]]:
    """Return time out of the cell for every date of the measure that is written about."""
    first, last = clock.local_date(measure.effective_at), clock.local_date(min(at, measure.ended_at or at))
    for day, minutes in sorted(minutes_of(actor, measure.person_id, first).items()):
        if day <= last:
            yield {"label": formats.day(day).capitalize(), "value": formats.duration(timedelta(minutes=minutes))}


def _reviews(history: History, at: datetime) -> Iterator[dict[str, Any]]:
    """Return the warden's review of every date that needs one, or that there was none."""
    have = {review.day: review for review in history.reviews}
    for day in review_days(history.measure.effective_at, history.measure.ended_at, at):
        review = have.get(day)
        value = (
            _("%(who)s kl. %(time)s") % {"who": review.by_name, "time": formats.clock(review.recorded_at)}
            if review
            else _("Ikke gjort")
        )
        yield {"label": formats.day(day).capitalize(), "value": value}


def weekly_plan(actor: Actor, measure: Measure, plan: WeeklyPlan, at: datetime) -> dict[str, Any]:
    """Return the plan for paper, to be given to the inmate."""
    days = {row.day: row for row in PlanDay.objects.filter(agency_id=measure.agency_id, plan=plan)}
    span = [plan.first_on.fromordinal(n) for n in range(plan.first_on.toordinal(), plan.last_on.toordinal() + 1)]
    return {
        **_frame(actor, measure, at),
        "plan": plan,
        "court": measure.kind == MeasureKind.COURT_ISOLATION,
        "days": [
            {
                "day": day,
                "activities": days[day].activities if day in days else "",
                "minutes": days[day].minutes if day in days else 0,
                "exempt": exempt_day(measure, day),
            }
            for day in span
        ],
    }
