"""How far somebody has come through the door, kept in the server's session. The verbs of logging in are in `coordination.login`.

The browser holds a random session key and nothing else; the key changes at the password, at the choice of membership and at logout.
"""

import ipaddress
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from coordination import confidentiality, login
from coordination.identity import Actor
from coordination.middleware import LEFT_KEY, OPEN_DOORS, TOKEN_KEY, TOUCHED_KEY
from coordination.models import Membership, Role, User
from coordination.views.answers import see_other

DOOR_KEY = "door"
#: How long a login may take from the password to the choice of membership.
HALFWAY = timedelta(minutes=10)
#: Wrong codes before the password must be typed again: whoever knows the password must not get to guess codes from many addresses.
WRONG_CODES = 5


@dataclass(frozen=True)
class Door:
    """One login on its way. `at` is the instant of the password, in seconds; `secret` is a sealed secret being enrolled.

    `membership` is where somebody is going, while they read the statement of confidentiality.
    """

    user_id: str
    at: float
    verified: bool = False
    next: str = ""
    wrong: int = 0
    secret: str = ""
    membership: str = ""

    @property
    def since(self) -> datetime:
        """Return the instant of the password."""
        return datetime.fromtimestamp(self.at, UTC)


def acting(request: HttpRequest) -> Actor | None:
    """Return who acts, or None halfway through the door."""
    return getattr(request, "actor", None)


def keep(request: HttpRequest, door: Door, **changes: object) -> Door:
    """Remember how far the login has come, and return it."""
    door = replace(door, **changes)  # type: ignore[arg-type]
    request.session[DOOR_KEY] = asdict(door)
    return door


def inside(request: HttpRequest, at: datetime) -> tuple[Door, User] | None:
    """Return the login and its user, or None for a stranger, one who took too long, and one whose login is closed."""
    actor, kept = acting(request), request.session.get(DOOR_KEY)
    door = Door(**kept) if kept else None
    if actor is not None:
        if door is None or door.user_id != str(actor.user_id):
            door = Door(str(actor.user_id), at.timestamp(), verified=actor.verified)
    elif door is None or at - door.since > HALFWAY:
        return None
    user = login.user_of(door.user_id)
    return (door, user) if user else None


def begin_anew(request: HttpRequest) -> HttpResponse:
    """Send somebody who is not inside back to the login page, with why when they took too long."""
    return to_login(request, "slow" if request.session.get(DOOR_KEY) else "")


def to_login(request: HttpRequest, why: str = "") -> HttpResponse:
    """Forget everything and begin anew; the login page says why, once."""
    request.session.flush()
    if why:
        request.session[LEFT_KEY] = why
    return see_other(reverse("login"))


def next_step(door: Door, user: User) -> str:
    """Return the URL name of what is still missing before somebody may act; "" for nothing."""
    if user.totp_secret and not door.verified:
        return "second_factor"
    if settings.REQUIRE_TOTP and not user.totp_secret:
        return "enrol_factor"
    return "change_password" if user.must_change_password else ""


def proceed(request: HttpRequest, door: Door, user: User, at: datetime) -> HttpResponse:
    """Go to what is missing; when nothing is, into the only membership or to the choice."""
    step = next_step(door, user)
    if step:
        return see_other(reverse(step))
    login.forget_attempts(user, address_of(request), at)
    memberships = login.memberships_of(user, at)
    if len(memberships) == 1:
        return enter(request, door, memberships[0], at)
    return see_other(reverse("choose_membership"))


def enter(
    request: HttpRequest, door: Door, membership: Membership, at: datetime, *, to: str = "", accepted: str = ""
) -> HttpResponse:
    """Act as a membership from the next request on: new session key, new token, the old token closed.

    The eight hours count from the password, so changing workplace does not make a day longer. Who has not accepted the statement of
    confidentiality as it stands reads it first: no session opens before that, so no page and no API answers. (obligation R6.2-c)
    """
    if confidentiality.accepted(membership, at) is None:
        keep(request, door, membership=str(membership.pk), next=to or door.next)
        return see_other(reverse("confidentiality"))
    old = request.session.get(TOKEN_KEY)
    lasts = settings.SESSION_LASTS - (at - door.since)
    if old:
        login.close_session(old)
    if lasts <= timedelta():
        return to_login(request, "absolute")
    token = login.open_session(membership, verified=door.verified, lasts=lasts, accepted=accepted)
    request.session.flush()
    keep(request, door, next="", secret="", membership="", wrong=0)
    request.session[TOKEN_KEY] = token
    request.session[TOUCHED_KEY] = int(time.time())
    rotate_token(request)
    return see_other(to or safe_page(request, door.next) or home_of(membership.role))


def home_of(role: str) -> str:
    """Return where a role begins its day."""
    return reverse(
        {Role.ADMINISTRATOR: "administration", Role.PRIVACY_OFFICER: "access_reviews"}.get(Role(role), "today")
    )


def safe_local(request: HttpRequest, url: str) -> str:
    """Return a path on this site, or "" for anything else: nobody is sent away by a link somebody made."""
    if not url.startswith("/"):
        return ""
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def safe_page(request: HttpRequest, url: str) -> str:
    """Return a path on this site that leads to a page behind the login, or ""."""
    url = safe_local(request, url)
    try:
        return url if url and resolve(urlsplit(url).path).view_name not in OPEN_DOORS else ""
    except Resolver404:
        return ""


def address_of(request: HttpRequest) -> str:
    """Return the address of the browser: the proxy's word where there is one, which overwrites what the browser says."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return "::"
