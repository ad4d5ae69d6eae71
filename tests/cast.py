"""The cast of every test: two prisons, two municipalities, two trusts, a region, one of each role, and people behind every wall.

Agencies and memberships are made as the owner, people through the application's own verbs. All people are invented.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.test import Client

from coordination import confidentiality, national_id
from coordination.identity import acting
from coordination.models import Agency, Membership, MembershipUnit, Role, Unit, User
from coordination.people import actions as people
from coordination.reference_data import make_unit
from coordination.worlds import Reach, World

#: A Monday noon in Oslo, far from any clock change. Tests that need another instant pass their own `at`.
AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PASSWORD = "riktig hest batteri stift"


@dataclass
class Member:
    """One persona: a membership and the token of an open session."""

    name: str
    membership: Membership
    token: str

    def acting(self, purpose: str = "test") -> Any:
        """Run a block as this persona."""
        return acting(self.token, purpose)

    def client(self, **more: Any) -> Client:
        """Return a browserless client logged in as this persona."""
        client = Client(**more)
        session = client.session
        session["acting_token"] = self.token
        session["touched"] = session["confirmed"] = 2_000_000_000
        session.save()
        return client


@dataclass
class Cast:
    """Everybody by name."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Member:
        """Return a persona by name."""
        return self.members[name]


#: persona → (role, agency, unit or None)
PERSONAS: dict[str, tuple[Role, str, str | None]] = {
    "officer": (Role.OFFICER, "north", "north_a"),
    "officer_b": (Role.OFFICER, "north", "north_b"),
    "contact_officer": (Role.CONTACT_OFFICER, "north", "north_a"),
    "duty_leader": (Role.DUTY_LEADER, "north", None),
    "release_caseworker": (Role.RELEASE_CASEWORKER, "north", None),
    "warden": (Role.WARDEN, "north", None),
    "prison_admin": (Role.ADMINISTRATOR, "north", None),
    "south_officer": (Role.OFFICER, "south", "south_a"),
    "south_duty_leader": (Role.DUTY_LEADER, "south", None),
    "region": (Role.REGION, "region", None),
    "nurse": (Role.PRISON_NURSE, "north_health", "north_team"),
    "doctor": (Role.PRISON_DOCTOR, "north_health", None),
    "health_leader": (Role.HEALTH_LEADER, "north_health", None),
    "health_admin": (Role.ADMINISTRATOR, "north_health", None),
    "south_nurse": (Role.PRISON_NURSE, "south_health", "south_team"),
    "south_doctor": (Role.PRISON_DOCTOR, "south_health", None),
    "trust_intake": (Role.TRUST_INTAKE, "trust", None),
    "trust_clinician": (Role.TRUST_CLINICIAN, "trust", "trust_clinic"),
    "trust_leader": (Role.TRUST_LEADER, "trust", None),
    "other_trust_intake": (Role.TRUST_INTAKE, "other_trust", None),
}

#: key → (family, given, birth date, unit, legal status, days since admission, days to release)
INMATES: dict[str, tuple[str, str, date, str, str, int, int | None]] = {
    "fiolin": ("Fiolin", "Blid", date(1991, 5, 15), "north_a", "convicted", 40, 120),
    "trompet": ("Trompet", "Kreativ", date(2004, 2, 29), "north_b", "remand", 1, None),
    "ung": ("Ung", "Lys", date(2009, 3, 29), "north_a", "remand", 3, None),
    "sjiraff": ("Sjiraff", "Ivrig", date(1980, 1, 1), "south_a", "convicted", 300, 30),
}


def _agencies(cast: Cast) -> None:
    """Make agencies and units as the owner."""
    make = Agency.objects.using("owner").create
    hours = {
        "opens_at": time(8),
        "closes_at": time(15, 30),
        "open_weekdays": [0, 1, 2, 3, 4],
        "emergency_phone": "116117",
    }
    a = cast.agencies
    a["region"] = make(kind="region", world=World.CUSTODY, name="Region prøve")
    a["trust"] = make(kind="health_trust", world=World.SPECIALIST_HEALTH, name="Prøve sykehus HF")
    a["other_trust"] = make(kind="health_trust", world=World.SPECIALIST_HEALTH, name="Annet sykehus HF")
    for side in ("north", "south"):
        a[f"{side}_health"] = make(
            kind="muni_health",
            world=World.MUNICIPAL_HEALTH,
            name=f"Fengselshelsetjenesten {side}",
            specialist_service=a["trust"],
            **hours,
        )
        a[side] = make(
            kind="prison",
            world=World.CUSTODY,
            name=f"Prøveby fengsel {side}",
            region=a["region"],
            health_service=a[f"{side}_health"],
            specialist_service=a["trust"],
        )
    u = cast.units
    for name, agency, title, kind, serves in (
        ("north_a", "north", "Avdeling A", "department", None),
        ("north_b", "north", "Avdeling B", "department", None),
        ("south_a", "south", "Avdeling A", "department", None),
        ("north_team", "north_health", "Team nord", "team", "north"),
        ("south_team", "south_health", "Team sør", "team", "south"),
        ("trust_desk", "trust", "Inntak", "desk", None),
        ("trust_clinic", "trust", "Klinikk", "clinic", None),
        ("other_desk", "other_trust", "Inntak", "desk", None),
    ):
        u[name] = make_unit(a[agency], title, kind, serves=a[serves] if serves else None)


def open_session(membership: Membership, token: str, *, lasts: timedelta = timedelta(days=3650)) -> None:
    """Open a session as the login does, long enough that no test outlives it."""
    with connections["auth"].cursor() as cursor:
        cursor.execute(
            "SELECT sec.open_session(%s, %s, %s, %s, %s, true)",
            [token, membership.user_id, membership.pk, lasts, lasts],
        )


def accept_confidentiality(membership: Membership, at: datetime = AT) -> None:
    """Accept the statement of confidentiality as it stands, so that the door lets the membership straight in."""
    statement = confidentiality.statement_for(membership.agency.world, at)
    assert confidentiality.accept(membership, version=statement.version, at=at)


def add_member(
    cast: Cast, name: str, role: Role, agency: Agency, unit: Unit | None, user: User | None = None
) -> Member:
    """Make a user, a membership and an open session."""
    if user is None:
        user = User(username=name, full_name=name.replace("_", " ").title())
        user.set_password(PASSWORD)
        user.save(using="auth")
    membership = Membership(
        user=user,
        agency=agency,
        role=role,
        reach=role.usual_reach,
        display_name=user.full_name,
        email=f"{name}@example.test",
        started_at=AT - timedelta(days=400),
    )
    membership.save(using="owner", force_insert=True)
    if unit is not None:
        MembershipUnit(agency=agency, membership=membership, unit=unit).save(using="owner", force_insert=True)
    accept_confidentiality(membership)
    open_session(membership, f"token-{name}")
    cast.members[name] = Member(name, membership, f"token-{name}")
    return cast.members[name]


def build_cast() -> Cast:
    """Make everybody, committed, and return them."""
    cast = Cast()
    _agencies(cast)
    for name, (role, agency, unit) in PERSONAS.items():
        add_member(cast, name, role, cast.agencies[agency], cast.units[unit] if unit else None)
    for number, (key, (family, given, born, unit, status, since, left)) in enumerate(INMATES.items()):
        with cast["south_duty_leader" if unit.startswith("south") else "duty_leader"].acting() as actor:
            person = people.register_person(
                actor,
                unit=cast.units[unit],
                number=f"S-{number + 1000}",
                family_name=family,
                given_name=given,
                birth_date=born,
                national_id=national_id.generate_synthetic(born, number),
                cell=f"A-{number + 200}",
                at=AT,
            )
            people.admit(
                actor,
                person,
                legal_status=status,
                security_level="high",
                admitted_at=AT - timedelta(days=since),
                expected_release_on=AT.date() + timedelta(days=left) if left else None,
                at=AT,
            )
            cast.people[key] = person.pk
    return cast


assert all(role.usual_reach in Reach for role, _agency, _unit in PERSONAS.values())
