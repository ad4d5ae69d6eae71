"""The verbs of logging in: try a password or a code, open and close the session in which a membership acts. Knows no request.

Everything here runs as the login's own database role (alias `auth`); that role can read no record of anybody in custody.
"""

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from coordination import audit, clock
from coordination.ciphers import sealed, unsealed
from coordination.identity import acting
from coordination.models import LoginAttempt, Membership, MembershipUnit, UsedCode, User
from coordination.refusals import Refused, refused_at

#: A code is right in its own half minute and in those beside it: clocks of phones differ.
STEP = 30
LEEWAY = (0, -1, 1)
ISSUER = "Samvirke"
#: Letters and digits that nobody mistakes for each other, for passwords read out or copied by hand.
PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"


def username_of(typed: str) -> str:
    """Return a username as it is stored: one form of each letter, lower case, no space around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def one_time_password() -> str:
    """Return a new password of 79 bits, in groups that can be copied by hand."""
    return "-".join("".join(secrets.choice(PLAIN) for _letter in range(4)) for _group in range(4))


# Attempts


def _begin_attempt(username: str, address: str, at: datetime) -> None:
    """Write the attempt down before it is judged, so that many at once cannot slip past the count together.

    Counted by name and address together, never by name alone: or a stranger could lock out a colleague. Raises `Refused` (locked).
    """
    since = at - settings.LOGIN_LOCKOUT
    attempt = LoginAttempt.objects.create(username=username, address=address, at=at)
    if LoginAttempt.objects.filter(username=username, address=address, at__gt=since).count() > settings.LOGIN_ATTEMPTS:
        # Not kept: knocking on a locked door must not keep it locked.
        attempt.delete()
        minutes = int(settings.LOGIN_LOCKOUT.total_seconds() // 60)
        raise Refused("locked", _("For mange forsøk. Vent %(minutes)s minutter og prøv igjen.") % {"minutes": minutes})


def forget_attempts(user: User, address: str, at: datetime) -> None:
    """Clear the count of one who is all the way in, and every attempt too old to count."""
    LoginAttempt.objects.filter(
        Q(username=user.username, address=address) | Q(at__lt=at - settings.LOGIN_LOCKOUT)
    ).delete()


def try_password(username: str, password: str, *, address: str, at: datetime) -> User:
    """Return the user whose name and password these are.

    Raises `Refused`: "locked" after too many attempts, else "wrong", the same and with the same work whether it is the name, the
    password or a closed login.
    """
    name = username_of(username)[:150]
    _begin_attempt(name, address, at)
    user = User.objects.filter(username=name).first()
    if user is None:
        User().set_password(password)
    elif user.check_password(password) and user.is_active:
        return user
    raise Refused("wrong", _("Feil brukernavn eller passord."))


def user_of(pk: str | UUID) -> User | None:
    """Return a user that may still log in, or None."""
    return User.objects.filter(pk=pk, is_active=True).first()


# The second factor


def new_secret() -> str:
    """Return a fresh secret for an authenticator app."""
    return pyotp.random_base32()


def secret_uri(user: User, secret: str) -> str:
    """Return what the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the half minute in which a code is right, or None. Compares every candidate, in constant time."""
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    # as_bytes: digits of other scripts would make compare_digest raise.
    right = [
        now + shift for shift in LEEWAY if hmac.compare_digest(totp.generate_otp(now + shift).encode(), code.encode())
    ]
    return right[0] if right else None


def _use_code(user: User, secret: str, code: str, at: datetime) -> None:
    """Use up a code. Raises `Refused` (wrong_code) when it is wrong or was used before."""
    step = _step_of(secret, code.replace(" ", ""), at)
    wrong = Refused("wrong_code", _("Koden er feil eller brukt. Vent til appen viser en ny kode, og skriv den."))
    if step is None:
        raise wrong
    try:
        with transaction.atomic(using="auth"):
            UsedCode.objects.create(user=user, step=step)
    except IntegrityError:
        raise wrong from None
    UsedCode.objects.filter(user=user, step__lt=step - 10).delete()


def try_code(user: User, code: str, *, address: str, at: datetime) -> None:
    """Check the second factor of a user. Raises `Refused`: "locked" or "wrong_code"."""
    _begin_attempt(user.username, address, at)
    _use_code(user, unsealed(user.totp_secret), code, at)


def enrol(user: User, secret: str, code: str, *, address: str, at: datetime) -> None:
    """Store the secret once the app has shown that it has it. Raises `Refused`: "locked" or "wrong_code"."""
    _begin_attempt(user.username, address, at)
    _use_code(user, secret, code, at)
    user.totp_secret = sealed(secret)
    user.save(update_fields=["totp_secret"])


# Passwords


def _weakness(error: ValidationError) -> str:
    """Return in plain words what is wrong with a password; Django's own texts are not all translated."""
    if error.code == "password_too_short":
        return _("Passordet er for kort. Skriv minst %(count)s tegn.") % {"count": (error.params or {})["min_length"]}
    if error.code == "password_too_similar":
        return _("Passordet er for likt navnet ditt eller brukernavnet. Velg noe som ikke har med deg å gjøre.")
    if error.code == "password_too_common":
        return _("Mange bruker dette passordet, så det er lett å gjette. Velg et annet.")
    return str(error.messages[0])


def change_password(user: User, *, current: str | None, new: str, address: str, at: datetime) -> None:
    """Give a user a new password and end every session of theirs; the caller opens a new one.

    `current` is None only in the middle of a login, where it was typed a moment ago. Raises `Refused`: "locked", "wrong", "weak".
    """
    if current is not None:
        _begin_attempt(user.username, address, at)
        if not user.check_password(current):
            raise refused_at("current", _("Passordet du bruker nå, er ikke riktig."), code="wrong")
    if user.check_password(new):
        raise refused_at("new", _("Velg et passord som er et annet enn det du bruker nå."), code="weak")
    try:
        validate_password(new, user)
    except ValidationError as error:
        texts = [_weakness(part) for part in error.error_list]
        raise Refused("weak", texts[0], {"new": texts}) from None
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    close_all(user)
    if current is not None:
        forget_attempts(user, address, at)


# Sessions


def memberships_of(user: User, at: datetime) -> list[Membership]:
    """Return the memberships a user may act in now, by agency, each with its units of today as `current_units`."""
    today = clock.local_date(at)
    # The alias is named: the router would send the units to the walls, where nobody acts yet.
    current = (
        MembershipUnit.objects.using("auth")
        .filter(ended_at=None)
        .select_related("unit")
        .order_by("-is_home", "unit__name")
    )
    return list(
        Membership.objects.using("auth")
        .filter(Q(agency__closed_on=None) | Q(agency__closed_on__gt=today), user_id=user.pk, ended_at=None)
        .select_related("agency")
        .prefetch_related(Prefetch("units", queryset=current, to_attr="current_units"))
        .order_by("agency__name", "role")
    )


def open_session(membership: Membership, *, verified: bool, lasts: timedelta, accepted: str = "") -> str:
    """Open a session for a membership and return its token; the database keeps only a hash of it.

    `accepted` names the statement of confidentiality that was accepted on the way in just now, for the log.
    """
    token = secrets.token_urlsafe(32)
    with connections["auth"].cursor() as cursor:
        cursor.execute(
            # Seconds, because Django's types of parameters know no timedelta.
            "SELECT sec.open_session(%s, %s, %s, make_interval(secs => %s), make_interval(secs => %s), %s)",
            [
                token,
                membership.user_id,
                membership.pk,
                settings.SESSION_IDLE.total_seconds(),
                lasts.total_seconds(),
                verified,
            ],
        )
    # After commit: when somebody changes workplace, the transaction of the old one must be over first.
    transaction.on_commit(lambda: _write_down(token, membership, accepted), using="default")
    return token


def _write_down(token: str, membership: Membership, accepted: str) -> None:
    """Log the login in the audit log of the agency it is to."""
    with acting(token, "login"):
        if accepted:
            audit.note("accept", membership, table="confidentiality")  # type: ignore[arg-type]
            audit.detail(accepted)
        audit.note("login", membership)  # type: ignore[arg-type]


def close_session(token: str) -> None:
    """End one session at once."""
    with connections["auth"].cursor() as cursor:
        cursor.execute("SELECT sec.close_session(%s)", [token])


def close_all(user: User) -> None:
    """End every session of a user at once."""
    with connections["auth"].cursor() as cursor:
        cursor.execute("SELECT sec.close_sessions_of(%s)", [user.pk])


def close_sessions_of_membership(membership: Membership) -> None:
    """End the sessions in which one membership acts; the user's other workplaces are untouched."""
    with connections["auth"].cursor() as cursor:
        cursor.execute("SELECT sec.close_sessions_of_membership(%s)", [membership.pk])
