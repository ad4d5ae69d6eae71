"""The verbs of an agency's administrator: who works here, in which role and units, and how they get in. No content whatsoever.

Memberships are written through the walls (`samvirke_admin`, own agency only). Users are written as the login's own role, which the
walls do not bind: the check that stands in for them is `_own_user`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from coordination import audit, login
from coordination.identity import Actor
from coordination.models import Agency, Membership, MembershipUnit, Role, StaleWrite, Unit, User
from coordination.people.access import one_or_404
from coordination.refusals import Refused, refused_at
from coordination.worlds import WITHOUT_CONTENT, Reach, World

OVERSEEING = {Agency.Kind.REGION.value, Agency.Kind.DIRECTORATE.value}
UNIT_KINDS: dict[World, tuple[Unit.Kind, ...]] = {
    World.CUSTODY: (Unit.Kind.DEPARTMENT, Unit.Kind.YOUTH, Unit.Kind.RECOVERY),
    World.MUNICIPAL_HEALTH: (Unit.Kind.TEAM, Unit.Kind.DESK),
    World.SPECIALIST_HEALTH: (Unit.Kind.CLINIC, Unit.Kind.DESK),
}


def only_administrators(actor: Actor) -> None:
    """Raise Http404 for everybody else."""
    if actor.role is not Role.ADMINISTRATOR:
        raise Http404


# Reading


def roles_for(actor: Actor) -> list[Role]:
    """Return the roles that exist in the actor's kind of agency."""
    roles = [role for role in Role if actor.world in role.worlds]
    if actor.world is World.CUSTODY:
        overseeing = actor.agency_kind in OVERSEEING
        roles = [r for r in roles if r.usual_reach in WITHOUT_CONTENT or (r is Role.REGION) is overseeing]
    return roles


def staff(actor: Actor) -> QuerySet[Membership]:
    """Return the memberships of the actor's agency with their units of today, by name."""
    only_administrators(actor)
    current = MembershipUnit.objects.filter(ended_at=None).select_related("unit").order_by("-is_home", "unit__name")
    return (
        Membership.objects.filter(agency_id=actor.agency_id)
        .prefetch_related(Prefetch("units", queryset=current, to_attr="current_units"))
        .order_by("display_name", "id")
    )


def access_member(actor: Actor, pk: UUID) -> Membership:
    """Return one membership of the agency, or raise Http404."""
    return one_or_404(staff(actor).filter(pk=pk))


def units(actor: Actor) -> QuerySet[Unit]:
    """Return the units of the actor's agency, open ones first."""
    only_administrators(actor)
    return (
        Unit.objects.filter(agency_id=actor.agency_id)
        .select_related("serves")
        .order_by(F("closed_on").desc(nulls_first=True), "name")
    )


def access_unit(actor: Actor, pk: UUID) -> Unit:
    """Return one unit of the agency, or raise Http404."""
    return one_or_404(units(actor).filter(pk=pk))


@dataclass(frozen=True)
class Login:
    """What an administrator may know of a colleague's login."""

    username: str
    active: bool
    second_factor: bool
    temporary_password: bool


def logins(user_ids: Iterable[UUID]) -> dict[UUID, Login]:
    """Return the logins of some users, in one query; the caller holds memberships of its own agency."""
    fields = ("id", "username", "is_active", "totp_secret", "must_change_password")
    rows = User.objects.filter(pk__in=list(user_ids)).only(*fields)
    return {u.pk: Login(u.username, u.is_active, bool(u.totp_secret), u.must_change_password) for u in rows}


# Memberships


def _reach(role: Role) -> Reach:
    return role.usual_reach


def _check_place(actor: Actor, role: Role, home: Unit | None, others: Sequence[Unit]) -> None:
    """Refuse a role or a unit that is not the agency's, and a need-to-know role without a unit."""
    if role not in roles_for(actor):
        raise refused_at("role", _("Rollen finnes ikke på dette arbeidsstedet."))
    if any(
        unit.agency_id != actor.agency_id or unit.closed_on is not None for unit in [*([home] if home else []), *others]
    ):
        raise Http404
    if home is None and (others or _reach(role) is Reach.UNIT):
        raise refused_at("home", _("Velg enheten personen hører til. Rollen ser bare personer som enheten følger."))


@contextmanager
def _once() -> Iterator[None]:
    """Turn a membership that exists already into a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise refused_at("role", _("Personen har allerede denne rollen her."), code="known") from None


def add_member(
    actor: Actor,
    *,
    has_login: bool,
    username: str,
    full_name: str,
    email: str,
    role: Role,
    home: Unit | None,
    others: Sequence[Unit],
    at: datetime,
) -> tuple[Membership, str]:
    """Give somebody a membership, and a login when they have none; return it and the one-time password ("" for an existing login).

    For an existing login both username and name must be right: a slip must not let a stranger in, and trying names must tell nothing.
    Raises Http404 and `Refused` ("role", "home", "unknown_login", "username_taken", "own", "known").
    """
    only_administrators(actor)
    _check_place(actor, role, home, others)
    name, full_name = login.username_of(username), " ".join(full_name.split())
    user = User.objects.filter(username=name).first()
    password = ""
    if has_login:
        if user is None or not user.is_active or user.full_name.casefold() != full_name.casefold():
            raise refused_at(
                "username",
                _("Fant ingen innlogging med dette brukernavnet og navnet. Spør personen hva som er registrert."),
                code="unknown_login",
            )
        if user.pk == actor.user_id:
            raise _own()
    elif user is not None:
        raise refused_at(
            "username",
            _("Brukernavnet er i bruk. Velg et annet, eller si at personen har innlogging fra før."),
            code="username_taken",
        )
    else:
        # Committed at once, because the login's own role has its own connection. Should the membership fail, the login opens nothing.
        password = login.one_time_password()
        user = User(username=name, full_name=full_name, must_change_password=True)
        user.set_password(password)
        try:
            user.save(force_insert=True)
        except IntegrityError:
            raise refused_at(
                "username",
                _("Brukernavnet er i bruk. Velg et annet, eller si at personen har innlogging fra før."),
                code="username_taken",
            ) from None
    member = Membership(
        user_id=user.pk,
        agency_id=actor.agency_id,
        role=role,
        reach=_reach(role),
        display_name=user.full_name,
        email=email,
        started_at=at,
    )
    with _once():
        member.save(force_insert=True)
    _place(actor, member, home, others, at)
    return member, password


def _own() -> Refused:
    return Refused("own", _("Du kan ikke endre din egen tilgang. Det må en annen administrator gjøre."))


def _lock(actor: Actor, pk: UUID, version: int | None = None) -> Membership:
    """Return an open membership of the agency, locked. Raises Http404; `Refused` for one's own; `StaleWrite` when it has changed."""
    only_administrators(actor)
    member = one_or_404(Membership.objects.select_for_update().filter(agency_id=actor.agency_id, pk=pk, ended_at=None))
    if member.user_id == actor.user_id:
        raise _own()
    if version is not None and member.version != version:
        raise StaleWrite(Membership.__name__)
    return member


def _save(member: Membership, **values: object) -> None:
    Membership.objects.filter(pk=member.pk).update(**values, version=F("version") + 1)


def _place(actor: Actor, member: Membership, home: Unit | None, others: Sequence[Unit], at: datetime) -> None:
    """Make the membership's units these: what is gone ends, what is new begins, the rest stays as it was."""
    wanted = {unit.pk: False for unit in others}
    if home is not None:
        wanted[home.pk] = True
    for row in MembershipUnit.objects.filter(agency_id=actor.agency_id, membership=member, ended_at=None):
        if wanted.get(row.unit_id) is row.is_home:
            wanted.pop(row.unit_id)
        else:
            MembershipUnit.objects.filter(pk=row.pk).update(ended_at=at)
    for unit_id, is_home in wanted.items():
        MembershipUnit(agency_id=actor.agency_id, membership=member, unit_id=unit_id, is_home=is_home).save(
            force_insert=True
        )


def change_member(
    actor: Actor,
    pk: UUID,
    *,
    version: int,
    role: Role,
    email: str,
    home: Unit | None,
    others: Sequence[Unit],
    at: datetime,
) -> Membership:
    """Change role, units and e-mail of a membership. Its sessions end, so that the new reach begins with a new login.

    Raises Http404, `StaleWrite`, `Refused` ("role", "home", "own", "known").
    """
    member = _lock(actor, pk, version)
    _check_place(actor, role, home, others)
    with _once():
        _save(member, role=role, reach=_reach(role), email=email)
    _place(actor, member, home, others, at)
    login.close_sessions_of_membership(member)
    return member


def end_member(actor: Actor, pk: UUID, *, at: datetime) -> Membership:
    """End a membership: it opens nothing from the next statement on. Raises Http404; `Refused` (own)."""
    member = _lock(actor, pk)
    MembershipUnit.objects.filter(agency_id=actor.agency_id, membership=member, ended_at=None).update(ended_at=at)
    _save(member, ended_at=at)
    login.close_sessions_of_membership(member)
    return member


# Logins


def may_touch_login(actor: Actor, member: Membership) -> bool:
    """Return whether the administrator may reset or close the login behind a membership."""
    return member.ended_at is None and member.user_id != actor.user_id and _works_only_here(actor, member.user_id)


def _works_only_here(actor: Actor, user_id: UUID) -> bool:
    places = Membership.objects.using("auth").filter(user_id=user_id, ended_at=None).values_list("agency_id", flat=True)
    return set(places) == {actor.agency_id}


@contextmanager
def _own_user(actor: Actor, member: Membership) -> Iterator[User]:
    """Yield the user behind a membership, locked, if the administrator may decide over the login.

    A login belongs to a human being, a membership to an agency. Whoever sets somebody's password can log in as them everywhere they
    work: an administrator of a prison could read a hospital's records by resetting the password of a doctor who works in both. So
    the user must work in the administrator's agency and nowhere else; otherwise the agency can end its own membership and no more.
    The lock holds back a membership that another agency is adding at the same time: its foreign key needs the row.
    Raises `Refused` (elsewhere).
    """
    with transaction.atomic(using="auth"):
        user = User.objects.select_for_update().get(pk=member.user_id)
        if not _works_only_here(actor, user.pk):
            raise Refused(
                "elsewhere",
                _(
                    "Personen arbeider også et annet sted, så innloggingen kan ikke endres herfra. Du kan avslutte tilgangen her."
                ),
            )
        yield user


def reset_password(actor: Actor, pk: UUID) -> str:
    """Give the user a one-time password, to be changed at the next login, and return it; every session of theirs ends.

    Raises Http404; `Refused` ("own", "elsewhere").
    """
    member = _lock(actor, pk)
    with _own_user(actor, member) as user:
        password = login.one_time_password()
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        login.close_all(user)
    audit.note("reset_password", member)  # type: ignore[arg-type]
    return password


def reset_factor(actor: Actor, pk: UUID) -> None:
    """Forget the user's authenticator app; every session of theirs ends. Raises Http404; `Refused` ("own", "elsewhere")."""
    member = _lock(actor, pk)
    with _own_user(actor, member) as user:
        user.totp_secret = ""
        user.save(update_fields=["totp_secret"])
        login.close_all(user)
    audit.note("reset_factor", member)  # type: ignore[arg-type]


def set_active(actor: Actor, pk: UUID, active: bool) -> None:
    """Close a login, or open it again. Closed: every session ends at once. Raises Http404; `Refused` ("own", "elsewhere")."""
    member = _lock(actor, pk)
    with _own_user(actor, member) as user:
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            login.close_all(user)
    audit.note("activate" if active else "deactivate", member)  # type: ignore[arg-type]


# Units


@contextmanager
def _unit_refusals() -> Iterator[None]:
    """Turn the database's answers into refusals."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", "")
        if state == "23505":
            raise refused_at("name", _("Det finnes allerede en enhet med dette navnet."), code="name_taken") from None
        if state == "23514":
            raise Refused("kind", _("En slik enhet kan ikke opprettes her.")) from None
        if state == "55006":
            raise Refused("in_use", _("Noen arbeider i enheten ennå. Flytt dem først.")) from None
        raise


def _call(sql: str, *values: str | UUID | date | None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else None


def add_unit(actor: Actor, *, name: str, kind: str, serves: Agency | None) -> None:
    """Make a unit with its group of grants. Raises Http404; `Refused` ("name_taken", "kind")."""
    only_administrators(actor)
    with _unit_refusals():
        _call("SELECT base.add_unit(%s, %s, %s)", " ".join(name.split()), kind, serves.pk if serves else None)


def change_unit(actor: Actor, pk: UUID, *, name: str, serves: Agency | None) -> None:
    """Rename a unit, or change which prison a health unit serves. Raises Http404; `Refused` ("name_taken", "kind")."""
    only_administrators(actor)
    with _unit_refusals():
        if not _call("SELECT base.change_unit(%s, %s, %s)", pk, " ".join(name.split()), serves.pk if serves else None):
            raise Http404


def close_unit(actor: Actor, pk: UUID, *, on: date) -> None:
    """Close a unit in which nobody works any more. Raises Http404; `Refused` (in_use)."""
    only_administrators(actor)
    with _unit_refusals():
        if not _call("SELECT base.close_unit(%s, %s)", pk, on):
            raise Http404
