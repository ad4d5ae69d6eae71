"""Thousands of requests of different people through the same few connections: nobody is ever answered as somebody else.

Requests that fail halfway and connections that die under them are mixed in; an identity must not survive its transaction in any of them.
With SAMVIRKE_POOLER the same drill goes through a pooler that shares fewer connections than there are threads (see docs/security.md).
"""

import os
import random
import threading
from collections import Counter
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import Error, ProgrammingError, connections

from coordination.models import MunicipalPatient, Person
from tests.database import admin_url

REQUESTS, THREADS = 5000, 6
CUSTODY = ("officer", "officer_b", "duty_leader", "warden", "south_officer", "south_duty_leader", "region")
HEALTH = ("nurse", "doctor", "south_nurse", "south_doctor")


class Broken(Exception):
    """A view that fails after it has read."""


def read(name: str) -> frozenset[Any]:
    """Return the keys that an unfiltered question gives whoever acts."""
    model = Person if name in CUSTODY else MunicipalPatient
    return frozenset(row.pk for row in model.objects.all())


@pytest.fixture
def route(told):
    """Lead the application through the pooler of SAMVIRKE_POOLER (`host:port`), if one is named, for one test."""
    host, _colon, port = os.environ.get("SAMVIRKE_POOLER", "").partition(":")
    straight = dict(settings.DATABASES["default"])
    if host:
        connections["default"].close()
        # The pooler's own settings give the search path: it takes no options from a client.
        through = {**straight, "HOST": host, "PORT": port, "OPTIONS": {**straight["OPTIONS"], "options": ""}}
        for place in (settings.DATABASES["default"], connections["default"].settings_dict):
            place.update(through)
    yield
    connections["default"].close()
    for place in (settings.DATABASES["default"], connections["default"].settings_dict):
        place.update(straight)


@pytest.mark.usefixtures("route")
def test_five_thousand_interleaved_requests_are_each_answered_as_themselves(told, admin):
    cast, _story = told
    names = CUSTODY + HEALTH
    truth = {}
    for name in names:
        with cast[name].acting():
            truth[name] = read(name)
    assert len(set(truth.values())) >= 5, "a mix-up would show"
    wrong: list[tuple[str, str]] = []
    went: Counter[str] = Counter()
    turns = iter(range(REQUESTS))
    lock = threading.Lock()
    database = admin.info.dbname

    def request(name: str, fate: str) -> None:
        try:
            with cast[name].acting():
                seen = read(name)
                if seen != truth[name]:
                    wrong.append((name, "read another's"))
                if fate == "breaks":
                    raise Broken
                if fate == "dies":
                    with connections["default"].cursor() as cursor:
                        cursor.execute("SELECT pg_backend_pid()")
                        (backend,) = cursor.fetchone()
                    with psycopg.connect(admin_url(database), autocommit=True) as executioner:
                        executioner.execute("SELECT pg_terminate_backend(%s, 2000)", [backend])
                    read(name)
                    wrong.append((name, "a dead connection answered"))
        except Broken:
            went["broke"] += 1
        except Error:
            went["died"] += 1
            assert fate == "dies", name
            connections["default"].close()
        else:
            went["answered"] += 1
        # Whoever comes next on this connection without saying who they are, is nobody.
        if fate == "nobody":
            try:
                left = Person.objects.count() + MunicipalPatient.objects.count()
                wrong.append((name, f"left an identity behind, {left} rows"))
            except ProgrammingError:
                went["refused"] += 1

    def work(seed: int) -> None:
        chance = random.Random(seed)
        fates = ("well",) * 40 + ("breaks",) * 5 + ("nobody",) * 4 + ("dies",)
        try:
            while True:
                with lock:
                    if next(turns, None) is None:
                        return
                request(chance.choice(names), chance.choice(fates))
        except BaseException as problem:
            wrong.append(("thread", repr(problem)))
            raise
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert went["answered"] + went["broke"] + went["died"] == REQUESTS
    assert went["broke"] > 100
    assert went["died"] > 20
    assert went["refused"] > 100
    assert went["answered"] > 4000
