"""The heads kept outside the database: sent by a timer, and the nine tampers of the design each found with them."""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coordination import anchors, sealing, tasks
from coordination.sealing import Head
from tests.audit.tampers import CUT, FORGE_LEAVES, FORGE_SEALS, FROM_OUTSIDE, MIDDLE, WITHIN

#: The tampers of the design, by the names it gives them → what is run.
NINE = {
    "edit": WITHIN["edit"][0],
    "delete middle": WITHIN["delete from the middle"][0],
    "swap timestamps": WITHIN["swap two timestamps"][0],
    "backdated insert": WITHIN["backdate an entry"][0],
    "insert into a closed batch": WITHIN["insert into a sealed batch"][0],
    "cut tail": WITHIN["cut the tail"][0],
    "cut tail and fix head": FROM_OUTSIDE["cut the tail and fix the tip"],
    "rewrite whole chain and head": FROM_OUTSIDE["rewrite the whole chain"],
    # Nothing is left in the database that remembers: seals, tip and entries are made anew from an edited log.
    "rewrite chain and delete the anchors kept in the same database": (
        f"UPDATE audit.entry SET user_id = gen_random_uuid() WHERE seq = {MIDDLE}; {FORGE_LEAVES}; DELETE FROM audit.tip; "
        f"INSERT INTO audit.tip (seal, hash) SELECT id, hash FROM audit.seal ORDER BY id DESC LIMIT 1; {FORGE_SEALS}"
    ),
}
assert len(NINE) == 9


@pytest.fixture
def kept(log, tmp_path, monkeypatch) -> Path:
    """Give the file outside, with the head of a whole log in it."""
    path = tmp_path / "anchors"
    monkeypatch.setattr(settings, "AUDIT_ANCHORS_FILE", str(path))
    tasks.send_anchor()
    return path


def test_each_of_the_nine_tampers_is_found_with_the_anchors(log, kept, capsys):
    """One log for all nine: after each the tables are put back as they were, and verified whole again before the next."""
    tables = ("audit.entry", "audit.seal", "audit.tip")
    for table in tables:
        log.execute(f"CREATE TEMP TABLE kept_{table[6:]} AS TABLE {table}")
    missed = []
    for name, tampering in NINE.items():
        call_command("audit", "verify", "--anchors", str(kept))
        assert capsys.readouterr().out == "the audit log is whole\n"
        log.execute(tampering)
        try:
            call_command("audit", "verify", "--anchors")
            missed.append(name)
        except SystemExit as end:
            assert end.code == 1
            assert capsys.readouterr().out
        for table in tables:
            log.execute(f"DELETE FROM {table}; INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept_{table[6:]}")
    for table in tables:
        log.execute(f"DROP TABLE kept_{table[6:]}")
    assert missed == []


def test_a_line_is_added_and_nothing_before_it_is_touched(log, kept, admin):
    first = kept.read_text()
    assert anchors.export() == sealing.head()
    assert kept.read_text().startswith(first)
    assert [a.head for a in anchors.read(kept)] == [sealing.head()] * 2
    age = admin.execute("SELECT clock_timestamp() - at < '10 s' FROM base.coordination_heartbeat WHERE name = 'anchor'")
    assert age.fetchone() == (True,)


def test_a_command_gets_the_line(log, tmp_path, monkeypatch):
    script = tmp_path / "send.py"
    script.write_text(f"import sys; open({str(tmp_path / 'sent')!r}, 'a').write(sys.stdin.read())")
    monkeypatch.setattr(settings, "AUDIT_ANCHORS_COMMAND", f"{sys.executable} {script}")
    assert anchors.export() == sealing.head()
    assert [a.head for a in anchors.read(tmp_path / "sent")] == [sealing.head()]


@pytest.mark.parametrize("place", ["AUDIT_ANCHORS_FILE", "AUDIT_ANCHORS_COMMAND"])
def test_a_place_that_does_not_take_it_is_an_error_and_leaves_no_heartbeat(log, admin, tmp_path, monkeypatch, place):
    monkeypatch.setattr(settings, place, str(tmp_path / "missing" / "place"))
    with pytest.raises(anchors.NotSent):
        tasks.send_anchor()
    with pytest.raises(CommandError):
        call_command("audit", "anchor")
    assert admin.execute("SELECT count(*) FROM base.coordination_heartbeat WHERE name = 'anchor'").fetchone() == (0,)


def test_without_a_place_nothing_is_sent(log, capsys):
    call_command("audit", "anchor")
    assert "no place" in capsys.readouterr().out
    with pytest.raises(CommandError, match="name the file"):
        call_command("audit", "verify", "--anchors")


@pytest.mark.parametrize("text", ["", "yesterday 1:" + "0" * 64, "2026-11-22T10:00:00+00:00 1:abc"])
def test_a_file_that_proves_nothing_is_refused(cast, tmp_path, text):
    path = tmp_path / "anchors"
    path.write_text(text)
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--anchors", str(path))


def test_anchors_that_go_back_in_number_tell_of_a_log_begun_anew(log, kept):
    head = sealing.head()
    older = Head(*log.execute("SELECT id, encode(hash, 'hex') FROM audit.seal WHERE id = 2").fetchone())
    with kept.open("a") as file:
        file.write(f"{anchors.Anchor(anchors.read(kept)[0].at, older)}\n")
    assert [str(p.what) for p in anchors.verify(anchors.read(kept))] == ["the log went back between two anchors"]
    log.execute(f"{CUT}; {FORGE_SEALS}")
    assert {p.place for p in anchors.verify(anchors.read(kept))} >= {str(head.id)}


def test_beat_sends_every_five_minutes():
    entry = settings.CELERY_BEAT_SCHEDULE["anchor"]
    assert (entry["task"], entry["schedule"].total_seconds()) == ("coordination.tasks.send_anchor", 300)
