"""What reaches the other side when a consent runs out by itself: one neutral notice to each who was told of it, and nobody else."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import psycopg
import pytest
from django.urls import reverse

from consent import actions
from consent.access import access_consent, inbox, outbox
from consent.actions import Undelivered
from coordination import clock
from coordination.people import actions as people
from coordination.people.access import access_person
from coordination.sweep import sweep
from coordination.worker_login import as_sweeper, worker_connection
from coordination.worlds import CONTENT_ROLES
from tests.cast import PERSONAS
from tests.consent.paper import page_text
from tests.consent.post import TABLES, given
from tests.consent.signing import last_day, signed, somebody
from tests.consent.test_consents import advise

EVENTS = "municipal_health.consent_municipalconsentevent"


@pytest.fixture
def about(cast, monkeypatch):
    """Give a patient of the nurse's team."""
    return somebody(cast, monkeypatch)


def yesterday():
    return clock.local_date(clock.now()) - timedelta(days=1)


def told(admin, consent) -> list[tuple]:
    """Return agency and event of every notice that lies with its recipient, in order."""
    union = " UNION ALL ".join(
        f"SELECT r.agency_id, r.body->>'event' AS event, r.sent_at, r.thread_id FROM {table} r WHERE r.direction = 'in' AND r.kind = 'consent_notice'"
        for table in TABLES
    )
    return admin.execute(
        f"SELECT n.agency_id, n.event FROM ({union}) n WHERE n.thread_id IN (SELECT s.thread_id FROM {TABLES[1]} s WHERE s.consent_id = %s) "
        "ORDER BY n.sent_at, n.agency_id",
        [consent],
    ).fetchall()


def ended(admin, consent) -> list:
    return [agency for agency, event in told(admin, consent) if event == "ended"]


def letters(admin) -> int:
    return sum(admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


def used(cast, about) -> str:
    """Return a consent recorded from paper that the prison has got a letter on."""
    consent = given(cast, about)
    advise(cast, "nurse", about, consent)
    return consent


def note(at=None) -> int:
    """Do the sweep's own call, alone."""
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        cursor.execute("SELECT letterbox.note_expired(%s)", [at or clock.now()])
        return cursor.fetchone()[0]


def test_whoever_was_told_of_it_gets_one_neutral_notice_signed_by_nobody(cast, about, admin):
    north, trust = cast.agencies["north"].pk, cast.agencies["trust"].pk
    pk = signed(cast, about, recipients=[str(north), str(trust)])
    last_day(admin, pk, yesterday())
    before = letters(admin)
    # Whether it holds is asked when it is used: no sweep has been here.
    with pytest.raises(Undelivered) as refused:
        advise(cast, "nurse", about, pk)
    assert refused.value.code == "proof"
    assert letters(admin) == before
    sweep()
    assert [note() for _each in range(9)] == [0] * 9
    assert sorted(told(admin, pk)) == sorted(
        (agency, event) for agency in (north, trust) for event in ("given", "ended")
    )
    assert letters(admin) == before + 4, "two copies each, and nothing to anybody else"

    with cast["duty_leader"].acting() as actor:
        first, last = inbox(actor).filter(kind="consent_notice").order_by("sent_at")
        assert last.body == {
            "family_name": "Fiolin",
            "given_name": "Blid",
            "birth_date": "1991-05-15",
            "event": "ended",
        }
        assert (last.thread_id, last.in_reply_to, last.consent_id) == (first.thread_id, first.letter_id, None)
        assert (last.basis, last.statute, last.necessity, last.rule, last.awaits) == (first.basis, first.statute, "", first.rule, first.awaits)  # fmt: skip
        assert (last.sender_name, last.sender_role, last.sender_membership_id) == ("Samvirke", "", None)
        assert last.due_at - last.sent_at == first.due_at - first.sent_at
    with cast["nurse"].acting() as actor:
        sent = outbox(actor).get(letter_id=last.letter_id)
        assert (sent.digest, sent.body, str(sent.consent_id), sent.person_id) == (last.digest, last.body, pk, about)
    client = cast["duty_leader"].client()
    today = page_text(client.get(reverse("today")))
    assert today.count("Kvitter for: Melding om samtykke") == 2, "beside the first, as that of a withdrawal"
    page = page_text(client.get(reverse("letter", args=[last.pk])))
    assert "Samtykket gjelder ikke lenger" in page
    assert "Samvirke, automatisk" in page
    assert client.post(reverse("letter_acknowledge", args=[last.pk])).status_code == 303

    # In the log of each of the two: what went, what came, and that nobody did it.
    logged = "SELECT agency_id, action, user_id, person_ids FROM audit.entry WHERE subject_table = 'consent_notice' AND purpose = 'LB02' AND membership_id IS NULL AND %s = ANY (object_ids)"
    giver = cast.agencies["north_health"].pk
    assert admin.execute(logged, [last.letter_id]).fetchall() == [(giver, "disclose", None, [about])]
    assert admin.execute(logged, [last.pk]).fetchall() == [(north, "received", None, [])]


def test_of_two_sweeps_at_once_one_tells(cast, about, admin):
    pk = used(cast, about)
    last_day(admin, pk, yesterday())
    noted: list[int] = []

    def both() -> None:
        with worker_connection() as connection:
            with as_sweeper(connection) as cursor:
                cursor.execute("SELECT letterbox.note_expired(now())")
                other = Thread(target=lambda: noted.append(note()))
                other.start()
                # The other is as far as it gets while this one has not committed: waiting for it, or done.
                while (
                    other.is_alive()
                    and not admin.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]
                ):
                    other.join(0.01)
            other.join()

    both()
    assert noted == [0]
    assert len(ended(admin, pk)) == 1


def test_what_stops_one_consent_stops_no_other_and_is_said(cast, about, admin, caplog):
    first = used(cast, about)
    broken = given(cast, about)
    advise(cast, "nurse", about, broken)
    last = used(cast, about)
    for consent in (first, broken, last):
        last_day(admin, consent, yesterday())
    admin.execute(
        "CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.consent_id = '{broken}' THEN RAISE EXCEPTION 'no room'; END IF; RETURN NEW; END $$"
    )
    admin.execute(f"CREATE TRIGGER no_room BEFORE INSERT ON {EVENTS} FOR EACH ROW EXECUTE FUNCTION public.no_room()")
    try:
        sweep()
        assert [len(ended(admin, pk)) for pk in (first, broken, last)] == [1, 0, 1]
        assert f"{broken} ran out was not written down: P0001" in caplog.text
        assert "no room" not in caplog.text, "what an error says may be what somebody wrote"
    finally:
        admin.execute(f"DROP TRIGGER no_room ON {EVENTS}")
        admin.execute("DROP FUNCTION public.no_room()")
    sweep()
    assert [len(ended(admin, pk)) for pk in (first, broken, last)] == [1, 1, 1]


def test_a_consent_somebody_withdraws_meanwhile_is_told_of_once(cast, about, admin):
    consent = used(cast, about)
    last_day(admin, consent, yesterday())
    with cast["nurse"].acting() as actor:
        row = access_consent(actor, consent)
        actions.withdraw_consent(row, note="", at=clock.now(), actor=actor)
        assert note() == 0, "not committed yet: left for the next sweep"
    assert note() == 0
    assert len(ended(admin, consent)) == 1
    assert admin.execute(f"SELECT count(*) FROM {EVENTS} WHERE kind = 'expired'").fetchone() == (0,)


def withdrawn(cast, consent):
    assert cast["nurse"].client().post(reverse("consent_withdraw", args=[consent])).status_code == 303


def test_nobody_is_told_of_what_was_withdrawn_replaced_or_renewed_before(cast, about, admin):
    def twin() -> str:
        return signed(cast, about)

    over = twin()
    withdrawn(cast, over)
    replaced = twin()
    renewing = signed(cast, about, replaces=replaced)
    # Another that covers the same, and stands: they are not told that what they have is over.
    renewed = twin()
    for consent in (over, replaced, renewed):
        last_day(admin, consent, yesterday())
    sweep()
    assert [len(ended(admin, pk)) for pk in (over, replaced, renewed)] == [1, 0, 0], "the first by who withdrew it"
    assert admin.execute(f"SELECT consent_id::text FROM {EVENTS} WHERE kind = 'expired'").fetchall() == [(renewed,)]
    # The twin: nothing stands any more, and they are told.
    last_day(admin, renewing, yesterday())
    sweep()
    assert len(ended(admin, renewing)) == 1
    # Told once, also when somebody withdraws what has run out.
    withdrawn(cast, renewing)
    assert len(ended(admin, renewing)) == 1


def test_only_those_it_still_names_and_who_heard_of_it_are_told(cast, about, admin):
    north, trust = cast.agencies["north"].pk, cast.agencies["trust"].pk
    fewer, paper = signed(cast, about, recipients=[str(north), str(trust)]), given(cast, about)
    relied_on = used(cast, about)
    with cast["nurse"].acting() as actor:
        row = access_consent(actor, fewer)
        actions.narrow_consent(
            actor, row, recipients=[trust], categories=row.categories, valid_to=row.valid_to, at=clock.now()
        )
    for consent in (fewer, paper, relied_on):
        last_day(admin, consent, yesterday())
    before = letters(admin)
    sweep()
    assert ended(admin, fewer) == [north, trust], "the first when it was narrowed, the second now"
    assert ended(admin, relied_on) == [north], "recorded from paper, and they got a letter on it"
    assert letters(admin) == before + 4, "and of the other that was recorded from paper nobody ever heard"


NIGHTS = {
    date(2025, 3, 29): datetime(2025, 3, 29, 23, tzinfo=UTC),
    date(2025, 3, 30): datetime(2025, 3, 30, 22, tzinfo=UTC),
    date(2025, 10, 25): datetime(2025, 10, 25, 22, tzinfo=UTC),
    date(2025, 10, 26): datetime(2025, 10, 26, 23, tzinfo=UTC),
}


def test_the_last_day_counts_to_midnight_here_on_both_nights_the_clock_changes(cast, about, admin):
    for day, midnight in NIGHTS.items():
        consent = used(cast, about)
        last_day(admin, consent, day)
        assert note(midnight - timedelta(seconds=1)) == 0
        assert ended(admin, consent) == []
        assert note(midnight) == 1
        assert ended(admin, consent) == [cast.agencies["north"].pk]


def test_an_instant_to_come_ends_nothing(cast, about, admin):
    consent = signed(cast, about)
    assert note(clock.now() + timedelta(days=200)) == 0
    last_day(admin, consent, clock.local_date(clock.now()))
    assert note(clock.now() + timedelta(days=2)) == 0
    assert ended(admin, consent) == []


@contextmanager
def no_letters(admin, table):
    """Let the database take no letters in one world."""
    admin.execute(
        "CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$"
    )
    admin.execute(f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION public.no_room()")
    try:
        yield
    finally:
        admin.execute(f"DROP TRIGGER no_room ON {table}")
        admin.execute("DROP FUNCTION public.no_room()")


def test_both_copies_are_written_or_nothing_is(cast, about, admin):
    consent = used(cast, about)
    last_day(admin, consent, yesterday())
    before = letters(admin)
    for table in TABLES[:2]:
        with no_letters(admin, table):
            assert note() == 0
        assert letters(admin) == before
        assert admin.execute(f"SELECT count(*) FROM {EVENTS} WHERE kind = 'expired'").fetchone() == (0,)
    assert note() == 1
    assert letters(admin) == before + 2


def test_a_recipient_that_is_closed_is_written_down_and_holds_nobody_else_up(cast, about, admin):
    north, trust = cast.agencies["north"].pk, cast.agencies["trust"].pk
    consent = signed(cast, about, recipients=[str(north), str(trust)])
    last_day(admin, consent, yesterday())
    admin.execute("UPDATE base.coordination_agency SET closed_on = current_date WHERE id = %s", [north])
    try:
        assert note() == 1
    finally:
        admin.execute("UPDATE base.coordination_agency SET closed_on = NULL WHERE id = %s", [north])
    assert ended(admin, consent) == [trust]
    assert "Prøveby fengsel north kunne ikke få melding." in page_text(
        cast["nurse"].client().get(reverse("consent", args=[consent]))
    )


def test_other_agencies_see_nothing_of_it(cast, about, admin):
    consent = used(cast, about)
    last_day(admin, consent, yesterday())
    sweep()
    with cast["duty_leader"].acting() as actor:
        notice = inbox(actor).filter(body__event="ended").get()
    for name, (role, agency, _unit) in PERSONAS.items():
        if agency in {"north", "north_health"} or role in {"administrator", "region"}:
            continue
        with cast[name].acting() as actor:
            assert (inbox(actor).count(), outbox(actor).count()) == (0, 0), name
        assert cast[name].client().get(reverse("letter", args=[notice.pk])).status_code == 404, name


def test_a_prison_s_consent_that_came_with_the_person_is_told_of_by_the_new_prison(cast, admin):
    health, about = cast.agencies["north_health"].pk, cast.people["fiolin"]
    consent = signed(cast, about, who="duty_leader", recipients=[str(health)], categories=["needs_mapping"])
    with cast["duty_leader"].acting() as actor:
        people.hand_over(actor, access_person(actor, about), to_unit=cast.units["south_a"])
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE custody.consent_custodyconsent SET valid_from = %s, valid_to = %s WHERE id = %s",
            [yesterday(), yesterday(), consent],
        )
    assert note() == 1
    with cast["health_leader"].acting() as actor:
        notice = inbox(actor).get(kind="consent_notice", body__event="ended")
        assert (notice.other_agency_id, notice.basis) == (cast.agencies["south"].pk, "LB01")
        assert (notice.thread_id, notice.in_reply_to) == (notice.letter_id, None), "a thread is between two"
    with cast["south_duty_leader"].acting() as actor:
        assert outbox(actor).get(letter_id=notice.letter_id).person_id == about
    with cast["duty_leader"].acting() as actor:
        assert not outbox(actor).filter(letter_id=notice.letter_id).exists()


ASK = "SELECT letterbox.note_expired(now())"
INNER = (
    "SELECT letterbox._tell_expired('custody', gen_random_uuid(), gen_random_uuid(), gen_random_uuid())",
    "SELECT audit.carried(gen_random_uuid(), 'disclose', 'x', '{}', '{}', '')",
)


ROLES = (*CONTENT_ROLES, "samvirke_admin", "samvirke_privacy", "samvirke_web", "samvirke_worker", "samvirke_auth")


def test_only_the_sweep_may_ask_and_it_says_nothing_but_the_instant(admin, cast):
    for role, calls in {**dict.fromkeys(ROLES, (ASK, *INNER)), "samvirke_sweep": INNER}.items():
        for call in calls:
            with admin.transaction(force_rollback=True):
                admin.execute(f"SET LOCAL ROLE {role}")
                with pytest.raises(psycopg.errors.InsufficientPrivilege), admin.transaction():
                    admin.execute(call)
    assert note() == 0, "the twin"
