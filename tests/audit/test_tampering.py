"""What a database superuser may do to the audit log with every trigger off, and who finds it: the log itself, or an anchor kept elsewhere.

Each tampering is made behind the application's back and undone by the snapshot. The honest log is found whole first, every time.
"""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command

from coordination import sealing
from coordination.models import Person
from coordination.sealing import Head
from tests.audit.tampers import CUT, FORGE_LEAVES, FORGE_SEALS, FROM_OUTSIDE, MIDDLE, WITHIN


def found(anchor: Head | None = None) -> set[str]:
    return {problem.what for problem in sealing.verify(anchor)}


@pytest.mark.parametrize("name", WITHIN)
def test_the_log_finds_it_by_itself(log, name):
    tampering, problem = WITHIN[name]
    log.execute(tampering)
    assert problem in found()


@pytest.mark.parametrize("name", FROM_OUTSIDE)
def test_only_an_anchor_kept_outside_finds_it(log, name):
    anchor = sealing.head()
    assert found(anchor) == set()
    log.execute(FROM_OUTSIDE[name])
    assert found() == set(), "if the log finds this by itself, say so above"
    assert found(anchor) == {"seal differs from the anchor"}


def test_an_older_anchor_still_proves_what_it_covers(log):
    older = Head(*log.execute("SELECT id, encode(hash, 'hex') FROM audit.seal WHERE id = 2").fetchone())
    assert found(older) == set()
    log.execute(f"{CUT}; {FORGE_SEALS}")
    assert found(older) == set(), "what came after the anchor is not covered by it: anchor often"
    log.execute(
        f"UPDATE audit.entry SET user_id = gen_random_uuid() WHERE seq = {MIDDLE}; {FORGE_LEAVES}; {FORGE_SEALS}"
    )
    assert found(older) == {"seal differs from the anchor"}


def test_what_is_not_sealed_yet_is_the_honest_limit(log, seal):
    """Between two seals a superuser may forge an entry whole. The window is a minute; the seal closes it."""
    log.execute(f"UPDATE audit.entry SET purpose = 'x' WHERE seq = (SELECT max(seq) FROM audit.entry); {FORGE_LEAVES}")
    assert found() == set()
    assert seal() > 0
    log.execute(
        f"UPDATE audit.entry SET purpose = 'y' WHERE seq = (SELECT max(seq) FROM audit.entry WHERE purpose = 'x'); {FORGE_LEAVES}"
    )
    assert found() == {"batch does not match its seal"}


def test_a_running_transaction_holds_the_seal_back_and_loses_nothing(cast, admin, seal):
    with psycopg.connect(admin.info.dsn) as slow:
        slow.execute(
            "INSERT INTO audit.entry (action, subject_table, object_ids, person_ids, purpose, leaf) VALUES ('read', 'slow', '{}', '{}', '', '')"
        )
        with cast["officer"].acting():
            list(Person.objects.all())
        sealing.seal()
        unsealed = "SELECT count(*) FROM audit.entry WHERE xid >= coalesce((SELECT max(below::text::numeric)::text::xid8 FROM audit.seal), '0'::xid8)"
        assert admin.execute(unsealed).fetchone()[0] >= 1, "what began after the slow one is not closed before it"
        assert sealing.verify() == []
        slow.commit()
    seal()
    assert admin.execute(unsealed).fetchone() == (0,)
    assert sealing.verify() == []


def test_sealing_twice_seals_nothing_new(cast, seal):
    assert seal() > 0
    head = sealing.head()
    assert seal() == 0
    assert sealing.head() == head


def test_ten_sealers_at_once_make_one_chain(cast, admin, passed):
    with cast["officer"].acting():
        list(Person.objects.all())
    before = admin.execute("SELECT count(*) FROM audit.entry").fetchone()[0]
    counts: list[int] = []
    passed()
    threads = [threading.Thread(target=lambda: counts.append(sealing.seal())) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == before
    assert sealing.verify() == []


def test_after_a_restore_on_another_server_the_chain_goes_on(cast, admin, seal):
    """Transaction numbers begin anew there: what the former server left open is sealed first, and new entries are not taken for old."""
    with cast["officer"].acting():
        list(Person.objects.all())
    seal()
    with cast["warden"].acting():
        list(Person.objects.all())
    # As a restored copy sees it: everything written so far is of another server, and its numbers lie far ahead of ours.
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE audit.entry SET cluster = 4711, xid = (xid::text::numeric + 1000000000)::text::xid8")
    admin.execute(
        "UPDATE audit.seal SET cluster = 4711, below = (below::text::numeric + 1000000000)::text::xid8, snapshot = NULL"
    )
    admin.execute(FORGE_LEAVES)
    admin.execute(FORGE_SEALS)
    admin.execute("SET session_replication_role = origin")
    assert sealing.verify() == []
    with cast["duty_leader"].acting():
        list(Person.objects.all())
    assert sealing.verify() == []
    assert seal() > 1
    assert admin.execute("SELECT count(DISTINCT cluster), count(*) FROM audit.seal").fetchone() == (2, 3)
    assert sealing.verify() == []
    assert seal() == 0


def test_the_command_verifies_seals_and_prints_the_head(log, capsys):
    log.execute("SET session_replication_role = origin")
    call_command("audit", "seal")
    assert capsys.readouterr().out.strip().endswith("entries sealed")
    call_command("audit", "head")
    anchor = capsys.readouterr().out.strip()
    call_command("audit", "verify", "--anchor", anchor)
    assert capsys.readouterr().out == "the audit log is whole\n"
    log.execute("SET session_replication_role = replica")
    log.execute(f"DELETE FROM audit.entry WHERE seq = {MIDDLE}")
    with pytest.raises(SystemExit) as end:
        call_command("audit", "verify")
    assert end.value.code == 1
    assert capsys.readouterr().out == "entries added or removed in batch: 1\n"


@pytest.mark.parametrize("anchor", ["", "1", "1:abc", "x:" + "0" * 64, "1:" + "g" * 64])
def test_an_anchor_that_is_none_is_refused(cast, anchor):
    if anchor:
        with pytest.raises((CommandError, ValueError)):
            call_command("audit", "verify", "--anchor", anchor)
    else:
        with pytest.raises(ValueError, match="anchor"):
            Head.parse(anchor)


def test_the_seal_leaves_a_heartbeat(cast, admin):
    sealing.seal()
    age = admin.execute(
        "SELECT clock_timestamp() - at FROM base.coordination_heartbeat WHERE name = 'seal'"
    ).fetchone()[0]
    assert age < timedelta(seconds=10)
