"""The privacy officer's lines: closed with the officer's own reference, chosen by numbers that are tightened only, and looked up by the leader."""

import hashlib
import re
from datetime import time, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.http import Http404
from django.urls import reverse

from coordination import clock, national_id, parameters
from coordination import parameter_definitions as numbers
from coordination.models import Role
from coordination.oversight import review
from coordination.oversight.rules import Signal
from coordination.refusals import Refused
from tests.audit.test_privacy_officer import NIGHT, NOON, WEEK, found, officer, opened
from tests.cast import AT, add_member

__all__ = ["officer"]


def line_of(officer):
    with officer.acting() as actor:
        return review.unusual(actor, WEEK)[0]


def test_a_line_is_closed_once_with_what_it_came_to_and_the_officer_s_own_reference(cast, admin, officer, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NIGHT)
    client, line = officer.client(), line_of(officer)
    url = reverse("access_line", args=[WEEK.isoformat(), line.mark])
    assert url in client.get(reverse("access_review", args=[WEEK.isoformat()])).content.decode()
    assert (
        "Én linje er ikke avsluttet." in client.get(reverse("access_review", args=[WEEK.isoformat()])).content.decode()
    )
    page = client.get(url).content.decode()
    assert line.reference in page
    assert "1 åpning" in page
    assert "Fiolin" not in page
    assert client.post(url, {"outcome": "breach", "own_reference": ""}).status_code == 422
    number = national_id.generate_synthetic(AT.date().replace(year=1991), 7)
    refused = client.post(url, {"outcome": "breach", "own_reference": f"{number[:6]} {number[6:]}"})
    assert "Skriv det uten fødselsnummer." in refused.content.decode()
    assert client.post(url, {"outcome": "breach", "own_reference": "2026/114"}).status_code == 303
    assert "allerede avsluttet" in client.post(url, {"outcome": "nothing", "own_reference": "2"}).content.decode()
    week = client.get(reverse("access_review", args=[WEEK.isoformat()])).content.decode()
    assert "2026/114" in week
    assert "ikke avsluttet" not in week
    assert "Avsluttet linje" in client.get(url).content.decode()
    assert "Brudd, meldt videre" in week
    entry = "SELECT action, subject_table, person_ids FROM audit.entry WHERE subject_table = 'finding'"
    assert admin.execute(entry).fetchall() == [("review", "finding", [])]
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        admin.execute("UPDATE audit.finding SET outcome = 'nothing'")
    other = add_member(cast, "south_privacy", Role.PRIVACY_OFFICER, cast.agencies["south"], None)
    assert other.client().get(url).status_code == 404
    absent = reverse("access_line", args=[WEEK.isoformat(), "0" * 16])
    assert client.get(absent).status_code == 404


def test_a_corrected_name_leaves_a_line_closed_and_a_new_opening_opens_it(cast, admin, officer, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NIGHT)
    for _each in range(5):
        opened(admin, cast, "officer", cast.people["trompet"], action="refuse")

    def states() -> dict[str, str]:
        with officer.acting() as actor:
            closed = review.closed(actor, WEEK)
            found = ((line.name, line.closed_in(closed)) for line in review.unusual(actor, WEEK))
            return {name: known.own_reference if known else "" for name, known in found}

    with officer.acting() as actor:
        for number, line in enumerate(review.unusual(actor, WEEK)):
            review.close_line(actor, WEEK, line.mark, outcome="explained", own_reference=f"2026/{number}")
    assert states() == {"Duty Leader": "2026/0", "Officer": "2026/1"}
    for who, name in (("duty_leader", "Dorthe Leder"), ("officer", "Odd Betjent")):
        admin.execute(
            "UPDATE base.coordination_membership SET display_name = %s WHERE id = %s", [name, cast[who].membership.pk]
        )
    assert states() == {"Dorthe Leder": "2026/0", "Odd Betjent": "2026/1"}
    body = officer.client().get(reverse("access_review", args=[WEEK.isoformat()])).content.decode()
    with officer.acting() as actor:
        for line in review.unusual(actor, WEEK):
            assert line.member not in body, "it tells colleagues apart and is shown to nobody"
    assert str(cast["duty_leader"].membership.pk) not in body
    # Somebody else of the new name has lines of their own.
    admin.execute(
        "UPDATE base.coordination_membership SET display_name = 'Dorthe Leder', role = 'duty_leader' WHERE id = %s",
        [cast["officer_b"].membership.pk],
    )
    opened(admin, cast, "officer_b", cast.people["fiolin"], NIGHT)
    with officer.acting() as actor:
        closed = review.closed(actor, WEEK)
        same = [line.closed_in(closed) for line in review.unusual(actor, WEEK) if line.name == "Dorthe Leder"]
    assert sorted(known is not None for known in same) == [False, True]
    opened(admin, cast, "officer", cast.people["trompet"], action="refuse")
    assert states()["Odd Betjent"] == "", "one more shut door that day: the officer has not seen it"


def test_a_line_closed_under_the_name_it_had_before_stays_closed(cast, admin, officer):
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NIGHT)
    line = line_of(officer)
    day = clock.local_date(line.first_at)
    # As lines were closed before: by name, role, reference and day.
    old = hashlib.sha256(f"Duty Leader|{line.role}|{line.reference}|{day}".encode()).hexdigest()[:16]
    assert old != line.mark
    admin.execute(
        "INSERT INTO audit.finding (agency_id, week_on, mark, membership_id, by_name, outcome, own_reference) VALUES (%s, %s, %s, %s, 'X', 'nothing', 'før')",
        [cast.agencies["north"].pk, WEEK, old, officer.membership.pk],
    )
    with officer.acting() as actor:
        assert line.closed_in(review.closed(actor, WEEK)).own_reference == "før"
        with pytest.raises(Refused) as refused:
            review.close_line(actor, WEEK, line.mark, outcome="nothing", own_reference="igjen")
    assert refused.value.code == "done"


def test_the_leader_tightens_what_is_looked_at_and_nobody_loosens_it(cast, admin, officer):
    for _each in range(4):
        opened(admin, cast, "officer", cast.people["trompet"], action="refuse")
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NOON.replace(hour=21))
    assert found(officer) == []
    with cast["warden"].acting() as actor:
        for key, value in ((numbers.REVIEW_REFUSED, 4), (numbers.REVIEW_NIGHT_FROM, time(22, 30))):
            parameters.tighten(actor, None, key, value, reason="Prøve", at=AT)
        for key, milder in (
            (numbers.REVIEW_REFUSED, 6), (numbers.REVIEW_OPENED, 31),
            (numbers.REVIEW_NIGHT_FROM, time(23, 30)), (numbers.REVIEW_NIGHT_TO, time(5)),
        ):  # fmt: skip
            with pytest.raises(Refused) as refused:
                parameters.tighten(actor, None, key, milder, reason="Prøve", at=AT)
            assert refused.value.code in {"loosens", "range"}
        with pytest.raises(Http404):
            parameters.tighten(actor, cast.units["north_a"], numbers.REVIEW_REFUSED, 3, reason="Prøve", at=AT)
        assert numbers.REVIEW_REFUSED not in parameters.load(actor, cast.units["north_a"]).rows
    assert found(officer) == [("Duty Leader", (Signal.NIGHT,)), ("Officer", (Signal.REFUSED,))]
    admin.execute("UPDATE base.coordination_parameter SET value = '50' WHERE key = %s", [numbers.REVIEW_REFUSED])
    assert found(officer) == [("Duty Leader", (Signal.NIGHT,))], "a milder row holds as the rule, not as it says"
    south = add_member(cast, "south_privacy", Role.PRIVACY_OFFICER, cast.agencies["south"], None)
    with south.acting() as actor:
        unset = review.Limits(opened_in_an_hour=30, refused_in_a_day=5, night_from=23, night_to=6)
        assert review.limits_of(actor) == unset


def test_the_leader_looks_one_reference_up_and_the_log_has_it(cast, admin, officer):
    opened(admin, cast, "duty_leader", cast.people["fiolin"], NIGHT)
    reference, url = line_of(officer).reference, reverse("reference_lookup")
    client = cast["warden"].client()
    assert "Fiolin" in client.post(url, {"reference": reference.lower()}).content.decode()
    entry = (
        "SELECT purpose, person_ids, membership_id FROM audit.entry WHERE action = 'resolve' ORDER BY seq DESC LIMIT 1"
    )
    assert admin.execute(entry).fetchone() == (
        f"reference:{reference}", [cast.people["fiolin"]], cast["warden"].membership.pk,
    )  # fmt: skip
    nobody = client.post(url, {"reference": "00000000"})
    assert nobody.status_code == 422
    assert "Ingen her har denne referansen" in nobody.content.decode()
    assert admin.execute(entry).fetchone() == ("reference:00000000", [], cast["warden"].membership.pk)
    assert client.post(url, {"reference": "x' OR 1=1"}).status_code == 422
    with cast["south_duty_leader"].acting():
        pass
    south = add_member(cast, "south_warden", Role.WARDEN, cast.agencies["south"], None).client()
    assert "Ingen her har denne referansen" in south.post(url, {"reference": reference}).content.decode()
    assert re.search(r">Fiolin", south.get(url).content.decode()) is None


def test_nobody_but_the_leader_resolves_a_reference(cast, officer):
    for who in ("duty_leader", "officer", "prison_admin", "privacy"):
        assert cast[who].client().post(reverse("reference_lookup"), {"reference": "00000000"}).status_code == 404
        with pytest.raises(DatabaseError) as refused, cast[who].acting(), connection.cursor() as cursor:
            cursor.execute("SELECT audit.resolve('00000000')")
        assert refused.value.__cause__.sqlstate == "42501"


def test_nobody_but_the_officer_closes_a_line_or_reads_the_numbers_there(cast, officer):
    statements = (
        f"SELECT audit.close_finding('{WEEK}', '{'0' * 16}', 'nothing', 'x')",
        f"SELECT * FROM audit.findings('{WEEK}')",
        "SELECT * FROM audit.review_settings()",
    )
    for statement in statements:
        with pytest.raises(DatabaseError), cast["warden"].acting(), connection.cursor() as cursor:
            cursor.execute(statement)
    with officer.acting() as actor, pytest.raises(Refused):
        review.record_review(
            actor, WEEK, finding="breach", follow_up="Gjelder 15059100000 " + "x y " * 9, at=clock.now() + timedelta(0)
        )
