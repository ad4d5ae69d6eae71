"""Receipts, answers and corrections under attack: by the recipient only, set once, on both copies, in the right exchange."""

from uuid import uuid4

import pytest

from consent.models import CustodyLetter, MunicipalLetter
from tests.consent.post import (
    TABLES,
    advice,
    body,
    deliver,
    denied,
    notice,
    patient,
    receipt,
    refused,
    register_kinds,
    sent_notice,
)


@pytest.fixture(autouse=True)
def _kinds(cast, admin):
    register_kinds(admin)


def receipts_of(admin, table: str) -> tuple:
    """Return every receipt of the one letter in a table."""
    return admin.execute(
        f"SELECT read_at, acknowledged_at, acknowledged_by, answered_at, filed_at, filed_reference, settled_at FROM {table}"
    ).fetchone()


def test_receipts_come_from_the_recipient_once_and_reach_both_copies(cast, admin):
    letter = sent_notice(cast)
    for name in ("officer", "duty_leader", "south_doctor", "south_nurse", "trust_intake", "region"):
        with cast[name].acting(), refused("receipt"):
            receipt(letter, "acknowledged")
    with cast["health_admin"].acting(), denied():
        receipt(letter, "acknowledged")
    assert receipts_of(admin, TABLES[1]) == (None, None, "", None, None, "", None)
    with cast["nurse"].acting():
        receipt(letter, "read")
        receipt(letter, "acknowledged")
    first = receipts_of(admin, TABLES[0])
    assert first == receipts_of(admin, TABLES[1])
    assert first[0] is not None
    assert first[2] == "Nurse"
    assert first[6] == first[1] is not None
    with cast["doctor"].acting():
        receipt(letter, "acknowledged")
        receipt(letter, "read")
        receipt(letter, "filed", "  2026/12 ")
        receipt(letter, "filed", "2026/99")
    after = receipts_of(admin, TABLES[0])
    assert after[:3] == first[:3]
    assert after[5] == "2026/12"
    assert after == receipts_of(admin, TABLES[1])


@pytest.mark.parametrize(
    ("event", "reference", "code"),
    [
        ("answered", "", "receipt"),
        ("superseded", "", "receipt"),
        ("filed", "", "reference"),
        ("filed", "  ", "reference"),
        ("filed", "x" * 61, "reference"),
        ("filed", None, "reference"),
    ],
)
def test_receipts_that_cannot_be_left(cast, event, reference, code):
    letter = sent_notice(cast)
    with cast["nurse"].acting():
        with refused(code):
            receipt(letter, event, reference)
        with refused("receipt"):
            receipt(uuid4(), "read")
        receipt(letter, "filed", "x" * 60)


def test_reading_settles_nothing_and_each_kind_settles_by_what_it_awaits(cast, admin):
    letter = sent_notice(cast)
    with cast["nurse"].acting():
        receipt(letter, "read")
    assert receipts_of(admin, TABLES[1])[6] is None
    about = patient(cast)
    with cast["nurse"].acting():
        asked = deliver(**advice(cast, about, reply_to=letter))
    with cast["duty_leader"].acting():
        receipt(asked, "acknowledged")
        assert CustodyLetter.objects.get(letter_id=asked).settled_at is None
        deliver(**notice(cast, what="t_answer", ground="LB08", reply_to=asked))
        settled = CustodyLetter.objects.get(letter_id=asked)
        assert settled.settled_at == settled.answered_at is not None


# Threads, replies and corrections


def test_an_answer_marks_the_letter_on_both_sides_and_finds_the_recipients_person(cast, admin):
    letter, about = sent_notice(cast), patient(cast)
    with cast["nurse"].acting():
        answer = deliver(**advice(cast, about, reply_to=letter))
    for table in TABLES[:2]:
        row = admin.execute(
            f"SELECT answered_at, answered_by_letter, settled_at FROM {table} WHERE letter_id = %s", [letter]
        ).fetchone()
        assert row[1] == answer
        assert row[0] == row[2] is not None
    came = admin.execute(
        "SELECT person_id, thread_id FROM custody.consent_custodyletter WHERE letter_id = %s", [answer]
    ).fetchone()
    assert came == (cast.people["fiolin"], letter)


def test_forged_replies(cast, admin):
    letter, about, other = sent_notice(cast), patient(cast), patient(cast, family="Fagott")
    south = patient(cast, "south_nurse", "south_team")
    to_south = sent_notice(cast, "duty_leader", recipient=cast.agencies["south_health"].pk)
    with cast["nurse"].acting():
        for forged in (uuid4(), to_south):
            with refused("reply"):
                deliver(**advice(cast, about, reply_to=forged))
        with refused("reply"):  # the letter came from another prison
            deliver(**advice(cast, about, reply_to=letter, recipient=cast.agencies["south"].pk))
    with cast["south_nurse"].acting(), refused("reply"):  # somebody else's letter
        deliver(**advice(cast, south, reply_to=letter))
    with cast["doctor"].acting():
        MunicipalLetter.objects.filter(letter_id=letter).update(person=about)
    with cast["nurse"].acting():
        with refused("reply"):  # a letter about somebody else
            deliver(**advice(cast, other, reply_to=letter))
        deliver(**advice(cast, about, reply_to=letter))


def test_the_next_letter_after_ones_own_stops_nobodys_clock(cast, admin):
    letter = sent_notice(cast)
    with cast["officer"].acting():
        following = deliver(**notice(cast, reply_to=letter))
    row = admin.execute(
        "SELECT answered_at, settled_at FROM municipal_health.consent_municipalletter WHERE letter_id = %s", [letter]
    ).fetchone()
    assert row == (None, None)
    assert (
        admin.execute(
            "SELECT thread_id FROM municipal_health.consent_municipalletter WHERE letter_id = %s", [following]
        ).fetchone()[0]
        == letter
    )


def test_a_correction_supersedes_once_and_only_ones_own(cast, admin):
    letter = sent_notice(cast)
    elsewhere = sent_notice(cast, "duty_leader", about=cast.people["ung"])
    with cast["duty_leader"].acting():
        for forged in (uuid4(), elsewhere):
            with refused("correction"):
                deliver(**notice(cast, corrects=forged))
        with refused("correction"):  # to somebody else
            deliver(**notice(cast, corrects=letter, recipient=cast.agencies["south_health"].pk))
        with refused("correction"):  # another kind
            deliver(**notice(cast, what="t_answer", ground="LB08", corrects=letter))
        with refused("correction"):  # an answer in one thread, a correction in another
            deliver(**notice(cast, reply_to=sent_notice_here(cast), corrects=letter))
    about = patient(cast)
    with cast["nurse"].acting(), refused("correction"):  # a letter one received
        deliver(**advice(cast, about, corrects=letter))
    with cast["officer"].acting():
        newer = deliver(**notice(cast, corrects=letter, body=body(text="Rettet")))
        with refused("correction"):
            deliver(**notice(cast, corrects=letter))
    for table in TABLES[:2]:
        old = admin.execute(
            f"SELECT superseded_by, settled_at IS NOT NULL, next_alert_at, body->>'text' FROM {table} WHERE letter_id = %s",
            [letter],
        ).fetchone()
        assert old == (newer, True, None, "Hilsen")
        new = admin.execute(
            f"SELECT supersedes, thread_id, settled_at FROM {table} WHERE letter_id = %s", [newer]
        ).fetchone()
        assert new == (letter, letter, None)


def sent_notice_here(cast):
    """Send another notice inside the running transaction."""
    return deliver(**notice(cast))
