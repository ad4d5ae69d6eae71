"""What the tests of isolation share: a lawful decision, ready to be changed in one thing, and a few ways to look."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from coordination.clock import OSLO
from isolation.actions import checks as check_verbs
from isolation.actions import measures as verbs
from isolation.models import Measure
from tests.cast import AT

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def oslo(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026, fold: int = 0) -> datetime:
    """Return a wall-clock time in Oslo, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=OSLO, fold=fold).astimezone(UTC)


def exclusion(effective_at: datetime = AT, **changes: Any) -> verbs.Decision:
    """Return a lawful decision on exclusion."""
    facts: dict[str, Any] = {
        "kind": "exclusion",
        "extent": "full",
        "grounds": ["harm_or_violence"],
        "effective_at": effective_at,
        "necessity": "Slo mot en medinnsatt to ganger i dag.",
        "less_intrusive": "Samtale og delvis utelukkelse er prøvd.",
        "partial_considered": "Slåssingen skjedde også med bare to andre til stede.",
        "hours_out_per_day": Decimal(2),
        "force_used": False,
    }
    return verbs.Decision(**(facts | changes))


def coercion(kind: str = "security_cell", effective_at: datetime = AT, **changes: Any) -> verbs.Decision:
    """Return a lawful decision on a cell or a bed."""
    facts: dict[str, Any] = {
        "kind": kind,
        "grounds": ["attack_or_injury"],
        "effective_at": effective_at,
        "necessity": "Angrep en betjent og ville ikke roe seg.",
        "less_intrusive": "Samtale i en time, uten virkning.",
        "hours_out_per_day": Decimal(0),
        "force_used": False,
        "statement": "not_obtained",
        "statement_text": "Legen svarte ikke på telefon.",
    }
    return verbs.Decision(**(facts | changes))


def for_minor(facts: verbs.Decision, **changes: Any) -> verbs.Decision:
    """Return a decision with what is asked for about somebody under 18, where it is not there."""
    wanted = {
        "best_interests": facts.best_interests or "Kort varighet og voksen til stede veier tyngst for gutten.",
        "team_statement": facts.team_statement or "not_obtained",
        "team_text": facts.team_text or "Det haster. Teamet spørres i morgen.",
    }
    return replace(facts, **(wanted | changes))


def decide(
    cast: Any,
    facts: verbs.Decision | None = None,
    *,
    who: str = "duty_leader",
    person: str = "fiolin",
    at: datetime = AT,
    **more: Any,
) -> Measure:
    """Decide as a persona, and return the measure. About somebody under 18 the facts get what the law asks for beside."""
    facts = facts or exclusion(at)
    if person == "ung":
        facts = for_minor(facts)
    with cast[who].acting() as actor:
        return verbs.decide(actor, cast.people[person], facts=facts, key=uuid.uuid4(), at=at, **more)


def check(cast: Any, measure: Measure, at: datetime, *, who: str = "officer", **more: Any) -> check_verbs.Logged:
    """Log a check as a persona."""
    with cast[who].acting() as actor:
        return check_verbs.log_check(actor, measure.pk, **({"state": "calm", "key": uuid.uuid4()} | more), at=at)


def deadline(admin: Any, measure: Measure, rule: str) -> Any:
    """Return (due_at, starts_at) of the open deadline of a rule, read behind the walls, or None."""
    return admin.execute(
        "SELECT due_at, starts_at FROM custody.coordination_custodydeadline WHERE subject_id = %s AND rule = %s AND closed_at IS NULL",
        [measure.pk, rule],
    ).fetchone()


def open_rules(admin: Any, measure: Measure) -> set[str]:
    """Return the rules with an open deadline about a measure."""
    rows = admin.execute(
        "SELECT rule FROM custody.coordination_custodydeadline WHERE subject_id = %s AND closed_at IS NULL",
        [measure.pk],
    ).fetchall()
    return {rule for (rule,) in rows}


def letters(
    admin: Any, kind: str, world: str = "municipal_health", table: str = "consent_municipalletter"
) -> list[Any]:
    """Return the copies of a kind in a world, oldest first: (body, sender_role, in_reply_to, thread_id, basis, letter_id)."""
    return admin.execute(
        f"SELECT body, sender_role, in_reply_to, thread_id, basis, letter_id FROM {world}.{table} WHERE kind = %s ORDER BY sent_at",
        [kind],
    ).fetchall()


def count(admin: Any, table: str) -> int:
    """Return how many rows a custody table of this app holds, behind the walls."""
    return admin.execute(f"SELECT count(*) FROM custody.isolation_{table}").fetchone()[0]


def switch_on(admin: Any, day: date) -> None:
    """Set the date behind the walls: what it does is tried at the instants of the tests."""
    admin.execute(
        "INSERT INTO base.isolation_lawswitch (id, act, takes_effect_on, reason, set_at, set_by, set_by_name, set_by_agency)"
        " VALUES (gen_random_uuid(), 'act_2026', %s, 'x', '2026-11-01', gen_random_uuid(), 'x', 'x')",
        [day],
    )
