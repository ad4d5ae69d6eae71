"""The search for canaries finds one wherever it is put, so that a clean run says something."""

import os
from pathlib import Path

import psycopg
import pytest
import redis

from coordination.embedded.common import var_folder
from tests.plugins import canaries

pytest_plugins = ["pytester"]
REPOSITORY = Path(__file__).resolve().parents[2]

SUITE = """
import logging, pytest
from django.core import mail

def test_quiet(): pass
def test_logs(): logging.getLogger("x").warning("%s er her", "Fiolin")
def test_prints(): print("KANARI-PRISON")
def test_mails():
    mail.outbox = [mail.EmailMessage("emne", "Hei Trompet", "a@example.org", ["b@example.org"])]
def test_fails(): assert "Sjiraff" == ""
"""


def run(pytester: pytest.Pytester, suite: str) -> pytest.RunResult:
    """Run a suite of its own with the watch, and nothing else of ours."""
    pytester.makepyfile(suite)
    return pytester.runpytest_subprocess(
        "-p",
        "tests.plugins.canaries",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        f"--rootdir={pytester.path}",
        "-o",
        f"pythonpath={REPOSITORY}",
        "-o",
        "DJANGO_SETTINGS_MODULE=coordination.settings.test",
    )


def test_a_leak_in_output_log_or_mail_fails_a_run_whose_tests_passed(pytester: pytest.Pytester):
    result = run(pytester, SUITE.replace('def test_fails(): assert "Sjiraff" == ""', ""))
    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = result.stdout.str()
    for leak in (
        "test_logs: captured log call: Fiolin",
        "test_prints: captured stdout call: KANARI",
        "test_mails: mail: Trompet",
    ):
        assert leak in text
    assert "test_quiet:" not in text


def test_a_failure_s_own_traceback_is_not_a_leak(pytester: pytest.Pytester):
    result = run(pytester, 'def test_fails(): assert "Sjiraff" == ""')
    result.assert_outcomes(failed=1)
    assert "outside their place" not in result.stdout.str()


def test_a_clean_run_stays_clean(pytester: pytest.Pytester):
    result = run(pytester, "def test_quiet(): print('ingenting')")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.OK


def test_a_word_in_a_server_s_log_is_found_from_where_the_run_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(canaries, "var_folder", lambda: tmp_path)
    log = tmp_path / "postgres" / "server.log"
    log.parent.mkdir()
    log.write_text("ERROR: Fiolin, fra en tidligere kjøring\n")
    start = {log: log.stat().st_size}
    assert list(canaries.logs_since(start)) == []
    with log.open("a") as more:
        more.write("STATEMENT: SELECT 1\nDETAIL: Key (family_name)=(Sjiraff) already exists.\n")
    assert list(canaries.logs_since(start)) == [("postgres/server.log", "Sjiraff")]


def test_a_word_in_the_queue_is_found_in_key_and_value():
    url = os.environ["REDIS_URL"]
    client = redis.Redis.from_url(url)
    before = list(canaries.queue(url))
    assert before == []
    try:
        client.set("canary:plain", "Trompet er forsinket")
        client.rpush("canary:Fiolin", "x")
        assert set(canaries.queue(url)) == {("redis", "Trompet"), ("redis", "Fiolin")}
    finally:
        client.delete("canary:plain", "canary:Fiolin")
        client.close()


def test_a_word_bound_by_the_client_shows_in_the_statistics_and_one_bound_by_the_server_does_not(cast, admin):
    """Why the application binds on the server: what a client writes into its statement stands in pg_stat_activity for all to read."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT %s::text", ["Sjiraff"])
        assert list(canaries.statistics(url)) == []
        with psycopg.ClientCursor(connection) as careless:
            careless.execute("SELECT %s::text", ["Sjiraff"])
        assert list(canaries.statistics(url)) == [("pg_stat_activity", "Sjiraff")]


def test_the_logs_it_searches_are_those_of_the_servers_that_run():
    assert {path.parent.name for path in var_folder().glob("*/*.log")} >= {"postgres", "redis"}
