"""No data without a trace, and no trace without data: what pages show against what the log says of the very same request."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from coordination.models import Person
from coordination.sweep import sweep
from coordination.walls.declaration import Kind, walled_models
from coordination.worlds import CONTENT_ROLES
from tests.cast import AT, INMATES
from tests.engine.making import HOUR, T1, deadline, install, uninstall

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PERSONAL = {Kind.SUBJECT, Kind.PERSONAL, Kind.LETTER}
#: Who opens the pages: one of each reach and world, and one of the other prison.
READERS = (
    "officer",
    "duty_leader",
    "warden",
    "release_caseworker",
    "south_duty_leader",
    "nurse",
    "doctor",
    "health_leader",
    "trust_intake",
    "trust_clinician",
    "region",
)


def doors(patterns=None, prefix: str = "/") -> Iterator[str]:
    """Return the address of every page that takes no argument."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from doors(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and "<" not in route and "(" not in route:
            yield route.replace("^", "").replace("$", "")


@pytest.fixture
def alerted(cast, admin, monkeypatch) -> Iterator[None]:
    """Give alerts about somebody in each prison, with the clock standing shortly after."""
    install(T1)
    deadline(admin, cast, T1)
    deadline(admin, cast, T1, person="trompet", unit="north_b")
    deadline(admin, cast, T1, person="sjiraff", unit="south_a")
    sweep(AT)
    monkeypatch.setattr("coordination.clock.now", lambda: AT + HOUR / 4)
    yield
    uninstall(T1)


@pytest.fixture
def rows(cast, admin, alerted) -> dict[UUID, tuple[str, UUID | None]]:
    """Give the key of every personal row in the database, its table and whom it is about."""
    found = {}
    for model in walled_models():
        if model.wall.kind in PERSONAL:
            table = f"{model.wall.world}.{model._meta.db_table}"
            person = "id" if model.wall.kind is Kind.SUBJECT else model.wall.person
            found.update(
                {key: (table, whom) for key, whom in admin.execute(f"SELECT id, {person} FROM {table}").fetchall()}
            )
    return found


def traced(admin: psycopg.Connection, after: int) -> tuple[set[UUID], set[UUID], set[UUID | None]]:
    """Return every row and person named in the log since an entry, and the requests."""
    entries = admin.execute(
        "SELECT object_ids, person_ids, request FROM audit.entry WHERE seq > %s", [after]
    ).fetchall()
    return (
        {i for ids, _p, _r in entries for i in ids},
        {p for _i, persons, _r in entries for p in persons},
        {r for _i, _p, r in entries},
    )


def last(admin) -> int:
    return admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]


@pytest.mark.parametrize("name", READERS)
def test_every_row_a_page_names_is_in_the_log_of_that_request(cast, admin, rows, name):
    client = cast[name].client(raise_request_exception=False)
    people = {str(key): family for (family, *_rest), key in zip(INMATES.values(), cast.people.values(), strict=True)}
    shown, unlogged, opened = set(), [], 0
    for address in sorted(doors()):
        if address.endswith(("/logout/", "logg-ut/")) or address.startswith("/static"):
            continue
        before = last(admin)
        answer = client.get(address)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith(
            ("text/html", "application/json")
        ):
            continue
        opened += 1
        body = answer.content.decode()
        objects, persons, requests = traced(admin, before)
        assert len(requests - {None}) <= 1, address
        ids = {UUID(i) for i in ID.findall(body)} & set(rows)
        shown |= ids
        # A key of a row that was not read may stand in a link (what a deadline is about): then the person is in the log.
        unlogged += [(address, *rows[i]) for i in ids - objects - persons if rows[i][1] not in persons]
        unlogged += [
            (address, "name", family)
            for key, family in people.items()
            if re.search(rf"\b{family}\b", body) and UUID(key) not in persons
        ]
    assert unlogged == []
    assert opened >= 2
    if name not in {"region", "nurse", "doctor", "health_leader", "trust_intake", "trust_clinician"}:
        assert shown, "nothing was shown, so nothing is proven"


def test_a_page_about_a_person_is_logged_with_its_door_and_reader(cast, admin, rows):
    before = last(admin)
    answer = cast["officer"].client().get("/varsler/")
    assert "Fiolin" in answer.content.decode()
    entries = admin.execute(
        "SELECT membership_id, agency_id, purpose, action FROM audit.entry WHERE seq > %s AND %s = ANY (person_ids)",
        [before, cast.people["fiolin"]],
    ).fetchall()
    member = cast["officer"].membership
    assert set(entries) == {(member.pk, member.agency_id, "alerts", "read")}


@contextmanager
def no_log(admin: psycopg.Connection) -> Iterator[None]:
    """Take away the right to write in the log. Privileges are not in the snapshot, so they are given back here."""
    roles = ", ".join(CONTENT_ROLES)
    admin.execute(f"REVOKE EXECUTE ON FUNCTION audit.write(jsonb, uuid) FROM {roles}")
    try:
        yield
    finally:
        admin.execute(f"GRANT EXECUTE ON FUNCTION audit.write(jsonb, uuid) TO {roles}")


@pytest.mark.parametrize("address", ["/", "/varsler/", "/personer/", "/personer/{fiolin}/"])
def test_if_the_log_cannot_be_written_the_answer_carries_no_data(cast, admin, alerted, address):
    address = address.format(fiolin=cast.people["fiolin"])
    client = cast["officer"].client(raise_request_exception=False)
    whole = client.get(address)
    assert whole.status_code == 200, "the twin: with a log the same page shows the person"
    assert "Fiolin" in whole.content.decode()
    before = last(admin)
    with no_log(admin):
        broken = client.get(address)
    assert broken.status_code == 500
    body = broken.content.decode()
    assert [word for word in ("Fiolin", "Blid", str(cast.people["fiolin"]), "audit") if word in body] == []
    assert last(admin) == before
    assert client.get(address).content.decode().count("Fiolin") == whole.content.decode().count("Fiolin")


def test_a_read_that_was_not_logged_did_not_happen(cast, admin):
    """In the transaction itself: what was written together with the unlogged read is undone."""

    def write_and_read() -> None:
        with cast["duty_leader"].acting():
            Person.objects.filter(pk=cast.people["fiolin"]).update(cell="X-9")
            assert Person.objects.get(pk=cast.people["fiolin"]).cell == "X-9"

    with no_log(admin), pytest.raises(Exception, match="permission denied"):
        write_and_read()
    assert admin.execute("SELECT count(*) FROM custody.coordination_person WHERE cell = 'X-9'").fetchone() == (0,)


def test_what_the_walls_hide_is_neither_shown_nor_logged_as_read(cast, admin, alerted):
    before = last(admin)
    body = cast["south_duty_leader"].client().get("/varsler/").content.decode()
    assert "Sjiraff" in body
    assert "Fiolin" not in body
    _objects, persons, _requests = traced(admin, before)
    assert persons == {cast.people["sjiraff"]}
