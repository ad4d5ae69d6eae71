"""The postman and the legal basis: in force on the day, on the route, with its proof; a consent that holds, and one that holds no more."""

import json
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError

from coordination import clock
from tests.consent.post import (
    NECESSITY,
    advice,
    body,
    deliver,
    denied,
    given,
    notice,
    patient,
    refused,
    run,
    sent_notice,
    session_of,
)
from tests.walls.test_postman import copies

pytestmark = pytest.mark.usefixtures("letter_kinds")

# The basis and its proof


def test_a_basis_must_be_in_force_on_the_day_and_on_the_route(cast, admin):
    with cast["officer"].acting():
        deliver(**notice(cast))
    today = clock.local_date(clock.now())
    admin.execute("UPDATE base.consent_legalbasisversion SET valid_to = %s WHERE basis_id = 'LB04'", [today])
    with cast["officer"].acting():
        deliver(**notice(cast))
    admin.execute(
        "UPDATE base.consent_legalbasisversion SET valid_to = %s WHERE basis_id = 'LB04'", [today - timedelta(days=1)]
    )
    with cast["officer"].acting(), refused("basis not in force"):
        deliver(**notice(cast))
    admin.execute(
        "UPDATE base.consent_legalbasisversion SET valid_to = NULL, valid_from = %s WHERE basis_id = 'LB04'",
        [today + timedelta(days=1)],
    )
    with cast["officer"].acting(), refused("basis not in force"):
        deliver(**notice(cast))
    # Municipality to trust is not a route of LB13 though both are among its senders and recipients.
    about, to = patient(cast), cast.agencies["trust"].pk
    with cast["nurse"].acting():
        with refused("basis"):
            deliver(recipient=to, what="t_referral", body=body(), about=about, ground="LB13")
        deliver(recipient=to, what="t_referral", body=body(), about=about, ground="LB12")


def test_the_copies_keep_the_statute_as_it_read_on_the_day(cast, admin):
    sent_notice(cast)
    admin.execute("UPDATE base.consent_legalbasisversion SET statute = 'ny lov § 1' WHERE basis_id = 'LB04'")
    sent_notice(cast)
    statutes = [
        row[0] for row in admin.execute("SELECT statute FROM custody.consent_custodyletter ORDER BY sent_at").fetchall()
    ]
    assert statutes == ["straffegjennomføringsforskriften § 3-16", "ny lov § 1"]


@pytest.mark.obligation("R6.1-c", "R6.1-f")
@pytest.mark.parametrize("ground", ["LB03", "LB06"])
@pytest.mark.parametrize("necessity", ["", " " * 40, "for kort", None, "x" * 19])
def test_a_necessity_must_be_written(cast, ground, necessity):
    with cast["officer"].acting():
        with refused("proof"):
            deliver(**notice(cast, ground=ground, necessity=necessity))
        deliver(**notice(cast, ground=ground, necessity=NECESSITY))


@pytest.mark.obligation("R6.2-h")
def test_weighty_interests_must_be_written_down(cast):
    about = patient(cast)
    with cast["nurse"].acting():
        with refused("proof"):
            deliver(**advice(cast, about, ground="LB11", necessity="Fare."))
        deliver(**advice(cast, about, ground="LB11", necessity=NECESSITY))


def test_what_is_given_only_on_request_needs_a_request(cast):
    about = patient(cast)
    with cast["nurse"].acting(), refused("proof"):
        deliver(**advice(cast, about, ground="LB09", necessity=NECESSITY))
    asked = sent_notice(cast)
    with cast["nurse"].acting():
        deliver(**advice(cast, about, ground="LB09", necessity=NECESSITY, reply_to=asked))


@pytest.mark.obligation("R6.2-e", "RM7-d")
def test_without_a_consent_that_covers_it_nothing_is_sent_on_consent(cast, admin):
    about, other = patient(cast), patient(cast, family="Fagott")
    today = clock.local_date(clock.now())
    bad = [
        None,
        uuid4(),
        given(cast, other),
        given(cast, about, recipients=[cast.agencies["south"].pk]),
        given(cast, about, categories=["health_advice"]),
        given(cast, about, valid_from=today - timedelta(days=9), valid_to=today - timedelta(days=1)),
        given(cast, about, valid_from=today + timedelta(days=1)),
        given(cast, about, at=clock.now() + timedelta(hours=1)),
    ]
    with cast["nurse"].acting():
        for consent in bad:
            with refused("proof"):
                deliver(**advice(cast, about, ground="LB02", consent=consent))
    assert copies(admin) == 0
    good = given(cast, about)
    with cast["nurse"].acting():
        deliver(**advice(cast, about, ground="LB02", consent=good))
        with refused("proof"):
            deliver(**advice(cast, other, ground="LB02", consent=good))


@pytest.mark.obligation("R6.1-b")
def test_the_prison_shares_on_its_own_consent_only(cast):
    theirs = patient(cast)
    to = cast.agencies["north_health"].pk
    good = given(cast, cast.people["fiolin"], "officer", recipients=[to])
    of_health = given(cast, theirs, recipients=[to])
    with cast["officer"].acting():
        with refused("proof"):
            deliver(**notice(cast, ground="LB01", consent=of_health))
        deliver(**notice(cast, ground="LB01", consent=good))


def test_the_last_day_of_a_consent_counts(cast):
    about, today = patient(cast), clock.local_date(clock.now())
    good = given(cast, about, valid_from=today, valid_to=today)
    with cast["nurse"].acting():
        deliver(**advice(cast, about, ground="LB02", consent=good))


@pytest.mark.obligation("R6.2-e")
def test_a_withdrawal_holds_from_the_next_statement_also_in_an_open_transaction(cast, admin):
    about = patient(cast)
    consent = given(cast, about)
    call = (
        "SELECT letterbox.deliver(%s, 't_advice', %s, %s, 'LB02', consent => %s)",
        [cast.agencies["north"].pk, json.dumps(body()), about, consent],
    )
    with session_of(admin, cast["nurse"]) as other:
        other.execute(*call)
        with cast["doctor"].acting():
            run(
                "UPDATE consent_municipalconsent SET withdrawn_at = now(), version = version + 1 WHERE id = %s", consent
            )
        with pytest.raises(psycopg.Error) as caught, other.transaction():
            other.execute(*call)
        assert caught.value.diag.message_primary == "proof"
        other.commit()
    # What was sent before stands, on both sides.
    assert copies(admin) == 2


@pytest.mark.obligation("R6.1-d")
def test_duties_to_report_go_through_whatever_was_refused_or_withdrawn(cast):
    consent = given(cast, cast.people["fiolin"], "officer", recipients=[cast.agencies["north_health"].pk])
    with cast["officer"].acting():
        run("UPDATE consent_custodyconsent SET withdrawn_at = now() WHERE id = %s", consent)
        with refused("proof"):
            deliver(**notice(cast, ground="LB01", consent=consent))
        for ground in ("LB04", "LB07"):
            deliver(**notice(cast, ground=ground))


def test_a_signed_consent_stands_and_a_withdrawal_is_for_good(cast, admin):
    about = patient(cast)
    consent = given(cast, about, recipients=[cast.agencies["south"].pk])
    table = "municipal_health.consent_municipalconsent"
    with cast["doctor"].acting():
        for change in (
            f"recipients = ARRAY['{cast.agencies['north'].pk}']::uuid[]",
            "valid_to = valid_to + 300",
            "categories = ARRAY['all']",
        ):
            with pytest.raises(DatabaseError, match="a consent never changes"):
                run(f"UPDATE {table} SET {change} WHERE id = %s", consent)
        run(f"UPDATE {table} SET withdrawn_at = now() WHERE id = %s", consent)
        with pytest.raises(DatabaseError, match="a consent never changes"):
            run(f"UPDATE {table} SET withdrawn_at = NULL WHERE id = %s", consent)
        with denied():
            run(f"DELETE FROM {table} WHERE id = %s", consent)
    with pytest.raises(psycopg.errors.RaiseException):
        admin.execute(f"DELETE FROM {table}")
