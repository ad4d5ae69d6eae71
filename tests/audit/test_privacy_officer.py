"""The privacy officer: what they see of colleagues' openings, that they see nobody else, and the weekly review."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.http import Http404
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, reverse

from coordination import clock
from coordination.middleware import PRIVACY_DOORS, ActingMiddleware
from coordination.models import OutboxMail, Role
from coordination.oversight import review, rules
from coordination.oversight.rules import Signal
from coordination.sweep import sweep
from coordination.walls.declaration import Kind, wall_of, walled_models
from coordination.worlds import CONTENT_ROLES
from tests.cast import AT, Member, add_member

#: Noon on a Wednesday that is long over, so that the week can be reviewed.
WEEK = rules.monday_of(clock.local_date(AT - timedelta(weeks=1)))
NOON = clock.at_local(WEEK + timedelta(days=2), 12)
NIGHT = clock.at_local(WEEK + timedelta(days=3), 2)


@pytest.fixture
def officer(cast, admin) -> Member:
    """Give the privacy officer of the northern prison, where everybody has been for a month."""
    admin.execute(
        "UPDATE custody.coordination_stay SET admitted_at = %s WHERE admitted_at > %s", [AT - timedelta(days=30)] * 2
    )
    # What the cast did in making itself is in the log as of the real clock, near these days or far from them.
    admin.execute("SET session_replication_role = replica")
    admin.execute("DELETE FROM audit.entry")
    admin.execute("SET session_replication_role = origin")
    return add_member(cast, "privacy", Role.PRIVACY_OFFICER, cast.agencies["north"], None)


def opened(admin, cast, who: str, person: UUID, at=NOON, *, purpose: str = "person", action: str = "read") -> None:
    """Put an opening in the log as of an instant; the log itself only knows now."""
    member = cast[who].membership
    admin.execute(
        "INSERT INTO audit.entry (at, user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, request, leaf) "
        "VALUES (%s, %s, %s, %s, %s, 'coordination_person', ARRAY[%s]::uuid[], ARRAY[%s]::uuid[], %s, gen_random_uuid(), '')",
        [at, member.user_id, member.pk, member.agency_id, action, person, person, purpose],
    )


def rename(admin, person: UUID, family: str, given: str = "Blid") -> None:
    admin.execute(
        "UPDATE custody.coordination_person SET family_name = %s, family_key = lower(%s), given_name = %s WHERE id = %s",
        [family, family, given, person],
    )


def found(officer) -> list[tuple[str, tuple[Signal, ...]]]:
    with officer.acting() as actor:
        return [(line.name, line.signals) for line in review.unusual(actor, WEEK)]


def test_an_ordinary_opening_by_day_is_not_shown(cast, admin, officer):
    opened(admin, cast, "duty_leader", cast.people["fiolin"])
    assert found(officer) == []


def test_the_same_surname_and_a_colleague_s_name(cast, admin, officer):
    opened(admin, cast, "duty_leader", cast.people["fiolin"])
    opened(admin, cast, "officer_b", cast.people["trompet"])
    rename(admin, cast.people["fiolin"], "Van Leader", "Ivar")
    rename(admin, cast.people["trompet"], "Leader", "Duty")
    assert sorted(found(officer)) == [("Duty Leader", (Signal.SAME_SURNAME,)), ("Officer B", (Signal.COLLEAGUE,))]


def test_somebody_who_left_long_ago_and_about_whom_nothing_was_to_be_done(cast, admin, officer):
    fiolin = cast.people["fiolin"]
    admin.execute(
        "UPDATE custody.coordination_stay SET ended_at = %s, end_reason = 'released' WHERE person_id = %s",
        [NOON - timedelta(days=13), fiolin],
    )
    admin.execute(
        "UPDATE custody.coordination_custodydeadline SET closed_at = %s, outcome = 'met' WHERE person_id = %s",
        [NOON - timedelta(days=13), fiolin],
    )
    opened(admin, cast, "duty_leader", fiolin)
    assert found(officer) == []
    admin.execute(
        "UPDATE custody.coordination_stay SET ended_at = %s WHERE person_id = %s", [NOON - timedelta(days=15), fiolin]
    )
    assert found(officer) == [("Duty Leader", (Signal.NO_RELATION,))]
    opened(admin, cast, "warden", fiolin, purpose="person:complaint")
    assert ("Warden", (Signal.REASON,)) in found(officer)
    opened(admin, cast, "duty_leader", fiolin, NOON - timedelta(days=1), action="update")
    assert found(officer) == [("Warden", (Signal.REASON,))], "who wrote about them that week had something to do"


def test_at_night_by_somebody_who_was_not_at_work(cast, admin, officer):
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NIGHT)
    opened(admin, cast, "officer_b", cast.people["trompet"], NIGHT)
    opened(admin, cast, "officer_b", cast.people["trompet"], NIGHT - timedelta(hours=3), action="insert")
    assert found(officer) == [("Duty Leader", (Signal.NIGHT,))]


def test_many_people_in_an_hour_and_many_shut_doors(cast, admin, officer):
    for _each in range(29):
        opened(admin, cast, "duty_leader", UUID(int=_each + 1))
    for _each in range(5):
        opened(admin, cast, "officer", cast.people["trompet"], action="refuse")
    assert found(officer) == [("Officer", (Signal.REFUSED,))]
    opened(admin, cast, "duty_leader", UUID(int=99))
    assert found(officer) == [("Duty Leader", (Signal.MANY,)), ("Officer", (Signal.REFUSED,))]


def test_a_list_and_another_agency_s_opening_are_not_shown(cast, admin, officer):
    rename(admin, cast.people["sjiraff"], "Leader")
    opened(admin, cast, "south_duty_leader", cast.people["sjiraff"])
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NIGHT, purpose="people")
    assert found(officer) == []
    south = add_member(cast, "south_privacy", Role.PRIVACY_OFFICER, cast.agencies["south"], None)
    assert found(south) == [("South Duty Leader", (Signal.SAME_SURNAME,))], "there is something behind the wall"


def test_the_page_names_who_looked_and_gives_a_reference_and_nobody_s_name(cast, admin, officer, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    fiolin = cast.people["fiolin"]
    opened(admin, cast, "duty_leader", fiolin, NIGHT)
    opened(admin, cast, "warden", fiolin, NIGHT)
    client = officer.client()
    assert client.get("/", follow=True).resolver_match.view_name == "access_reviews"
    body = client.get(reverse("access_review", args=[WEEK.isoformat()])).content.decode()
    assert "Duty Leader" in body
    assert "Natt, utenom vakt" in body
    for word in ("Fiolin", "Blid", "S-1000", str(fiolin)):
        assert word not in body
    assert len(re.findall(r">([0-9A-F]{8})<", body)) == 2
    assert len(set(re.findall(r">([0-9A-F]{8})<", body))) == 1, "the same person has the same reference"
    newest = admin.execute("SELECT action, purpose FROM audit.entry ORDER BY seq DESC LIMIT 1").fetchone()
    assert newest == ("review", "access_review"), "the review is itself in the log"


def doors(patterns) -> Iterator[URLPattern]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from doors(pattern.url_patterns)
        elif pattern.name and all(type(c).__name__ == "UUIDConverter" for c in pattern.pattern.converters.values()):
            yield pattern


def test_every_other_door_is_shut_to_a_privacy_officer(cast, officer):
    """All of them where it is decided, and every tenth through the whole site."""
    client, shut = officer.client(), ActingMiddleware(lambda request: None)
    with officer.acting() as actor:
        pass
    tried = 0
    for pattern in doors(get_resolver().url_patterns):
        if pattern.name in PRIVACY_DOORS:
            continue
        url = reverse(pattern.name, kwargs=dict.fromkeys(pattern.pattern.converters, cast.people["fiolin"]))
        request = RequestFactory().get(url)
        request.actor = actor
        with pytest.raises(Http404):
            shut.process_view(request, None, (), {})
        if tried % 10 == 0:
            assert client.get(url).status_code == 404, pattern.name
        tried += 1
    assert tried > 100


@pytest.mark.obligation("RM8-a")
def test_a_privacy_officer_reads_no_table(cast, admin, officer):
    with officer.acting(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("samvirke_privacy",)
        for model in walled_models():
            cursor.execute("SAVEPOINT s")
            with pytest.raises(DatabaseError) as refused:
                cursor.execute(f"SELECT 1 FROM {model._meta.db_table}")
            assert refused.value.__cause__.sqlstate == "42501", model
            cursor.execute("ROLLBACK TO SAVEPOINT s")
    with officer.acting(), connection.cursor() as cursor:
        for role in CONTENT_ROLES:
            # As by injection: the role of a world, but the identity reaches nothing there.
            cursor.execute(f"SET LOCAL ROLE {role}")
            for model in walled_models():
                wall = wall_of(model)
                if wall.kind in {Kind.SUBJECT, Kind.PERSONAL, Kind.GRANT, Kind.LETTER} and role.startswith(
                    f"samvirke_{wall.world}"
                ):
                    cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                    assert cursor.fetchone() == (0,), (model, role)
    with cast["duty_leader"].acting(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM coordination_person")
        assert cursor.fetchone()[0] > 0


def test_nobody_else_runs_the_officer_s_functions(cast, officer):
    statements = [
        "SELECT * FROM audit.unusual(now(), now(), '{}', 23, 6)",
        "SELECT * FROM audit.crowds(now(), now(), '{}', 1, 1)",
        "SELECT audit.record_review('2026-11-16', 'nothing', '')",
        "SELECT * FROM audit.reviews('2020-01-01')",
    ]
    for who in ("warden", "prison_admin", "health_leader"):
        for statement in statements:
            with pytest.raises(DatabaseError), cast[who].acting(), connection.cursor() as cursor:
                cursor.execute(statement)
            # By injection into the officer's role: still no identity of one.
            try:
                with cast[who].acting(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL ROLE samvirke_privacy")
                    cursor.execute(statement)
                    assert cursor.fetchall() == []
            except DatabaseError as refused:
                assert refused.__cause__.sqlstate == "42501"


def test_a_week_is_reviewed_once_and_what_was_found_is_kept(cast, admin, officer, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    client = officer.client()
    url = reverse("access_review", args=[WEEK.isoformat()])
    answer = client.post(url, {"finding": "followed_up", "follow_up": "kort"})
    assert answer.status_code == 422
    assert "Skriv hva som ble undersøkt" in answer.content.decode()
    text = "Snakket med lederen, som tar det med den ansatte."
    assert client.post(url, {"finding": "followed_up", "follow_up": text}).status_code == 303
    assert client.post(url, {"finding": "nothing"}).status_code == 422, "once"
    assert text in client.get(url).content.decode()
    assert "Fulgt opp med den ansatte eller lederen" in client.get(reverse("access_reviews")).content.decode()
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        admin.execute("UPDATE audit.review SET finding = 'nothing'")
    other = add_member(cast, "south_privacy", Role.PRIVACY_OFFICER, cast.agencies["south"], None)
    assert text not in other.client().get(url).content.decode()


def test_a_week_that_is_not_over_cannot_be_reviewed(cast, officer, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    this = rules.monday_of(clock.local_date(AT)).isoformat()
    for week in (this, "2019-01-07", "2026-11-17", "imorgen"):
        assert officer.client().get(reverse("access_review", args=[week])).status_code == 404


def test_a_week_nobody_reviewed_is_waited_for_and_told(cast, admin, officer):
    week = rules.weeks_over(AT, 1)[0]
    late = rules.review_due_at(week) + timedelta(minutes=1)
    with officer.acting() as actor:
        assert review.waiting(actor, rules.review_due_at(week) - timedelta(minutes=1)) + 1 == review.waiting(
            actor, late
        )
    count = OutboxMail.objects.using("auth").filter(membership=officer.membership).count
    sweep(AT)
    told = count()
    assert told > 0
    sweep(AT)
    assert count() == told, "each reminder once"
    sweep(AT + timedelta(days=4))
    assert count() == told + 1
    with officer.acting() as actor:
        for each in rules.weeks_over(AT, 4):
            review.record_review(actor, each, finding="nothing", follow_up="", at=AT)
        assert review.waiting(actor, AT) == 0
    admin.execute("DELETE FROM base.coordination_outboxmail")
    sweep(AT)
    assert count() == 0, "nobody is reminded of what is done"
