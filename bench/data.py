"""The generated country: agencies, staff, people, patients, letters, deadlines and measures. All invented, the same at every run.

Written by a superuser past walls and triggers; what is measured never is. One prison and one health service have the same size and
the same day in every database (`fixed`), so that growth shows; the rest is spread evenly (`typical` is one of them).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from bench import records, server
from bench.rows import insert, without_indexes
from bench.server import Plain, run

DEPARTMENTS, TEAMS = 5, 2
FIXED_PEOPLE = 500
#: Of people, every so many is here now.
STAYS_NOW = 5
#: The region and the trust are those that every installation begins with.
FIRST = "(SELECT id FROM coordination_agency WHERE kind = '{}' ORDER BY name LIMIT 1)"
STEMS = "Aas Berg Bjerk Dal Eik Elv Fjell Foss Furu Gran Haug Holm Kvern Lund Moen Myr Nes Rogn Sand Skog Sol Stein Vik Øver".split()
ENDINGS = "bakken bekken berget bråten dalen engen eng gården haugen heim holmen lia lien lund moen neset rud rød sletta stad sæter tun vang vika vold".split()
GIVEN = "Alva Bjarne Celina Dagfinn Embla Frode Gyda Halvor Iben Jostein Kaja Leif Mina Njål Oda Peder Ragna Sivert Tiril Ulrik".split()


@dataclass(frozen=True)
class Size:
    """How many people, over how many agencies."""

    name: str
    people: int
    agencies: int

    @property
    def database(self) -> str:
        """Return the name of its database."""
        return f"{server.PREFIX}{self.name}"

    @property
    def fixed(self) -> int:
        """Return how many people the fixed prison has."""
        return min(FIXED_PEOPLE, self.people // 4)

    @property
    def prisons(self) -> int:
        """Return how many prisons there are; as many health services."""
        return self.agencies // 2


SIZES = {
    size.name: size
    for size in (
        Size("1k", 1_000, 10),
        Size("10k", 10_000, 40),
        Size("100k40", 100_000, 40),
        Size("100k", 100_000, 400),
        Size("1m", 1_000_000, 400),
    )
}


@dataclass(frozen=True)
class Seat:
    """Somebody who is measured: where they work and the token of their open session."""

    place: str
    role: str
    token: str
    agency: UUID
    membership: UUID
    groups: list[int]


def prepare(size: Size, template: str, say: Callable[[str], None] = lambda _text: None) -> str:
    """Return the name of a filled database of a size; one kept from before is used when nothing it rests on has changed."""
    mark = f"{server.fingerprint(server.MADE_OF)} {server.fingerprint(server.DATA)} {size}"
    with server.superuser("postgres") as connection:
        if server.comment_of(connection, size.database) == mark:
            return size.database
        say(f"filling {size.name}: {size.people:,} people over {size.agencies} agencies")
        server.clone(template, size.database)
        with server.superuser(size.database) as inside:
            fill(inside, size)
        server.remark(connection, size.database, mark)
    return size.database


def seats(connection: Plain) -> dict[tuple[str, str], Seat]:
    """Return who is measured, by place and role."""
    rows = run(connection, "SELECT place, role, token, agency, membership, groups FROM bench.seat").fetchall()
    return {(row[0], row[1]): Seat(*row) for row in rows}


def fill(connection: Plain, size: Size) -> None:
    """Write everything into an empty database, and gather statistics."""
    for setting in (
        "session_replication_role = replica",
        "synchronous_commit = off",
        "maintenance_work_mem = '256MB'",
        "work_mem = '64MB'",
    ):
        run(connection, f"SET {setting}")
    run(connection, "CREATE SCHEMA bench")
    _agencies(connection, size)
    _staff(connection)
    _who(connection, size)
    tables = [
        f"custody.{t}"
        for t in (
            "coordination_person",
            "coordination_persongrant",
            "coordination_stay",
            "coordination_custodydeadline",
        )
    ]
    with without_indexes(connection, *tables):
        records.custody(connection)
    tables = [
        "isolation_check",
        "consent_custodyletter",
        "consent_municipalletter",
        "coordination_municipalpatient",
        "coordination_municipalpatientgrant",
    ]
    with without_indexes(connection, *tables):
        records.patients(connection)
        records.letters(connection)
        records.measures(connection)
    run(connection, "DROP TABLE bench.who")
    run(connection, "VACUUM (ANALYZE)")
    run(connection, "CHECKPOINT")


def _list(words: list[str], place: str) -> str:
    return f"(ARRAY[{', '.join(repr(word) for word in words)}])[1 + ({place}) % {len(words)}]"


def _agencies(connection: Plain, size: Size) -> None:
    """Make prisons and health services by number, 0 the fixed and 1 the typical, with units and their groups."""
    run(
        connection,
        f"CREATE TABLE bench.place AS SELECT n, uuidv7() AS prison, uuidv7() AS service FROM generate_series(0, {size.prisons - 1}) n",  # noqa: S608
    )
    region, trust = FIRST.format("region"), FIRST.format("health_trust")
    insert(
        connection,
        "coordination_agency",
        {
            "id": "service",
            "world": "'municipal_health'",
            "kind": "'muni_health'",
            "name": "'Helsetjeneste ' || n",
            "specialist_service_id": trust,
        },
        "FROM bench.place",
    )
    insert(
        connection,
        "coordination_agency",
        {
            "id": "prison",
            "world": "'custody'",
            "kind": "'prison'",
            "name": "'Fengsel ' || n",
            "region_id": region,
            "health_service_id": "service",
            "specialist_service_id": trust,
        },
        "FROM bench.place",
    )
    run(
        connection,
        f"""CREATE TABLE bench.unit AS
            SELECT side, n, u, CASE side WHEN 'prison' THEN prison ELSE service END AS agency, prison, uuidv7() AS unit,
                   (100000 + row_number() OVER (ORDER BY n, side, u))::int AS grp
              FROM bench.place, (VALUES ('prison', {DEPARTMENTS}), ('service', {TEAMS})) s (side, many), generate_series(0, many - 1) u""",  # noqa: S608
    )
    insert(connection, "auth_group", {"id": "grp", "name": "'unit:' || unit"}, "FROM bench.unit")
    insert(
        connection,
        "coordination_unit",
        {
            "id": "unit",
            "agency_id": "agency",
            "group_id": "grp",
            "serves_id": "CASE side WHEN 'service' THEN prison END",
            "kind": "CASE side WHEN 'prison' THEN 'department' ELSE 'team' END",
            "name": "CASE side WHEN 'prison' THEN 'Avdeling ' ELSE 'Team ' END || u",
        },
        "FROM bench.unit",
    )
    run(connection, "ALTER TABLE bench.unit ADD PRIMARY KEY (side, n, u)")


def _staff(connection: Plain) -> None:
    """Give every unit somebody who follows its people and every agency a leader; open sessions for those who are measured."""
    run(
        connection,
        """CREATE TABLE bench.member AS
            SELECT uuidv7() AS member, uuidv7() AS usr, agency, n, side, CASE side WHEN 'prison' THEN 'officer' ELSE 'prison_nurse' END AS role,
                   'unit' AS reach, unit, ARRAY[grp] AS groups, u FROM bench.unit
             UNION ALL SELECT uuidv7(), uuidv7(), agency, n, side, CASE side WHEN 'prison' THEN 'duty_leader' ELSE 'health_leader' END, 'agency', NULL,
                   array_agg(grp ORDER BY u), 0 FROM bench.unit GROUP BY agency, n, side
             UNION ALL SELECT uuidv7(), uuidv7(), a.id, n, 'region', 'region', 'agency', NULL, '{}'::int[], 0
                  FROM (SELECT id FROM coordination_agency WHERE kind = 'region' ORDER BY name LIMIT 1) a, generate_series(0, 1) n""",
    )
    insert(
        connection,
        "coordination_user",
        {"id": "usr", "username": "'bench-' || member", "full_name": "'Prøve Person'", "is_active": "true"},
        "FROM bench.member",
    )
    insert(
        connection,
        "coordination_membership",
        {
            "id": "member",
            "user_id": "usr",
            "agency_id": "agency",
            "role": "role",
            "reach": "reach",
            "display_name": "'Prøve Person'",
            "started_at": "now() - interval '400 days'",
            "version": "1",
        },
        "FROM bench.member",
    )
    insert(
        connection,
        "coordination_membershipunit",
        {"agency_id": "agency", "membership_id": "member", "unit_id": "unit", "is_home": "true"},
        "FROM bench.member WHERE unit IS NOT NULL",
    )
    run(
        connection,
        """CREATE TABLE bench.seat AS SELECT CASE n WHEN 0 THEN 'fixed' ELSE 'typical' END AS place, replace(role, 'prison_nurse', 'nurse') AS role, 'bench-' || n || '-' || role AS token,
                  agency, member AS membership, usr, groups FROM bench.member WHERE n < 2 AND u = 0""",
    )
    run(
        connection,
        "SELECT sec.open_session(token, usr, membership, interval '10 years', interval '10 years', true) FROM bench.seat",
    )


def _who(connection: Plain, size: Size) -> None:
    """Decide where everybody lives. `k` is what everything about somebody follows from: in the fixed prison the same in every size."""
    step = size.people // size.fixed
    run(
        connection,
        f"""CREATE UNLOGGED TABLE bench.who AS
            SELECT w.k, w.fixed, w.n, h, u.unit, u.grp, u.agency, u.prison, t.unit AS team, t.grp AS team_grp, t.agency AS service, m.member AS by,
                   uuidv7() AS person, uuidv7() AS patient, {_list(STEMS, "h")} || {_list(ENDINGS, "h >> 9")} AS family, {_list(GIVEN, "h >> 14")} AS given,
                   k % {STAYS_NOW} = 0 AS here
              FROM (SELECT k, fixed, CASE WHEN fixed THEN 0 ELSE 1 + ((h >> 3) % {size.prisons - 1})::int END AS n, h
                      FROM (SELECT k, fixed, hashint8(k)::bigint & 2147483647 AS h FROM (
                              SELECT i % {step} = 0 AS fixed, CASE WHEN i % {step} = 0 THEN i / {step} ELSE i + 1000000 END AS k
                                FROM generate_series(1, {size.people}::bigint) i) a) b) w
              JOIN bench.unit u ON u.side = 'prison' AND u.n = w.n AND u.u = (w.h >> 5) % {DEPARTMENTS}
              JOIN bench.unit t ON t.side = 'service' AND t.n = w.n AND t.u = (w.h >> 7) % {TEAMS}
              JOIN bench.member m ON m.side = 'prison' AND m.reach = 'agency' AND m.n = w.n
             ORDER BY w.h""",  # noqa: S608
    )
