"""The application without its own filters: what every page says when no queryset narrows by agency, unit or role. The walls alone must do.

And what surrounds every answer, good or bad: the headers that keep a browser from doing more than the page asks.
"""

import re
from typing import Any

import pytest
from django.db.models import QuerySet

from coordination.models import MunicipalPatient, Person, Role, SpecialistPatient
from coordination.worlds import World
from tests.walls.doors import DOORS, OPEN, PERSONAS, STRANGERS, address, who_gets_in

SUBJECTS: dict[World, Any] = {
    World.CUSTODY: Person,
    World.MUNICIPAL_HEALTH: MunicipalPatient,
    World.SPECIALIST_HEALTH: SpecialistPatient,
}
#: Conditions by which the application itself keeps agencies and units apart.
OWN_FILTERS = re.compile(r"^(?:\w+__)?(?:agency|agency_id|unit|unit_id|membership_id|unit__in|unit_id__in)$")
LISTS = sorted(door for door, row in DOORS.items() if row.startswith("- "))
#: Units are no secret; everything else about a key is.
SINGLE = sorted(door for door, row in DOORS.items() if not row.startswith(("- ", "POST:", "unit ")))


@pytest.fixture
def unfiltered(monkeypatch):
    """Take the application's own filters away; give the list of those that were taken."""
    taken: list[str] = []
    honest = QuerySet.filter

    def careless(self: Any, *args: Any, **conditions: Any) -> Any:
        kept = {name: value for name, value in conditions.items() if not OWN_FILTERS.match(name)}
        taken.extend(set(conditions) - set(kept))
        return honest(self, *args, **kept)

    monkeypatch.setattr(QuerySet, "filter", careless)
    return taken


def strangers_to(cast: Any, name: str, everybody: set[str]) -> set[str]:
    """Return the family names that a persona may not read, by the walls as another test proves them."""
    member = cast[name]
    if member.membership.role == Role.ADMINISTRATOR:
        return everybody
    model = SUBJECTS[World(member.membership.agency.world)]
    with member.acting():
        own = {row.family_name for row in model.objects.all()}
    return everybody - own


@pytest.fixture(scope="module")
def everybody(told, _database) -> set[str]:
    """Give the family names of everybody in all worlds."""
    tables = ("custody.coordination_person", "municipal_health.coordination_municipalpatient")
    admin = _database[0].connection
    return {name for table in tables for (name,) in admin.execute(f"SELECT family_name FROM {table}")}


@pytest.mark.parametrize("name", PERSONAS)
def test_no_list_names_a_stranger_without_the_application_s_filters(told, everybody, unfiltered, name):
    cast, _story = told
    hidden = strangers_to(cast, name, everybody)
    # "Ung" is a word of the language; the others are not.
    hidden -= {"Ung"}
    assert hidden, "somebody is behind the wall"
    client = cast[name].client()
    client.raise_request_exception = False
    opened = 0
    for door in LISTS:
        answer = client.get(address(door, None))
        opened += answer.status_code == 200
        # A paper is no text; that it does not name them either is seen from what it is made of.
        text = answer.content.decode(errors="replace")
        assert not [word for word in hidden if word in text], door
    assert unfiltered, "filters were there to be taken"
    assert opened or name.endswith("admin"), "some lists opened"


@pytest.mark.parametrize("door", SINGLE)
def test_no_single_page_opens_to_a_stranger_without_the_application_s_filters(told, unfiltered, door):
    cast, story = told
    path = address(door, story[DOORS[door].split()[0]])
    for name in STRANGERS:
        if name in who_gets_in(door) or name == "prison_admin":
            continue
        client = cast[name].client()
        client.raise_request_exception = False
        answer = client.get(path)
        # A page that fails closed is as good as a page that is not there; what counts is that it says nothing.
        assert answer.status_code in {302, 403, 404, 405, 500}, (name, answer.status_code)
        assert "Fiolin" not in answer.content.decode(), name


def test_the_same_pages_do_open_to_their_own(told, unfiltered):
    cast, story = told
    client = cast["duty_leader"].client()
    assert "Fiolin" in client.get(address("person", story["person"])).content.decode()
    assert "Fiolin" in client.get(address("people", None)).content.decode()


def test_with_a_wall_down_a_page_without_filters_does_name_strangers(told, unfiltered, admin):
    """The negative control: it is the wall that held, not the pages."""
    cast, _story = told
    client, path = cast["south_duty_leader"].client(), address("people", None) + "?vis=alle"
    assert "Fiolin" not in client.get(path).content.decode()
    admin.execute("ALTER TABLE custody.coordination_person DISABLE ROW LEVEL SECURITY")
    try:
        assert "Fiolin" in client.get(path).content.decode()
    finally:
        admin.execute("ALTER TABLE custody.coordination_person ENABLE ROW LEVEL SECURITY")


STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("door", sorted({*DOORS, *OPEN}))
def test_every_answer_carries_the_strict_headers_good_or_bad(told, door):
    cast, story = told
    about = DOORS.get(door, "-").split()[0].removeprefix("POST:")
    path = address(door, None if about == "-" else story[about])
    answers = [cast["duty_leader"].client().get(path), cast["south_officer"].client().post(path)]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, answer.status_code
        assert "default-src 'none'" in policy or "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert {name: answer.headers.get(name) for name in STRICT} == STRICT, answer.status_code
