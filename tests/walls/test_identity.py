"""Identities that are forged, stolen, replayed, kept, revoked or too old open nothing; the genuine one does."""

import random
import string

import psycopg
import pytest

from coordination.walls.declaration import Kind
from coordination.worlds import SCHEMAS, World
from tests.database import login_url
from tests.walls.test_rows import _copy
from tests.walls.world import TABLES, Filled, Somebody

TABLE = "coordination_person"
READ = f"SELECT count(*) FROM {TABLE}"


@pytest.fixture
def who(filled: Filled) -> Somebody:
    """Give somebody with whole-agency reach in custody."""
    return next(m for m in filled.members if m.world is World.CUSTODY and m.reach == "agency")


def _count(connection) -> int:
    return connection.execute(READ).fetchone()[0]


def _context(connection) -> str:
    return connection.execute("SELECT current_setting('samvirke.ctx')").fetchone()[0]


def _other(filled: Filled) -> psycopg.Connection:
    return psycopg.connect(login_url("samvirke_web", filled.name), options=f"-c search_path={','.join(SCHEMAS)}")


def test_the_genuine_identity_reads(filled, who):
    with filled.acting(who) as connection:
        assert _count(connection) == len(filled.expected(who, TABLE)) > 0


def test_three_thousand_forgeries_read_nothing(filled, who):
    chance = random.Random(11)
    with filled.acting(who) as connection:
        genuine = _context(connection)
        kept = 0
        for _number in range(3000):
            forged = _mutate(genuine, chance)
            if forged == genuine:
                continue
            connection.execute("SELECT set_config('samvirke.ctx', %s, true)", [forged])
            if _count(connection):
                kept += 1
        connection.execute("SELECT set_config('samvirke.ctx', %s, true)", [genuine])
        assert _count(connection) > 0
        assert kept == 0


def _mutate(text: str, chance: random.Random) -> str:
    """Return the text with a field swapped, a character changed, cut, added, or a field emptied."""
    parts = text.split("|")
    kind = chance.randrange(5)
    if kind == 0:
        at = chance.randrange(len(text))
        return text[:at] + chance.choice(string.hexdigits + "|-,") + text[at + 1 :]
    if kind == 1:
        return text[: chance.randrange(len(text))]
    if kind == 2:
        one, two = chance.sample(range(len(parts)), 2)
        parts[one], parts[two] = parts[two], parts[one]
    elif kind == 3:
        parts[chance.randrange(len(parts))] = ""
    else:
        parts[6] = chance.choice(["agency", "unit", "admin", "all"])
        parts[7] = ",".join(str(chance.randrange(2000)) for _ in range(3))
    return "|".join(parts)


@pytest.mark.parametrize(
    ("field", "value"),
    [(4, "other agency"), (6, "unit"), (5, "municipal_health"), (7, "1000,1001,1002,1003"), (1, "2"), (8, "1")],
)
def test_a_changed_field_breaks_the_seal(filled, who, field, value):
    if value == "other agency":
        value = str(next(m.agency for m in filled.members if m.world is who.world and m.agency != who.agency))
    with filled.acting(who) as connection:
        parts = _context(connection).split("|")
        parts[field] = value
        connection.execute("SELECT set_config('samvirke.ctx', %s, true)", ["|".join(parts)])
        assert _count(connection) == 0


def test_an_identity_stolen_into_another_connection_reads_nothing(filled, who):
    with filled.acting(who) as connection, _other(filled) as thief:
        stolen = _context(connection)
        thief.execute("SET LOCAL ROLE samvirke_custody_agency")
        thief.execute("SELECT set_config('samvirke.ctx', %s, true)", [stolen])
        assert _count(thief) == 0
        assert _count(connection) > 0


def test_an_identity_replayed_in_a_later_transaction_reads_nothing(filled, who):
    with _other(filled) as connection:
        connection.execute("SELECT set_config('role', a.db_role, true) FROM sec.begin(%s) a", [who.token])
        genuine = _context(connection)
        assert _count(connection) > 0
        connection.commit()
        connection.execute("SET LOCAL ROLE samvirke_custody_agency")
        connection.execute("SELECT set_config('samvirke.ctx', %s, true)", [genuine])
        assert _count(connection) == 0


def test_an_identity_kept_at_session_level_reads_nothing_later(filled, who):
    with _other(filled) as connection:
        connection.execute("SELECT set_config('role', a.db_role, true) FROM sec.begin(%s) a", [who.token])
        connection.execute("SELECT set_config('samvirke.ctx', current_setting('samvirke.ctx'), false)")
        connection.commit()
        connection.execute("SET LOCAL ROLE samvirke_custody_agency")
        assert _count(connection) == 0


@pytest.mark.parametrize("token", ["", "guess", "' OR true --", "x" * 4000])
def test_a_guessed_token_opens_nothing(filled, token):
    with filled.acting(None) as connection:
        assert connection.execute("SELECT count(*) FROM sec.begin(%s)", [token]).fetchone()[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        "revoked_at = clock_timestamp()",
        "ends_at = clock_timestamp() - interval '1 second'",
        "seen_at = clock_timestamp() - idle - interval '1 second'",
    ],
)
def test_a_closed_or_old_session_opens_nothing(filled, who, change):
    filled.admin.execute("BEGIN")
    before = filled.admin.execute("SELECT * FROM sec.session WHERE membership_id = %s", [who.membership]).fetchone()
    filled.admin.execute("COMMIT")
    assert before
    try:
        filled.admin.execute(f"UPDATE sec.session SET {change} WHERE membership_id = %s", [who.membership])
        with filled.acting(None) as connection:
            assert connection.execute("SELECT count(*) FROM sec.begin(%s)", [who.token]).fetchone()[0] == 0
    finally:
        filled.admin.execute(
            "UPDATE sec.session SET revoked_at = NULL, ends_at = now() + interval '1 day', seen_at = now() WHERE membership_id = %s",
            [who.membership],
        )
    with filled.acting(None) as connection:
        assert connection.execute("SELECT count(*) FROM sec.begin(%s)", [who.token]).fetchone()[0] == 1


@pytest.mark.parametrize(
    "function",
    [
        "sec._bind(NULL, NULL)",
        "sec.open_session('a', NULL, NULL, '1 day', '1 day', true)",
        "sec.begin_job(NULL)",
        "audit._append('a', 'b', '{}', '{}', '', NULL)",
    ],
)
def test_the_web_login_cannot_call_what_mints(filled, who, function):
    with filled.acting(who) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT {function}")


def test_the_oracles_are_closed(filled, who):
    """Hidden and absent give the same refusal: by foreign key and by direct key."""
    other = next(
        a
        for a in filled.people
        if a != who.agency and any(m.agency == a and m.world is who.world for m in filled.members)
    )
    hidden, absent = filled.people[other][0], "00000000-0000-4000-8000-000000000000"
    table = next(t for t, w in TABLES.items() if w.kind is Kind.PERSONAL and w.world is who.world)
    answers = []
    for person in (hidden, absent):
        with filled.acting(who) as connection:
            assert connection.execute(f"SELECT count(*) FROM {TABLE} WHERE id = %s", [person]).fetchone()[0] == 0
            own = connection.execute(f"SELECT id FROM {table} LIMIT 1").fetchone()[0]
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
                _copy(connection, table, own, {TABLES[table].person: person})
            answers.append(
                (refusal.value.sqlstate, refusal.value.diag.message_primary, refusal.value.diag.message_detail)
            )
    assert answers[0] == answers[1]
