"""Every list asks as many questions for thirty rows as for one: pages and API. Rows are copied past the walls; the lists read through them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from coordination.models import Unit
from tests.cooperation.making import clone
from tests.story import tell


@dataclass(frozen=True)
class Listing:
    """A list, who reads it, the table its rows stand in, which of the story's rows is copied, and the columns that must differ."""

    name: str
    url: str
    table: str
    where: str = "true"
    fresh: tuple[str, ...] = ()
    changes: dict[str, str] = field(default_factory=dict)
    #: Each row about somebody else, who is then made first.
    others: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.url}"


CUSTODY, MUNI, SPEC = (
    "custody.consent_custodyletter",
    "municipal_health.consent_municipalletter",
    "specialist_health.consent_specialistletter",
)
IN, OUT = "direction = 'in'", "direction = 'out'"
PEOPLE = "custody.coordination_person"
MEASURE: dict[str, Any] = {"where": "ended_at IS NULL", "fresh": ("key", "notice_letter")}
CELL = {"kind": "security_cell", "extent": "", "statement": "not_obtained", "statement_text": "Svarte ikke."}
LISTINGS = (
    Listing("duty_leader", "/?all=waiting", CUSTODY, f"{OUT} AND settled_at IS NULL AND awaits <> ''", ("letter_id",)),
    Listing("nurse", "/", MUNI, f"{IN} AND settled_at IS NULL AND awaits <> ''", ("letter_id",)),
    Listing("duty_leader", "/post/", CUSTODY, IN, ("letter_id",)),
    Listing("duty_leader", "/post/sendt/", CUSTODY, OUT, ("letter_id",)),
    Listing("nurse", "/post/", MUNI, IN, ("letter_id",)),
    Listing("nurse", "/post/sendt/", MUNI, OUT, ("letter_id",)),
    Listing("nurse", "/helsetilsyn/", "municipal_health.follow_up_supervisioncourse", "true", ("thread_id",)),
    Listing("doctor", "/henvisninger/", "municipal_health.referrals_municipalreferral", "true", ("key",)),
    Listing("trust_intake", "/henvisninger/mottak/", SPEC, f"{IN} AND kind = 'referral'", ("letter_id", "thread_id")),
    Listing("duty_leader", "/api/v1/inbox/", CUSTODY, IN, ("letter_id",)),
    Listing("duty_leader", "/api/v1/outbox/", CUSTODY, OUT, ("letter_id",)),
    Listing("nurse", "/api/v1/inbox/", MUNI, IN, ("letter_id",)),
    Listing("nurse", "/api/v1/outbox/", MUNI, OUT, ("letter_id",)),
    Listing("duty_leader", "/api/v1/measures/", "custody.isolation_measure", others=True, **MEASURE),
    Listing("duty_leader", "/isolasjon/", "custody.isolation_measure", others=True, **MEASURE),
    Listing("warden", "/isolasjon/gjennomgang/", "custody.isolation_measure", others=True, changes=CELL, **MEASURE),
    Listing(
        "duty_leader", "/api/v1/health-contacts/", "custody.intake_healthcontactrequest", "true", ("key", "letter_id")
    ),
    Listing(
        "duty_leader",
        "/api/v1/recovery-applications/",
        "custody.recovery_units_recoveryapplication",
        "true",
        ("key",),
        {"state": "declined", "decided_at": "2026-01-01", "reason": "x", "consent": "refused"},
    ),
    Listing("nurse", "/api/v1/courses/", "municipal_health.follow_up_supervisioncourse", "true", ("thread_id",)),
    Listing("nurse", "/api/v1/visits/", "municipal_health.follow_up_healthvisit", "true", ("key",)),
    Listing("nurse", "/api/v1/referrals/", "municipal_health.referrals_municipalreferral", "true", ("key",)),
)


def another(admin, story, number: int) -> UUID:
    """Make one more person beside the story's."""
    return clone(admin, PEOPLE, story["person"], number=f"P-{number}", national_id_lookup=None)


def add(admin, cast, story, listing: Listing, numbers: range) -> None:
    """Put more rows into a list."""
    agency = cast[listing.name].membership.agency_id
    row = admin.execute(
        # About somebody whom the reader knows: a letter about nobody here yet is on no list but its desk's.
        f"SELECT id FROM {listing.table} t WHERE agency_id = %s AND {listing.where} ORDER BY to_jsonb(t) ->> 'person_id' IS NULL LIMIT 1",
        [agency],
    ).fetchone()
    assert row, "the story has one to copy"
    for number in numbers:
        changes: dict[str, Any] = {**listing.changes, **{column: uuid4() for column in listing.fresh}}
        if listing.others:
            changes["person_id"] = another(admin, story, number)
        clone(admin, listing.table, row[0], **changes)


def cost(client, url: str) -> tuple[int, int]:
    """Return how many questions an answer took, and its length."""
    with CaptureQueriesContext(connections["default"]) as queries:
        response = client.get(url, {"page_size": 100} if "/api/" in url else {})
    assert response.status_code == 200
    return len(queries), len(response.content)


@pytest.mark.parametrize("listing", LISTINGS, ids=str)
def test_a_list_asks_the_same_for_one_row_and_for_thirty(cast, admin, listing):
    story = tell(cast)
    client = cast[listing.name].client()
    add(admin, cast, story, listing, range(1))
    cost(client, listing.url)  # whoever opens it first may settle what letters have ended
    one = cost(client, listing.url)
    add(admin, cast, story, listing, range(1, 30))
    thirty = cost(client, listing.url)
    assert thirty[1] > one[1] + 500, "the rows are on the page"
    assert thirty[0] == one[0]


def test_the_units_cost_the_same_for_one_and_for_thirty(cast, admin):
    client = cast["prison_admin"].client()
    few = cost(client, "/administrasjon/enheter/")
    for number in range(30):
        unit = cast.units["north_a"]
        group = admin.execute(
            "INSERT INTO base.auth_group (name) VALUES (%s) RETURNING id", [f"perf:{number}"]
        ).fetchone()[0]
        clone(admin, "base.coordination_unit", unit.pk, name=f"Avdeling {number}", group_id=group)
    assert Unit.objects.using("owner").filter(agency=cast.agencies["north"]).count() > 30
    many = cost(client, "/administrasjon/enheter/")
    assert many[1] > few[1] + 500
    assert many[0] == few[0]
