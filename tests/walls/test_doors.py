"""Every door, by every kind of person, with every method: who gets in, and that hidden and absent look the same.

The doors come from the URL configuration; one without a row in `tests/walls/doors.py` fails. Every subject exists, so that whatever could leak is there.
"""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.walls.doors import DOORS, NAMES, OPEN, PERSONAS, STRANGERS, address, who_gets_in


@pytest.fixture(scope="module")
def clients(told) -> dict[str, Client]:
    """Give one logged-in client per persona."""
    cast, _story = told
    return {name: cast[name].client() for name in PERSONAS}


def test_every_door_has_a_row_and_every_row_a_door():
    assert set(DOORS) | set(OPEN) == NAMES
    assert not set(DOORS) & set(OPEN)


@pytest.mark.parametrize("door", sorted(DOORS))
def test_a_stranger_is_sent_to_the_login_page(told, door):
    _cast, story = told
    about = DOORS[door].split()[0].removeprefix("POST:")
    path = address(door, None if about == "-" else story[about])
    for method in ("get", "post", "put", "delete"):
        response = getattr(Client(), method)(path)
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


@pytest.mark.parametrize("door", sorted(DOORS))
def test_who_gets_in_by_reading(told, clients, door):
    _cast, story = told
    about = DOORS[door].split()[0]
    path = address(door, None if about.endswith("-") else story[about.removeprefix("POST:")])
    wrong = {}
    for name, client in clients.items():
        status = client.get(path).status_code
        if about.startswith("POST:"):
            right = status in {404, 405}
        elif name in who_gets_in(door):
            right = status in {200, 302, 303}
        else:
            right = status == 404
        if not right:
            wrong[name] = status
    assert wrong == {}


def _bare(body: bytes, path: str) -> bytes:
    """Return a page without what differs by nature: its own path, the token of its forms, and the clock."""
    body = body.replace(path.encode(), b"")
    body = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)
    return re.sub(rb'data-now="[^"]+"|kl\. \d\d\.\d\d', b"", body)


@pytest.mark.parametrize("door", sorted(d for d in DOORS if not DOORS[d].startswith(("- ", "POST:- "))))
def test_hidden_and_absent_are_the_same_to_whoever_may_not_come(told, clients, door):
    """By reading and by writing, and with the same body: nobody learns that a key means something elsewhere."""
    _cast, story = told
    about = DOORS[door].split()[0].removeprefix("POST:")
    hidden, absent = address(door, story[about]), address(door, uuid.uuid4())
    for name in STRANGERS:
        if name in who_gets_in(door) or (name == "prison_admin" and about in {"membership", "unit"}):
            continue
        for method in ("get", "post"):
            seen, nothing = getattr(clients[name], method)(hidden), getattr(clients[name], method)(absent)
            assert seen.status_code == nothing.status_code, (name, method)
            assert seen.status_code in {404, 405}, (name, method)
            assert _bare(seen.content, hidden) == _bare(nothing.content, absent), (name, method)


@pytest.mark.parametrize("door", sorted(DOORS))
def test_methods_that_nobody_uses_are_refused(told, clients, door):
    _cast, story = told
    about = DOORS[door].split()[0].removeprefix("POST:")
    path = address(door, None if about == "-" else story[about])
    for method in ("put", "patch", "delete"):
        assert getattr(clients["duty_leader"], method)(path).status_code in {404, 405}


def test_no_prison_page_carries_what_the_health_service_wrote(told, clients):
    """The story has canaries in health records; no page of the prison's shows one, and the health pages do."""
    _cast, story = told
    for door, row in DOORS.items():
        about = row.split()[0]
        if about.startswith("POST:"):
            continue
        path = address(door, None if about == "-" else story[about])
        for name in ("officer", "duty_leader", "warden", "release_caseworker", "region"):
            assert b"KANARI-HELSE" not in clients[name].get(path).content, (door, name)
    assert b"KANARI-HELSE" in clients["nurse"].get(address("consultation", story["consultation"])).content
    assert b"KANARI-HELSE" in clients["doctor"].get(address("visit", story["visit"])).content
