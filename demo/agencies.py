"""The agencies, units and logins of the demo. Made as the owner, because nobody is there yet who could."""

from dataclasses import dataclass, field
from datetime import time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import connections

from coordination import clock, confidentiality
from coordination.models import Agency, Membership, MembershipUnit, Role, Unit, User
from coordination.reference_data import make_unit
from coordination.worlds import World

#: One password for everybody, printed by `make demo`; production settings refuse demo agencies.
PASSWORD = "samvirke-demo-passord"  # noqa: S105

HOURS = {"opens_at": time(8), "closes_at": time(15, 30), "open_weekdays": [0, 1, 2, 3, 4], "emergency_phone": "116117"}

#: login → (name, [(role, agency, unit or None), …])
LOGINS: dict[str, tuple[str, list[tuple[Role, str, str | None]]]] = {
    "betjent": ("Mona Eksempel", [(Role.OFFICER, "north", "north_a")]),
    "betjent.b": ("Terje Tenkt", [(Role.OFFICER, "north", "north_b")]),
    "kontaktbetjent": ("Kari Påhitt", [(Role.CONTACT_OFFICER, "north", "north_a")]),
    "vaktleder": ("Hanne Mønster", [(Role.DUTY_LEADER, "north", None)]),
    "saksbehandler": ("Siri Oppdiktet", [(Role.RELEASE_CASEWORKER, "north", None)]),
    "leder": ("Fredrik Forbilde", [(Role.WARDEN, "north", None)]),
    "admin.fengsel": ("Arne Oppsett", [(Role.ADMINISTRATOR, "north", None)]),
    "personvern": (
        "Petra Personvern",
        [(Role.PRIVACY_OFFICER, "north", None), (Role.PRIVACY_OFFICER, "north_health", None)],
    ),
    "betjent.sor": ("Ola Lissom", [(Role.OFFICER, "south", "south_a")]),
    "vaktleder.sor": ("Ida Liksom", [(Role.DUTY_LEADER, "south", None)]),
    "region": ("Rita Region", [(Role.REGION, "region", None)]),
    "sykepleier": ("Lise Prøve", [(Role.PRISON_NURSE, "north_health", "north_team")]),
    "lege": ("Leif Lærebok", [(Role.PRISON_DOCTOR, "north_health", None), (Role.PRISON_DOCTOR, "south_health", None)]),
    "helseleder": ("Hege Helse", [(Role.HEALTH_LEADER, "north_health", None)]),
    "admin.helse": ("Anne Adm", [(Role.ADMINISTRATOR, "north_health", None)]),
    "sykepleier.sor": ("Siv Sykehjelp", [(Role.PRISON_NURSE, "south_health", "south_team")]),
    "inntak": ("Inga Inntak", [(Role.TRUST_INTAKE, "trust", None)]),
    "behandler": ("Bo Behandler", [(Role.TRUST_CLINICIAN, "trust", "trust_clinic")]),
    "klinikkleder": ("Klara Klinikk", [(Role.TRUST_LEADER, "trust", None)]),
    "inntak.annet": ("Ivar Inntak", [(Role.TRUST_INTAKE, "other_trust", None)]),
}
#: Who has not been here before, and so reads the statement of confidentiality at the first login.
NEW_HERE = frozenset({"inntak.annet"})


@dataclass
class Stage:
    """Everything the story needs by a short name."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)


def _agency(name: str, **fields: object) -> Agency:
    row, _made = Agency.objects.using("owner").update_or_create(
        name=name, kind=fields.pop("kind"), defaults={**fields, "demo": True}
    )
    return row


def _trust(position: int) -> Agency:
    """Return a health trust from the reference data; the trusts are facts, what happens in them here is not."""
    return Agency.objects.using("owner").filter(kind=Agency.Kind.HEALTH_TRUST).order_by("org_number")[position]


def raise_stage() -> Stage:
    """Make agencies, units, logins and memberships, and return them."""
    stage = Stage()
    a, u = stage.agencies, stage.units
    a["region"] = Agency.objects.using("owner").filter(kind=Agency.Kind.REGION).order_by("name").first() or _agency(
        "Region prøve", kind="region", world=World.CUSTODY
    )
    a["trust"], a["other_trust"] = _trust(0), _trust(1)
    for side, place in (("north", "Prøveby"), ("south", "Eksempelvik")):
        a[f"{side}_health"] = _agency(
            f"{place} kommune, fengselshelsetjenesten",
            kind="muni_health",
            world=World.MUNICIPAL_HEALTH,
            municipality_name=place,
            specialist_service=a["trust"],
            **HOURS,
        )
        a[side] = _agency(
            f"{place} fengsel",
            kind="prison",
            world=World.CUSTODY,
            municipality_name=place,
            region=a["region"],
            health_service=a[f"{side}_health"],
            specialist_service=a["trust"],
        )
    for name, agency, title, kind, serves in (
        ("north_a", "north", "Avdeling A", "department", None),
        ("north_b", "north", "Avdeling B", "department", None),
        ("north_recovery", "north", "Rusmestringsenheten", "recovery", None),
        ("south_a", "south", "Avdeling A", "department", None),
        ("south_b", "south", "Avdeling B", "department", None),
        ("north_team", "north_health", "Team Prøveby", "team", "north"),
        ("north_mind", "north_health", "Psykisk helseteam", "team", None),
        ("south_team", "south_health", "Team Eksempelvik", "team", "south"),
        ("trust_clinic", "trust", "Rusklinikk", "clinic", None),
        ("other_clinic", "other_trust", "Rusklinikk", "clinic", None),
    ):
        u[name] = make_unit(a[agency], title, kind, serves=a[serves] if serves else None)
    known = {user.username: user for user in User.objects.using("auth").filter(username__in=LOGINS)}
    # The password is the same for all and no secret: hashed once, as slowly as the hasher does it.
    hashed = "" if len(known) == len(LOGINS) else make_password(PASSWORD)
    for login, (full_name, works) in LOGINS.items():
        user = known.get(login)
        if user is None:
            user = User(username=login, full_name=full_name, password=hashed)
            user.save(using="auth", force_insert=True)
        _works(stage, user, works)
    return stage


def _works(stage: Stage, user: User, works: list[tuple[Role, str, str | None]]) -> None:
    login, full_name = user.username, user.full_name
    initial, _space, family = full_name.partition(" ")
    for number, (role, agency, unit) in enumerate(works):
        row = (
            Membership.objects.using("owner")
            .filter(user_id=user.pk, agency=stage.agencies[agency], role=role, ended_at=None)
            .first()
        )
        if row is None:
            row = Membership(
                user_id=user.pk,
                agency=stage.agencies[agency],
                role=role,
                reach=role.usual_reach,
                display_name=f"{initial[0]}. {family}",
                email=f"{login}@example.test",
                started_at=clock.now() - timedelta(days=400),
            )
            row.save(using="owner", force_insert=True)
            if login not in NEW_HERE:
                statement = confidentiality.statement_for(row.agency.world, row.started_at)
                confidentiality.accept(row, version=statement.version, at=row.started_at)
            if unit:
                place = MembershipUnit(agency=stage.agencies[agency], membership=row, unit=stage.units[unit])
                place.save(using="owner", force_insert=True)
        stage.memberships[login if number == 0 else f"{login}.{agency}"] = row


def open_session(membership: Membership, token: str) -> None:
    """Open a session for the story-teller to act in, an hour long."""
    with connections["auth"].cursor() as cursor:
        hour = timedelta(hours=1)
        cursor.execute(
            "SELECT sec.open_session(%s, %s, %s, %s, %s, true)", [token, membership.user_id, membership.pk, hour, hour]
        )
