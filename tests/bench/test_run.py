"""The whole bench once in a country of a thousand people: everything is measured, and nothing is left behind. No time is judged."""

import os
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connections

from bench import audit, data, pages, plain, run, server, walls
from coordination.audit import begin as begin_noting
from coordination.models import Person
from tests.database import clone

SIZE = data.SIZES["1k"]


@pytest.fixture(scope="module")
def template(django_db_blocker, worker_id: str):
    """Give a migrated database to clone from: the tests' own template, so that none is migrated twice."""
    with django_db_blocker.unblock():
        name = clone(f"bench_{worker_id}")
        yield name
        with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="module")
def country(template):
    """Give the name of a filled database."""
    name = data.prepare(SIZE, template)
    yield name
    server.drop(name)


def databases() -> set[str]:
    """Return the bench's databases on the server."""
    with psycopg.connect(server.admin_url("postgres")) as connection:
        return {
            name
            for (name,) in connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'samvirke\\_bench\\_%'"
            )
        }


def test_the_generated_country_keeps_every_constraint(country):
    with server.superuser(country) as connection:
        assert server.one(connection, "SELECT count(*) FROM coordination_person") == SIZE.people
        assert server.one(connection, "SELECT count(DISTINCT agency_id) FROM coordination_person") == SIZE.prisons
        fixed = data.seats(connection)["fixed", "duty_leader"]
        assert (
            server.one(connection, "SELECT count(*) FROM coordination_person WHERE agency_id = %s", [fixed.agency])
            == SIZE.fixed
        )
        keys = server.run(
            connection, "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
        ).fetchall()
        for table, name in keys:
            # Written with triggers off: each foreign key is made anew, and PostgreSQL reads every row for it.
            what = server.one(
                connection,
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
                [name, table],
            )
            server.run(connection, f"ALTER TABLE {table} ADD CONSTRAINT again_{name[:50]} {what}")
            server.run(connection, f"ALTER TABLE {table} DROP CONSTRAINT again_{name[:50]}")


@pytest.mark.parametrize("role", ["officer", "duty_leader", "nurse", "region"])
def test_walls_hand_and_guardian_answer_the_same(country, role, django_db_blocker):
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        free = stack.enter_context(server.superuser(country))
        stack.enter_context(server.pointed_at(country))
        seat = data.seats(free)["typical", role]
        actor = walls.actor_of(seat)
        walled = stack.enter_context(walls.behind_walls(country, seat))
        others = (
            walls.by_hand(actor, seat),
            walls.by_guardian(actor, seat),
            walls.by_guardian(actor, seat, inside_agency=True),
        )
        for kind, asked in walls.product(actor).items():
            mine = asked.on(walled)()
            assert all(other[kind].on(free)() == mine for other in others)
            assert bool(mine[0][0] if kind == "count" else mine) is (role != "region")


def test_two_queries_that_differ_are_never_timed():
    with pytest.raises(AssertionError, match="different rows"):
        walls.same("x", lambda: [1], lambda: [2])


def test_the_filter_by_hand_is_gone_after_its_block(country, django_db_blocker):
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        free = stack.enter_context(server.superuser(country))
        with pages.opened(country, free):
            reset = plain._groups.set([1])
            assert "group_id" in str(Person.objects.all().query)
            plain._groups.reset(reset)
            assert "group_id" not in str(Person.objects.all().query)
    reset = plain._groups.set([1])
    assert "group_id" not in str(Person.objects.all().query)
    plain._groups.reset(reset)


def test_audit_triggers_are_back_after_their_block(country):
    off = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit\\_%' AND tgenabled = 'D'"
    with server.superuser(country) as free:
        with plain.unaudited_writes(free):
            assert server.one(free, off) > 0
        assert server.one(free, off) == 0


def test_a_page_without_a_url_is_skipped_with_the_reason(country, django_db_blocker):
    with django_db_blocker.unblock(), server.superuser(country) as free:
        seat = data.seats(free)["fixed", "officer"]
        with pytest.raises(LookupError, match="no URL is called nowhere yet"):
            pages.address(pages.Page("page.nowhere", ("nowhere",), ("officer",)), free, seat)


@pytest.mark.slow
def test_everything_runs_once_and_leaves_nothing(template, django_db_blocker):
    with django_db_blocker.unblock():
        before, url = databases(), os.environ["DATABASE_URL"]
        places = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
        results = run.measure(["1k"], effort=run.SMOKE, template=template)
    names = set(results.numbers)
    for kind in ("list", "count", "search"):
        for who in ("unit", "agency", "nurse", "region"):
            assert {f"walls.{kind}.{who}", f"guardian.{kind}.{who}"} <= names
    assert {
        "walls.letters.inbox",
        "audit.cost",
        "report.year",
        "sweep.minute",
        "sweep.backlog",
        "pdf.growth",
        "pdf.memory",
        "page.worklist",
        "page.person.officer",
        "page.person.nurse",
    } <= names
    assert all(value >= 0 for value in results.numbers.values())
    # One size cannot grow, and nobody may read the country's figures. Whatever else is not measured is broken.
    assert set(results.skipped) == {"growth.*", "report.national"}, results.skipped
    assert not set(results.skipped) & names
    with django_db_blocker.unblock():
        assert databases() <= before
    assert os.environ["DATABASE_URL"] == url
    assert {alias: connections[alias].settings_dict["NAME"] for alias in connections} == places
    assert audit.audit.begin is begin_noting
