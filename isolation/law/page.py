"""Which rules hold for a measure, why, by when and from where, as plain values for the page and the paper. Decides nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination import clock, formats
from coordination.deadlines import RULES
from coordination.identity import Actor
from coordination.models import CustodyDeadline
from coordination.models.deadlines import Strength
from coordination.reference.duties import deadline_rules, obligations
from isolation.access import Numbers, numbers_of, open_deadlines
from isolation.actions.law import act_date, chain_of, held_by, must_end, total
from isolation.actions.measures import duties_of
from isolation.history import grounds_text, kind_text
from isolation.law.words import ACTS, AUTHORITIES, RULE_SETS, TASKS
from isolation.models import AuthorityStep, Measure
from isolation.rules.law import RuleSet, rule_sets, sets_for
from isolation.rules.limits import Act, Counts, Due

#: What of a measure makes a row of the circular hold, where it is not the kind alone.
WHY_DUTY = {
    "D18": "force",
    "D21": "minor",
    "D29": "locked_in",
    "D30": "locked_in",
    "D32": "more_out",
}


def build(actor: Actor, measure: Measure, at: datetime) -> dict[str, Any]:
    """Return the page of rules. Queries do not grow with the chain."""
    seen = min(at, measure.ended_at or at)
    dues = held_by(measure, at)
    open_rows = open_deadlines(measure) if measure.ended_at is None else {}
    chain = chain_of(measure)
    switch = act_date()
    steps = list(
        AuthorityStep.objects.filter(agency_id=measure.agency_id, chain=measure.chain).order_by("-occurred_at", "-id")
    )
    return {
        "measure_facts": list(_why(measure, chain, seen)),
        "sets": sets(sets_for(measure.effective_at, switch), clock.local_date(measure.effective_at)),
        "waiting": [s for s in sets(rule_sets(switch), clock.local_date(seen)) if s["waiting"] or s["coming"]],
        "limits": [limit_row(_daily(due, open_rows), measure, seen) for due in dues],
        "duties": list(_duties(actor, measure, open_rows, seen)),
        "steps": [step_row(step) for step in steps],
        "must_end": must_end(measure, steps),
        "chain": chain_rows(chain, measure, seen),
        "total": total(measure, chain, seen),
    }


def sets(found: Iterable[RuleSet], day: date) -> list[dict[str, Any]]:
    """Return rule sets with their dates in words, seen from a date."""
    rows = []
    for row in found:
        rows.append(
            {
                "name": RULE_SETS[row.code],
                "source": row.source,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "waiting": row.valid_from is None,
                "coming": row.valid_from is not None and row.valid_from > day,
                "holds": row.in_force(day),
            }
        )
    return rows


def _why(measure: Measure, chain: list[Measure], at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what of a measure decides which rules hold."""
    yield {"label": _("Tiltak"), "value": kind_text(measure)}
    yield {"label": _("Grunnlag"), "value": grounds_text(measure)}
    yield {"label": _("Startet"), "value": formats.datetime_no(measure.effective_at)}
    minor = clock.is_minor(measure.person.birth_date, at)
    yield {"label": _("Alder"), "value": _("Under 18 år") if minor else _("18 år eller mer")}
    hours = f"{measure.hours_out_per_day.normalize():f}".replace(".", ",")
    yield {"label": _("Timer ute av cella per døgn"), "value": hours}
    yield {"label": _("Fysisk makt"), "value": _("Ja") if measure.force_used else _("Nei")}
    if len(chain) > 1:
        yield {
            "label": _("Samlet tid i kjeden"),
            "value": _("%(time)s, %(count)s tiltak")
            % {"time": formats.duration(total(measure, chain, at)), "count": len(chain)},
        }


def _daily(due: Due, rows: Mapping[str, CustodyDeadline]) -> Due:
    """Return a limit for every date with the clock of today, where the prison has one."""
    row = rows.get(due.limit.code) if due.limit.act is Act.DAILY else None
    return replace(due, due_at=row.due_at) if row else due


def limit_row(due: Due, measure: Measure, at: datetime) -> dict[str, Any]:
    """Return a statutory limit in words. `due_at` None: met, or nothing to wait for."""
    limit = due.limit
    why = [kind_text(measure)]
    if limit.minor is True:
        why.append(_("under 18 år"))
    if limit.grounds is not None:
        why.append(_("grunnlaget"))
    counts = {
        Counts.MEASURE: "",
        Counts.SAME: _("samme slags tiltak i kjeden regnes sammen") if measure.chain != measure.pk else "",
        Counts.CHAIN: _("hele kjeden regnes sammen"),
    }[limit.counts]
    done = due.due_at is None and limit.act is not Act.DAILY
    return {
        "code": limit.code,
        "text": TASKS[limit.code],
        "act": ACTS[limit.act],
        "to": AUTHORITIES[limit.to],
        "why": "; ".join(filter(None, [", ".join(str(w) for w in why).capitalize(), counts])),
        "source": limit.source,
        "strength": Strength.MUST,
        "due_at": due.due_at,
        # An ended measure has nothing more to wait for; what was late then still shows as late.
        "passed": measure.ended_at is not None and due.due_at is not None and due.due_at > at,
        "done": done,
        "records": bool(limit.outcomes) and not done,
        "inferred": limit.inferred,
        "at_once": not limit.after and limit.act in (Act.TELL, Act.REPORT, Act.DECIDE) and not limit.then_every,
    }


def _duties(
    actor: Actor, measure: Measure, rows: Mapping[str, CustodyDeadline], at: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the rows of the circular that hold, in the order of the register."""
    held = duties_of(measure, at)
    strengths = {duty.id: duty.strength for duty in obligations()}
    numbers = numbers_of(actor, measure.unit)
    for rule in deadline_rules():
        if rule.id not in held:
            continue
        words = [strengths[code] for code in rule.obligations if code in strengths]
        binding = RULES[rule.id].strength if rule.id in RULES else Strength(_weakest(words))
        row = rows.get(rule.id)
        yield {
            "code": rule.id,
            "text": TASKS[rule.id],
            "why": _duty_why(rule.id, measure),
            "source": ", ".join(rule.obligations) or rule.source,
            "strength": binding,
            "due_at": row.due_at if row else None,
            "here": _here(rule.id, numbers),
            # The circular has no number: ours is a recommendation, and may be tightened.
            "inferred": rule.ambiguous,
        }


def _weakest(words: Sequence[str]) -> str:
    """Return the strength to show for a duty that is shown only: never stronger than what the register says of every part of it."""
    order = [Strength.RECOMMENDED.value, Strength.SHOULD.value, Strength.MUST.value]
    known = [word for word in words if word in order]
    return min(known, key=order.index) if known else Strength.RECOMMENDED.value


def _duty_why(code: str, measure: Measure) -> str:
    return {
        "force": _("Det ble brukt fysisk makt"),
        "minor": _("Under 18 år"),
        "locked_in": _("Høyst to timer ute av cella, eller sikkerhetscelle eller sikkerhetsseng"),
        "more_out": _("Mer enn to timer ute av cella"),
        "kind": kind_text(measure),
    }[WHY_DUTY.get(code, "kind")]


def _here(code: str, numbers: Numbers) -> str:
    """Return what the unit has made of a number, in words."""
    checks = numbers.checks
    if code == "D20":
        return _("Her: hvert %(day)s. minutt kl. %(from)s–%(to)s, ellers hvert %(night)s. minutt") % {
            "day": checks.day_interval.seconds // 60,
            "night": checks.night_interval.seconds // 60,
            "from": f"{checks.day_starts:%H.%M}",
            "to": f"{checks.day_ends:%H.%M}",
        }
    if code == "D25":
        return _("Her: hvert %(minutes)s. minutt") % {"minutes": checks.cell_interval.seconds // 60}
    if code in ("D21", "D26"):
        return _("Her: notat minst hvert %(minutes)s. minutt") % {"minutes": checks.note_interval.seconds // 60}
    if code == "D23":
        return _("Her: minst %(minutes)s minutter") % {"minutes": numbers.contact.minutes}
    return ""


def step_row(step: AuthorityStep) -> dict[str, Any]:
    """Return what somebody outside did, in words."""
    return {
        "at": step.occurred_at,
        "recorded_at": step.recorded_at,
        "text": TASKS.get(step.rule, step.rule),
        "to": step.get_authority_display(),
        "outcome": step.get_outcome_display(),
        "done_by": step.done_by,
        "reference": step.reference,
        "note": step.note,
        "by": step.by_name,
    }


def chain_rows(chain: list[Measure], measure: Measure, at: datetime) -> list[dict[str, Any]]:
    """Return the measures of a chain, each with its own clock."""
    return [
        {
            "pk": row.pk,
            "kind": kind_text(row),
            "start": row.effective_at,
            "end": row.ended_at,
            "lasted": clock.elapsed(row.effective_at, min(row.ended_at or at, at)),
            "current": row.pk == measure.pk,
        }
        for row in chain
    ]
