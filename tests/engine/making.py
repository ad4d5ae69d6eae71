"""Rules and deadlines of the tests' own, so that what is proven here does not hang on any app's numbers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from coordination.deadlines import RULES, Rule, Step
from coordination.models import DeadlineStep, Role
from coordination.models.deadlines import Alert, Strength
from coordination.worlds import World
from tests.cast import AT, Cast

HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)


def _rule(code: str, strength: Strength, world: World, *steps: Step) -> Rule:
    return Rule(
        code=code,
        world=world,
        title=f"Prøvefrist {code}",
        strength=strength,
        owners=(Role.OFFICER,),
        steps=steps,
        doing="person",
        doing_label="Åpne",
    )


SEVERITY = Alert.Severity
#: T1: to the near ones before, to the leader when due, to the warden after. T2: the same as advice. T3: one step, counted from the start.
T1 = _rule(
    "T1",
    Strength.MUST,
    World.CUSTODY,
    Step(after=-HALF, audience=(Role.OFFICER,), severity=SEVERITY.WARNING),
    Step(after=timedelta(0), audience=(Role.OFFICER, Role.DUTY_LEADER), severity=SEVERITY.OVERDUE),
    Step(after=HALF, audience=(Role.WARDEN,), severity=SEVERITY.OVERDUE),
)
T2 = _rule("T2", Strength.RECOMMENDED, World.CUSTODY, *T1.steps)
T3 = _rule(
    "T3",
    Strength.MUST,
    World.CUSTODY,
    Step(after=HOUR, audience=(Role.OFFICER,), severity=SEVERITY.OVERDUE, from_start=True),
)
#: For letters: the municipality's desk and its leader.
T4 = _rule(
    "T4",
    Strength.MUST,
    World.MUNICIPAL_HEALTH,
    Step(after=timedelta(0), audience=(Role.PRISON_NURSE, Role.HEALTH_LEADER), severity=SEVERITY.OVERDUE),
)
T5 = _rule("T5", Strength.SHOULD, World.MUNICIPAL_HEALTH, *T4.steps)


def install(*rules: Rule) -> None:
    """Make the rules known to the code and to the database."""
    for rule in rules:
        RULES[rule.code] = rule
        for number, step in enumerate(rule.steps):
            DeadlineStep(
                rule=rule.code,
                step=number,
                from_start=step.from_start,
                offset_seconds=int(step.after.total_seconds()),
                audience=[r.value for r in step.audience],
                severity=step.severity,
            ).save(using="owner", force_insert=True)


def uninstall(*rules: Rule) -> None:
    """Forget them; the database is brought back by the snapshot."""
    for rule in rules:
        RULES.pop(rule.code, None)


def deadline(
    admin: psycopg.Connection,
    cast: Cast,
    rule: Rule,
    *,
    person: str = "fiolin",
    unit: str = "north_a",
    due: datetime = AT,
    **more: Any,
) -> UUID:
    """Open a deadline as if it had been opened long ago, and return its key."""
    return deadlines(admin, cast, rule, 1, person=person, unit=unit, due=due, **more)[0]


def deadlines(
    admin: psycopg.Connection,
    cast: Cast,
    rule: Rule,
    count: int,
    *,
    person: str = "fiolin",
    unit: str = "north_a",
    due: datetime = AT,
    spread: timedelta = timedelta(0),
    starts: datetime | None = None,
    subject: UUID | None = None,
) -> list[UUID]:
    """Open `count` deadlines, due within `spread` of each other."""
    starts = starts or due - 2 * HOUR
    first = rule.steps[0]
    base = starts if first.from_start else due
    rows = admin.execute(
        "INSERT INTO custody.coordination_custodydeadline (id, agency_id, version, unit_id, person_id, rule, strength, subject_kind, subject_id, "
        "starts_at, due_at, next_step, next_alert_at, outcome, reason) "
        "SELECT gen_random_uuid(), p.agency_id, 1, %(unit)s, p.id, %(rule)s, %(strength)s, 'test', coalesce(%(subject)s, gen_random_uuid()), %(starts)s, "
        "%(due)s::timestamptz + %(spread)s * n / %(count)s, 0, %(first)s::timestamptz + %(spread)s * n / %(count)s, '', '' "
        "FROM custody.coordination_person p, generate_series(0, %(count)s - 1) n WHERE p.id = %(person)s RETURNING id",
        {
            "unit": cast.units[unit].pk,
            "person": cast.people[person],
            "rule": rule.code,
            "strength": rule.strength.value,
            "subject": subject,
            "starts": starts,
            "due": due,
            "first": base + first.after,
            "spread": spread,
            "count": count,
        },
    ).fetchall()
    return [key for (key,) in rows]


def alerts(admin: psycopg.Connection, world: str = "custody", columns: str = "rule, step, severity") -> list[tuple]:
    """Return what the sweep has raised, in order."""
    table = {"custody": "coordination_custodyalert", "municipal_health": "coordination_municipalalert"}[world]
    return admin.execute(f"SELECT {columns} FROM {world}.{table} ORDER BY due_at, deadline_id, step").fetchall()


def mailed(admin: psycopg.Connection, cast: Cast) -> list[str]:
    """Return the personas that have a mail waiting, one entry a mail, sorted."""
    names = {member.membership.pk: name for name, member in cast.members.items()}
    return sorted(
        names[m] for (m,) in admin.execute("SELECT membership_id FROM base.coordination_outboxmail").fetchall()
    )


def municipal_letter(
    admin: psycopg.Connection, cast: Cast, rule: Rule, *, due: datetime = AT, desk: str | None = "north_team"
) -> UUID:
    """Lay a letter about nobody known here on a municipality's desk, as the postman does, and return its key."""
    key = uuid4()
    admin.execute(
        "INSERT INTO municipal_health.consent_municipalletter (id, agency_id, version, letter_id, thread_id, direction, kind, other_agency_id, sender_name, "
        "sender_role, body, digest, basis, statute, necessity, verified, desk_group_id, sent_at, acknowledged_by, filed_reference, awaits, rule, due_at, "
        "next_step, next_alert_at) VALUES (%s, %s, 1, %s, %s, 'in', 'test', %s, 'M. Eksempel', 'officer', '{}', '', 'LB04', '', '', true, %s, %s, '', '', "
        "'acknowledgement', %s, %s, 0, %s)",
        [
            *(key, cast.agencies["north_health"].pk, uuid4(), uuid4(), cast.agencies["north"].pk),
            *(cast.units[desk].group_id if desk else None, due - HOUR, rule.code, due, due + rule.steps[0].after),
        ],
    )
    return key
