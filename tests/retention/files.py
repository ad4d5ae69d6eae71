"""What the tests of retention share: everything there is about somebody, found without the code that deletes; and time that has passed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from coordination import retention
from coordination.walls.declaration import Kind, wall_of, walled_models
from coordination.worlds import World
from tests.cast import Cast

YEARS = timedelta(days=3660)


def about(admin: psycopg.Connection, world: World, person: UUID) -> dict[str, int]:
    """Return how many rows each table of a world has about a person, by the declared walls; nothing where there are none."""
    found = {}
    for model in walled_models():
        wall = wall_of(model)
        if wall is None or wall.world is not world:
            continue
        column = {Kind.SUBJECT: "id", Kind.GRANT: "content_object_id"}.get(wall.kind, wall.person)
        if column:
            table = model._meta.db_table
            (count,) = admin.execute(f"SELECT count(*) FROM {world}.{table} WHERE {column} = %s", [person]).fetchone()
            if count:
                found[table] = count
    return found


def released(admin: psycopg.Connection, person: UUID, ago: str = "10 years 1 day") -> None:
    """Let the person's last stay have ended some time ago."""
    admin.execute(
        "UPDATE custody.coordination_stay SET ended_at = now() - %s::interval, admitted_at = now() - interval '12 years', "
        "end_reason = 'released' WHERE person_id = %s",
        [ago, person],
    )


def lifted(cast: Cast, pk: UUID) -> None:
    """Lift a hold."""
    from coordination import clock
    from coordination.people import holds

    with cast["warden"].acting() as actor:
        holds.lift(actor, pk, reason="Saken er avsluttet.", at=clock.now())


def run(**more: Any) -> dict[tuple[str, str], dict[str, int]]:
    """Delete what is due, or what `more` says; return rows by agency and rule."""
    return {(done.agency, done.rule): done.rows for done in retention.run(**{"really": True, **more})}


def logged(admin: psycopg.Connection) -> list[tuple[Any, ...]]:
    """Return what the log says of deletions: agency, table, keys, people, ground."""
    return admin.execute(
        "SELECT agency_id, subject_table, object_ids, person_ids, purpose FROM audit.entry WHERE action = 'delete' AND purpose <> '' ORDER BY seq"
    ).fetchall()
