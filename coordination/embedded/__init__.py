"""PostgreSQL and Redis from Python packages, for the demo, development and tests: started, found again, stopped.

Must not import Django, and must not be used in production.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .common import REPOSITORY, EmbeddedError, ends_within, locked, started, var_folder
from .postgresql import DATABASE, database_url, postgres, running_postgres, stop_postgres
from .redis_server import is_free, redis, running_redis, stop_redis

__all__ = [
    "DATABASE",
    "REPOSITORY",
    "EmbeddedError",
    "database_url",
    "ends_within",
    "ensure_environment",
    "is_free",
    "postgres",
    "redis",
    "running_postgres",
    "running_redis",
    "started",
    "stop",
    "var_folder",
]

NEEDS_NO_SERVICES = frozenset({"help", "version", "makemessages", "compilemessages", "collectstatic", "obligations"})


def stop(var: Path, only: Sequence[str] = ("redis", "postgres")) -> list[str]:
    """Stops the embedded servers of ``var`` (those named in ``only``) and waits for them. Returns the names of those that were running."""
    stopped = []
    with locked(var):
        if "redis" in only and stop_redis(var / "redis"):
            stopped.append("redis")
        if "postgres" in only and stop_postgres(var / "postgres"):
            stopped.append("postgres")
    started.difference_update(stopped)
    return stopped


def ensure_environment(arguments: Sequence[str] = ()) -> None:
    """Starts what ``DATABASE_URL`` and ``REDIS_URL`` do not name, and sets them. To be called before Django reads its settings.

    ``arguments`` is the command line (``sys.argv``). Does nothing for commands that need no services, nor with production settings:
    production names its own servers. Raises ``EmbeddedError``.
    """
    words = list(arguments[1:])
    command = words[0] if words else ("help" if arguments else "")
    if (
        command in NEEDS_NO_SERVICES
        or command in {"--help", "-h", "--version"}
        or {"--help", "-h", "--version"} & set(words)
    ):
        return
    module = next((word.partition("=")[2] for word in words if word.startswith("--settings=")), "")
    if "--settings" in words[:-1]:
        module = words[words.index("--settings") + 1]
    if (module or os.environ.get("DJANGO_SETTINGS_MODULE", "")).endswith(".production"):
        return
    var = var_folder()
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = database_url(postgres(var))
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = redis(var)
