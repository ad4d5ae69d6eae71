"""Settings for real use. Refuses to start with a secret missing or a safety off. Must not hold a secret, and starts no servers."""

import base64
import os
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured

from coordination.settings.secrets import secret

PROCESS = os.environ.get("SAMVIRKE_PROCESS") or "web"
LOGINS = {
    # Each process holds the passwords of its own logins only: a stolen web process must not be able to act as the owner.
    "web": ("WEB", "AUTH"),
    "worker": ("WORKER",),
    "migrate": ("WEB", "AUTH", "WORKER", "MIGRATE"),
}
KEYS = ("SECRET_KEY", "SAMVIRKE_FIELD_KEY", "SAMVIRKE_LOOKUP_KEY")
TRUE = {"1", "true", "yes", "on"}


def _is_field_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def _read(names: list[str]) -> tuple[dict[str, str], list[str]]:
    """The secrets that are there, and a sentence for each that is not."""
    values: dict[str, str] = {}
    problems = []
    for name in names:
        try:
            value = secret(name)
        except ImproperlyConfigured as error:
            problems.append(str(error))
            continue
        if value is None:
            problems.append(f"{name} or {name}_FILE is missing.")
        else:
            values[name] = value
    return values, problems


def _weak(values: dict[str, str]) -> Iterator[str]:
    key = values.get("SECRET_KEY")
    if key and (len(key) < 50 or len(set(key)) < 5):
        yield "SECRET_KEY is too short or too regular: use 50 random characters or more."
    field_keys = values.get("SAMVIRKE_FIELD_KEY")
    if field_keys and not all(_is_field_key(part) for part in field_keys.split(",")):
        yield "SAMVIRKE_FIELD_KEY must be one or more keys of 32 random bytes in URL-safe base64, with commas between."
    if len(values.get("SAMVIRKE_LOOKUP_KEY", "x" * 32)) < 32:
        yield "SAMVIRKE_LOOKUP_KEY is too short: use 32 random characters or more."
    keys = [values[name] for name in KEYS if name in values]
    if len(set(keys)) != len(keys):
        yield f"{', '.join(KEYS)} must differ from each other."


def _unsafe() -> Iterator[str]:
    hosts = _hosts()
    if not hosts:
        yield "ALLOWED_HOSTS is missing: the host names Samvirke answers to, separated by commas."
    elif any(host.startswith(("*", ".")) for host in hosts):
        yield "ALLOWED_HOSTS must name each host in full, without wildcards."
    for name in ("DEBUG", "SAMVIRKE_DEBUG", "ALLOW_SYNTHETIC_IDS", "SAMVIRKE_ALLOW_SYNTHETIC_IDS"):
        if os.environ.get(name, "").strip().lower() in TRUE:
            yield f"{name} is on. It is for demo and tests only: remove it."


def _hosts() -> list[str]:
    return [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]


def _problems() -> list[str]:
    """Everything that is missing or wrong in the environment, one sentence each, without any value."""
    if PROCESS not in LOGINS:
        return [f"SAMVIRKE_PROCESS must be one of {', '.join(LOGINS)}."]
    passwords = [f"SAMVIRKE_DB_PASSWORD_{login}" for login in LOGINS[PROCESS]]
    values, problems = _read([*KEYS, "DATABASE_URL", "REDIS_URL", *passwords])
    return [*problems, *_weak(values), *_unsafe()]


_found = _problems()
if _found:
    raise ImproperlyConfigured(
        "Samvirke does not start in production:\n" + "\n".join(f"  - {problem}" for problem in _found)
    )

# The URLs may come from files, since that of Redis holds a password. From here on they are where every reader looks for them.
for _name in ("DATABASE_URL", "REDIS_URL"):
    os.environ[_name] = secret(_name, "")
    os.environ.pop(f"{_name}_FILE", None)

# After the checks, so that one message says everything that is missing.
from coordination.settings.base import *  # noqa: E402, F403
from coordination.settings.base import MIDDLEWARE as BASE_MIDDLEWARE  # noqa: E402
from coordination.settings.base import STORAGES as BASE_STORAGES  # noqa: E402

DEBUG = False
ALLOW_SYNTHETIC_IDS = False
REQUIRE_TOTP = True
SECRET_KEY = secret("SECRET_KEY", "")
ALLOWED_HOSTS = _hosts()
PUBLIC_URL = os.environ.get("PUBLIC_URL") or f"https://{ALLOWED_HOSTS[0]}"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# The reverse proxy ends TLS and overwrites this header; see deploy/nginx.conf. Nothing else may reach the web process.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz"]  # asked over plain HTTP, from inside
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# For browsers that do not know frame-ancestors in the content security policy.
MIDDLEWARE = [*BASE_MIDDLEWARE, "django.middleware.clickjacking.XFrameOptionsMiddleware"]

# File names carry a digest of their content, so browsers may keep them for ever; made by collectstatic when the image is built.
STORAGES = BASE_STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

# The __Host- prefix makes the browser refuse such a cookie from a subdomain or over plain HTTP.
SESSION_COOKIE_NAME = "__Host-samvirke"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_DOMAIN = None
SESSION_COOKIE_PATH = "/"
CSRF_COOKIE_NAME = "__Host-samvirke-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_DOMAIN = None
CSRF_COOKIE_PATH = "/"
