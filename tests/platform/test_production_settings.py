"""Production settings: what they refuse, and that they are strict once they start. Each case is a fresh process."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coordination.embedded import REPOSITORY

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
COMPLETE = {
    "SAMVIRKE_PROCESS": "web",
    "SECRET_KEY": "Zx9-" * 20 + "abcdefg",
    "SAMVIRKE_FIELD_KEY": KEY,
    "SAMVIRKE_LOOKUP_KEY": "lookup-" + "Qw7" * 12,
    "SAMVIRKE_DB_PASSWORD_WEB": "web-password",
    "SAMVIRKE_DB_PASSWORD_AUTH": "auth-password",
    "ALLOWED_HOSTS": "samvirke.example.no",
    "DATABASE_URL": "postgresql://db.example.no:5432/samvirke",
    "REDIS_URL": "redis://:redis-password@redis.example.no:6379/0",
}
SHOW = "import sys; from coordination.settings import production as p; print(*(repr(getattr(p, n)) for n in sys.argv[1:]), sep='\\n')"


def load(environment: dict[str, str], *names: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-c", SHOW, *names],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in COMPLETE.items() if name not in names}


def test_starts_when_everything_is_there_and_is_strict():
    shown = {
        "DEBUG": "False",
        "ALLOW_SYNTHETIC_IDS": "False",
        "REQUIRE_TOTP": "True",
        "ALLOWED_HOSTS": "['samvirke.example.no']",
        "CSRF_TRUSTED_ORIGINS": "['https://samvirke.example.no']",
        "PUBLIC_URL": "'https://samvirke.example.no'",
        "SESSION_COOKIE_SECURE": "True",
        "SESSION_COOKIE_HTTPONLY": "True",
        "SESSION_COOKIE_NAME": "'__Host-samvirke'",
        "CSRF_COOKIE_SECURE": "True",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_SECONDS": str(2 * 365 * 86400),
        "CELERY_BROKER_URL": f"'{COMPLETE['REDIS_URL']}'",
    }
    result = load(COMPLETE, *shown)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == list(shown.values())


def test_one_message_names_everything_that_is_missing_and_no_value():
    result = load({"SAMVIRKE_FIELD_KEY": "short-secret", "DEBUG": "1"})
    assert result.returncode != 0
    for name in COMPLETE.keys() - {"SAMVIRKE_PROCESS", "SAMVIRKE_FIELD_KEY"}:
        assert f"  - {name}" in result.stderr
    assert "SAMVIRKE_FIELD_KEY must be" in result.stderr
    assert "DEBUG is on" in result.stderr
    assert "short-secret" not in result.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SAMVIRKE_LOOKUP_KEY": COMPLETE["SECRET_KEY"]}, "must differ"),
        ({"SAMVIRKE_FIELD_KEY": f"{KEY},AAAA"}, "SAMVIRKE_FIELD_KEY must be"),
        ({"ALLOWED_HOSTS": "*"}, "without wildcards"),
        ({"ALLOW_SYNTHETIC_IDS": "true"}, "ALLOW_SYNTHETIC_IDS is on"),
        ({"SAMVIRKE_PROCESS": "worker"}, "SAMVIRKE_DB_PASSWORD_WORKER"),
        ({"SAMVIRKE_PROCESS": "other"}, "SAMVIRKE_PROCESS must be one of"),
        ({"SECRET_KEY_FILE": "/nowhere"}, "Both SECRET_KEY and SECRET_KEY_FILE"),
    ],
)
def test_refuses_one_thing_wrong(change: dict[str, str], said: str):
    result = load(COMPLETE | change)
    assert result.returncode != 0
    assert said in result.stderr


def test_secrets_come_from_files_too(tmp_path: Path):
    files = {}
    for name in ("SECRET_KEY", "REDIS_URL", "DATABASE_URL", "SAMVIRKE_DB_PASSWORD_WEB"):
        path = tmp_path / name
        path.write_text(COMPLETE[name] + "\n")
        files[f"{name}_FILE"] = str(path)
    environment = without("SECRET_KEY", "REDIS_URL", "DATABASE_URL", "SAMVIRKE_DB_PASSWORD_WEB") | files
    result = load(environment, "SECRET_KEY", "CELERY_BROKER_URL", "DATABASES")
    assert result.returncode == 0, result.stderr
    secret_key, broker, databases = result.stdout.splitlines()
    assert secret_key == repr(COMPLETE["SECRET_KEY"])
    assert broker == repr(COMPLETE["REDIS_URL"])
    assert "db.example.no" in databases
    assert "web-password" in databases

    (tmp_path / "SECRET_KEY").write_text("\n")
    refused = load(environment)
    assert refused.returncode != 0
    assert "SECRET_KEY_FILE names an empty file" in refused.stderr
