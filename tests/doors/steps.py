"""Steps through the door that the tests share: log in, read the session, enrol an app, let time pass. Holds no test."""

import pyotp
from django.test import Client
from django.urls import reverse

from coordination import ciphers
from coordination.models import User
from tests.cast import PASSWORD

LOCAL = "127.0.0.1"
NEW_PASSWORD = "fire glade sjiraffer synger"


def post_login(client: Client, username: str = "officer", password: str = PASSWORD, **more):
    """Send the login form; `address` is where from."""
    extra = {"REMOTE_ADDR": more.pop("address", LOCAL)}
    return client.post(reverse("login"), {"username": username, "password": password, **more}, **extra)


def key_of(client: Client) -> str:
    """Return the key of the browser's session."""
    return client.cookies["sessionid"].value


def token_of(client: Client) -> str:
    """Return the token in the server's session."""
    return client.session["acting_token"]


def enrol(username: str) -> pyotp.TOTP:
    """Join an app to a login, and return the app."""
    user = User.objects.get(username=username)
    secret = pyotp.random_base32()
    user.totp_secret = ciphers.sealed(secret)
    user.save(update_fields=["totp_secret"])
    return pyotp.TOTP(secret)


def end(admin, token: str, **changes: str) -> None:
    """Move the times of a session, or revoke it, as the passing of time or another process would."""
    sets = ", ".join(f"{column} = {expression}" for column, expression in changes.items())
    admin.execute(f"UPDATE sec.session SET {sets} WHERE token_hash = sha256(convert_to(%s, 'UTF8'))", [token])


def unconfirmed(client: Client) -> Client:
    """Forget that the password was typed."""
    return _confirmed_at(client, 0)


def confirmed(client: Client) -> Client:
    """Remember it again, for as long as the tests last."""
    return _confirmed_at(client, 2_000_000_000)


def _confirmed_at(client: Client, at: int) -> Client:
    session = client.session
    session["confirmed"] = at
    session.save()
    return client
