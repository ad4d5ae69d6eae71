"""The mail: what it says, that none is lost and at most one repeated, whatever fails in between."""

import smtplib
import socket
import threading
from datetime import timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from coordination import outbox
from coordination.outbox import Posted, claim, send_waiting
from coordination.sweep import sweep
from coordination.worker_login import worker_connection
from tests.cast import AT
from tests.engine.making import HOUR, T1, T3, T4, deadline, deadlines, municipal_letter

pytestmark = pytest.mark.usefixtures("rules")
NO_QUIET = timedelta(0)


class Faulty(BaseEmailBackend):
    """A mail server that does what a test says; `took` is what it accepted, as (address, Message-ID)."""

    took: list[tuple[str, str]] = []
    fault: Exception | None = None
    fails_after = False

    def send_messages(self, messages):
        """Take the mail, or fail before or after taking it."""
        for message in messages:
            if self.fault and not self.fails_after:
                raise self.fault
            Faulty.took.append((message.to[0], message.extra_headers["Message-ID"]))
            if self.fault:
                raise self.fault
        return len(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.engine.test_outbox.Faulty"
    # The test module is imported under a name of pytest's own; the backend must be this very class.
    monkeypatch.setattr("coordination.outbox.get_connection", lambda **more: Faulty())
    Faulty.took, Faulty.fault, Faulty.fails_after = [], None, False
    return Faulty


def expire(admin) -> None:
    admin.execute(
        "UPDATE base.coordination_outboxmail SET claimed_until = now() - interval '1 second' WHERE claimed_until IS NOT NULL"
    )


def crash(monkeypatch) -> None:
    """Send, and die between the first mail and its mark."""

    def killed(*args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_mark", killed)
        with pytest.raises(SystemExit):
            send_waiting()


def state(admin) -> list[tuple]:
    return admin.execute(
        "SELECT sent_at IS NOT NULL, dropped_why, count(*) FROM base.coordination_outboxmail GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()


def test_one_mail_for_all_that_waits(cast, admin, mailbox):
    deadlines(admin, cast, T1, 7)
    sweep(AT)
    assert send_waiting() == Posted(sent=2)
    assert sorted(m.to[0] for m in mailbox) == ["duty_leader@example.test", "officer@example.test"]
    assert send_waiting() == Posted()
    assert state(admin) == [(True, "", 21)]


def test_a_mail_says_only_that_there_is_something_and_where(cast, admin, mailbox, settings):
    settings.PUBLIC_URL = "https://samvirke.example.test"
    deadline(admin, cast, T1)
    sweep(AT)
    send_waiting()
    assert len({(m.subject, m.body) for m in mailbox}) == 1
    text = mailbox[0].message().as_string()
    assert mailbox[0].subject == "Du har et varsel"
    assert (
        mailbox[0].body
        == "Du har 1 eller flere varsler i Samvirke. Logg inn for å se dem:\n\nhttps://samvirke.example.test\n"
    )
    secrets = [
        T1.code,
        T1.title,
        "Fiolin",
        "Blid",
        "Avdeling",
        "Prøveby",
        str(cast.people["fiolin"]),
        "Officer",
        "Duty",
    ]
    assert [word for word in secrets if word in text] == []
    assert not admin.execute(
        "SELECT digest FROM base.coordination_outboxmail WHERE digest = ANY (%s)", [list(cast.people.values())]
    ).fetchall()


def test_the_mail_is_the_same_for_much_and_little(cast, admin, mailbox):
    deadline(admin, cast, T1)
    sweep(AT)
    send_waiting()
    deadlines(admin, cast, T1, 20, due=AT + HOUR)
    sweep(AT + HOUR)
    send_waiting(quiet=NO_QUIET)
    assert len(mailbox) == 5  # the warden once: the last step of the first
    assert len({(m.subject, m.body) for m in mailbox}) == 1


def test_who_just_got_a_mail_waits_for_the_next(cast, admin, mailbox):
    deadline(admin, cast, T3)
    sweep(AT)
    assert send_waiting().sent == 1
    deadline(admin, cast, T3, due=AT + HOUR)
    sweep(AT + HOUR)
    assert send_waiting() == Posted()
    admin.execute(
        "UPDATE base.coordination_outboxmail SET sent_at = sent_at - interval '5 minutes' WHERE sent_at IS NOT NULL"
    )
    assert send_waiting().sent == 1


def test_a_crash_between_sending_and_marking_repeats_one_mail_with_the_same_id(cast, admin, server, monkeypatch):
    deadlines(admin, cast, T1, 3)
    sweep(AT)

    crash(monkeypatch)
    assert len(server.took) == 1
    assert send_waiting() == Posted(), "the lease holds"
    expire(admin)
    assert send_waiting() == Posted(sent=2)
    addresses = [address for address, _id in server.took]
    ids = {number for _address, number in server.took}
    assert len(addresses) == 3
    assert len(ids) == 2
    assert state(admin) == [(True, "", 9)]


def test_what_comes_after_a_crash_is_told_by_a_mail_of_its_own(cast, admin, server, monkeypatch):
    """Behind a Message-ID that was seen before, a mail server may hide it."""
    deadline(admin, cast, T3)
    sweep(AT)
    crash(monkeypatch)
    deadline(admin, cast, T3, due=AT + HOUR)
    sweep(AT + HOUR)
    expire(admin)
    assert send_waiting(quiet=NO_QUIET).sent == 1
    assert send_waiting(quiet=NO_QUIET).sent == 1
    ids = [number for _address, number in server.took]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    "fault",
    [
        TimeoutError(),
        ConnectionRefusedError(),
        socket.gaierror(),
        smtplib.SMTPServerDisconnected(),
        smtplib.SMTPDataError(451, b"later"),
    ],
    ids=lambda f: type(f).__name__,
)
@pytest.mark.parametrize("fails_after", [False, True])
def test_a_server_that_fails_gets_the_mail_again_later(cast, admin, server, fault, fails_after, caplog):
    deadline(admin, cast, T1)
    sweep(AT)
    server.fault, server.fails_after = fault, fails_after
    assert send_waiting() == Posted(waiting=2)
    assert send_waiting() == Posted()
    assert "example.test" not in caplog.text
    server.fault = None
    expire(admin)
    assert send_waiting() == Posted(sent=2)
    assert {address for address, _id in server.took} == {"duty_leader@example.test", "officer@example.test"}
    assert len({number for _address, number in server.took}) == 2
    assert state(admin) == [(True, "", 3)]


def test_while_the_server_is_away_mails_do_not_pile_up(cast, admin, server):
    server.fault = TimeoutError()
    for hour in range(5):
        deadline(admin, cast, T3, due=AT + hour * HOUR)
        sweep(AT + hour * HOUR)
        send_waiting()
        expire(admin)
    server.fault = None
    assert send_waiting().sent == 1
    assert send_waiting(quiet=NO_QUIET).sent == 1
    assert len(server.took) == 2
    assert state(admin) == [(True, "", 5)]


def test_an_address_that_is_refused_holds_up_nobody(cast, admin, server):
    deadline(admin, cast, T1)
    sweep(AT)
    server.fault = smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})
    assert send_waiting() == Posted(dropped=2)
    assert state(admin) == [(False, "refused", 3)]
    server.fault = None
    assert send_waiting() == Posted()


def test_an_address_that_is_busy_is_tried_again(cast, admin, server):
    deadline(admin, cast, T3)
    sweep(AT)
    server.fault = smtplib.SMTPRecipientsRefused({"x": (450, b"mailbox busy")})
    assert send_waiting() == Posted(waiting=1)
    server.fault = None
    expire(admin)
    assert send_waiting() == Posted(sent=1)


def test_mail_to_who_has_left_or_has_no_address_is_dropped_and_marked(cast, admin, mailbox):
    deadline(admin, cast, T1)
    sweep(AT)
    admin.execute(
        "UPDATE base.coordination_membership SET ended_at = now() WHERE id = %s", [cast["officer"].membership.pk]
    )
    admin.execute(
        "UPDATE base.coordination_membership SET email = '' WHERE id = %s", [cast["duty_leader"].membership.pk]
    )
    assert send_waiting() == Posted(dropped=3)
    assert mailbox == []
    assert state(admin) == [(False, "ended", 2), (False, "no_address", 1)]
    assert send_waiting() == Posted()


def test_a_hanging_server_is_given_up_and_the_mail_kept(cast, admin, settings):
    """A real socket that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", silent.getsockname()[1], 1
        deadline(admin, cast, T1)
        sweep(AT)
        assert send_waiting() == Posted(waiting=2)
    assert admin.execute(
        "SELECT count(*) FROM base.coordination_outboxmail WHERE sent_at IS NULL AND dropped_at IS NULL"
    ).fetchone() == (3,)
    assert admin.execute("SELECT count(*) FROM base.coordination_heartbeat WHERE name = 'mail'").fetchone() == (0,)


def test_ten_senders_at_once_send_each_mail_once(cast, admin, server):
    deadlines(admin, cast, T1, 30)
    sweep(AT + HOUR)
    done: list[Posted] = []
    threads = [threading.Thread(target=lambda: done.append(send_waiting(batch=1))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(d.sent for d in done) == 3
    assert len(server.took) == len({number for _address, number in server.took}) == 3


def test_a_round_takes_a_batch_and_leaves_the_rest(cast, admin, mailbox):
    deadlines(admin, cast, T1, 2)
    sweep(AT + HOUR)
    assert [send_waiting(batch=2).sent, send_waiting(batch=2).sent, send_waiting(batch=2).sent] == [2, 1, 0]


def test_a_claim_names_an_address_and_nothing_else(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    with worker_connection() as connection:
        digests, dropped = claim(connection)
    assert dropped == 0
    assert {d.address for d in digests} == {"duty_leader@example.test", "officer@example.test"}
    assert set(vars(digests[0])) == {"id", "address"}


CLOSE = "UPDATE custody.coordination_custodydeadline SET closed_at = now(), outcome = 'met' WHERE id = %s"
MOVE = "UPDATE custody.coordination_custodydeadline SET due_at = due_at + interval '2 hours' WHERE id = %s"


@pytest.mark.parametrize("done", [CLOSE, MOVE], ids=["closed", "moved on"])
def test_no_mail_about_what_was_done_after_it_was_queued(cast, admin, mailbox, done):
    key = deadline(admin, cast, T3)
    sweep(AT)
    admin.execute(done, [key])
    assert send_waiting() == Posted(dropped=1)
    assert mailbox == []
    assert state(admin) == [(False, "settled", 1)]


def test_what_still_waits_is_mailed_beside_what_was_done(cast, admin, mailbox):
    done, _waits = deadlines(admin, cast, T3, 2)
    sweep(AT)
    admin.execute(CLOSE, [done])
    assert send_waiting() == Posted(sent=1, dropped=1)
    assert len(mailbox) == 1
    assert state(admin) == [(False, "settled", 1), (True, "", 1)]


def test_what_is_done_while_others_get_their_mail_is_not_mailed(cast, admin, server, monkeypatch):
    """The claim has committed; the check is made again right before each mail."""
    near, far = deadline(admin, cast, T3), deadline(admin, cast, T3, unit="north_b", person="trompet")
    sweep(AT)
    took = Faulty.send_messages

    def send_and_do(self, messages):
        sent = took(self, messages)
        admin.execute(CLOSE.replace("id = %s", "id = ANY (%s)"), [[near, far]])
        return sent

    monkeypatch.setattr(Faulty, "send_messages", send_and_do)
    posted = send_waiting()
    assert (posted.sent, posted.dropped) == (1, 1)
    assert len(server.took) == 1


def test_a_letter_that_was_answered_is_not_mailed(cast, admin, mailbox):
    key = municipal_letter(admin, cast, T4)
    sweep(AT)
    waiting = admin.execute("SELECT count(*) FROM base.coordination_outboxmail").fetchone()[0]
    assert waiting
    admin.execute("UPDATE municipal_health.consent_municipalletter SET settled_at = now() WHERE id = %s", [key])
    assert send_waiting() == Posted(dropped=waiting)
    assert mailbox == []
