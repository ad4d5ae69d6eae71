"""Four logins to one database, from one URL. Pure: environment in, Django's DATABASES out."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from coordination.settings.secrets import secret
from coordination.worlds import SCHEMAS

#: alias → (login, role it steps into at once, statement timeout)
LOGINS = {
    "default": ("samvirke_web", "", "15s"),
    "auth": ("samvirke_auth", "", "15s"),
    "owner": ("samvirke_migrate", "samvirke_owner", "0"),
}
WORKER_LOGIN = ("samvirke_worker", "", "120s")


def address(url: str) -> dict[str, Any]:
    """Return HOST, PORT, NAME of a postgresql:// URL; a socket directory may come as the host or as `?host=`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query["host"][0] if "host" in query else unquote(parts.hostname or "")
    return {"HOST": host, "PORT": str(parts.port or ""), "NAME": unquote(parts.path.lstrip("/")) or "samvirke"}


def databases(url: str, *, process: str) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES for a web process, or for a worker (`process="worker"`)."""
    logins = {**LOGINS, "default": WORKER_LOGIN} if process == "worker" else LOGINS
    result = {}
    for alias, (login, role, timeout) in logins.items():
        options = [f"-c search_path={','.join(SCHEMAS)}", f"-c statement_timeout={timeout}", "-c timezone=UTC"]
        if role:
            options.append(f"-c role={role}")
        else:
            options.append("-c idle_in_transaction_session_timeout=30s")
        result[alias] = {
            **address(url),
            "ENGINE": "coordination.backend" if alias == "default" else "django.db.backends.postgresql",
            "USER": login,
            "PASSWORD": secret(f"SAMVIRKE_DB_PASSWORD_{login.removeprefix('samvirke_').upper()}", ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # Values travel apart from the statement, so they stand neither in pg_stat_activity nor in the server's log.
            "OPTIONS": {"options": " ".join(options), "server_side_binding": True},
        }
    return result
