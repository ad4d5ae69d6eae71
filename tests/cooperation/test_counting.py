"""The figures against stories made by hand, and that counting asks the database no more often for thirty than for one."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from consent.models import CustodyLetter, MunicipalLetter
from coordination import clock
from coordination.figures import Figure, Longest, Median, Period, Table
from follow_up import figures as follow_up
from intake import figures as intake
from intake.actions.contacts import contact_health
from isolation import figures as isolation
from isolation.actions.checks import undo_check
from isolation.models import Check
from referrals import figures as referrals
from release_planning import figures as release
from tests.cast import AT
from tests.cooperation.making import clone, period
from tests.follow_up import sending
from tests.isolation.helpers import HOUR, MINUTE, check, coercion, decide, exclusion, oslo
from tests.referrals import hospital
from tests.release_planning.test_notice import tell

WIDE = period(AT + timedelta(days=10), date(2026, 10, 1), date(2026, 12, 3))


pytestmark = pytest.mark.usefixtures("noon")


def counted(cast, who, count, seen=WIDE) -> dict[str, Figure]:
    with cast[who].acting() as actor:
        return {figure.code: figure for figure in count(actor, seen)}


def grid(figure: Figure) -> dict[str, tuple[int, ...]]:
    assert isinstance(figure, Table)
    return {label: row for label, row in zip(figure.row_labels, figure.counts, strict=True) if any(row)}


def queries(cast, who, count, seen=WIDE) -> int:
    with cast[who].acting() as actor, CaptureQueriesContext(connections["default"]) as captured:
        list(count(actor, seen))
        return len(captured)


def end_at(admin, measure, at):
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE custody.isolation_measure SET ended_at = %s, end_reason = 'grounds_gone', ended_by_name = 'x' WHERE id = %s",
            [at, measure.pk],
        )


def change(admin, table, letter_id, **values):
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        for name, value in values.items():
            admin.execute(f"UPDATE {table} SET {name} = %s WHERE letter_id = %s", [value, letter_id])


# The prison


def test_measures_by_kind_and_length(cast, admin):
    for who, facts, lasted in (
        ("fiolin", exclusion(), 80 * HOUR),
        ("trompet", coercion(), 20 * HOUR),
        ("ung", exclusion(grounds=["harm_or_violence"]), 24 * HOUR),
    ):
        end_at(admin, decide(cast, facts, person=who), AT + lasted)
    found = counted(cast, "warden", isolation.count)
    assert grid(found["measures"]) == {"Utelukkelse fra fellesskapet": (1, 0, 1), "Sikkerhetscelle": (1, 0, 0)}
    assert grid(found["plans"]) == {"Utelukkelse over 72 timer": (0, 0, 1)}


@pytest.mark.parametrize(("hours", "place"), [(24, 0), (24.01, 1), (72, 1), (72.01, 2)])
def test_the_edges_of_the_lengths(cast, admin, hours, place):
    end_at(admin, decide(cast), AT + timedelta(hours=hours))
    (row,) = grid(counted(cast, "warden", isolation.count)["measures"]).values()
    assert row.index(1) == place


def test_a_running_measure_is_as_long_as_it_has_lasted(cast):
    decide(cast)
    (row,) = grid(
        counted(cast, "warden", isolation.count, period(AT + 30 * HOUR, last=date(2026, 11, 30)))["measures"]
    ).values()
    assert row == (0, 1, 0)


def test_a_measure_that_began_before_the_period_is_not_among_those_that_began(cast):
    decide(cast)
    later = period(AT + timedelta(days=40), date(2026, 12, 1), date(2026, 12, 31))
    found = counted(cast, "warden", isolation.count, later)
    assert grid(found["measures"]) == {}
    assert grid(found["checks"]), "but that nobody looked in then counts"


def test_looks_in_time_and_late(cast, admin):
    """Noon is day: a look each hour. 30 min in time; then 70 min (10 late), 100 min (40 late), 130 min (70 late)."""
    measure = decide(cast)
    at = AT
    for minutes in (30, 70, 100, 130):
        at += minutes * MINUTE
        check(cast, measure, at)
    end_at(admin, measure, at)
    found = counted(cast, "warden", isolation.count)
    assert grid(found["checks"]) == {"48": (1, 1, 1, 1)}
    longest, middle = found["longest_gap"], found["gap_median"]
    assert isinstance(longest, Longest)
    assert isinstance(middle, Median)
    assert sorted(longest.minutes) == sorted(middle.minutes) == [70, 100, 130]


def test_a_look_that_never_came_counts_as_late(cast, admin):
    measure = decide(cast)
    end_at(admin, measure, AT + 3 * HOUR)
    assert grid(counted(cast, "warden", isolation.count)["checks"]) == {"48": (0, 0, 0, 1)}


def test_a_corrected_check_does_not_count(cast, admin):
    measure = decide(cast)
    check(cast, measure, AT + 30 * MINUTE)
    wrong = check(cast, measure, AT + 50 * MINUTE)
    with cast["officer"].acting() as actor:
        row = Check.objects.get(measure=measure, occurred_at=AT + 50 * MINUTE)
        undo_check(actor, row.pk, reason="Feil person valgt.", at=AT + 52 * MINUTE)
    end_at(admin, measure, AT + HOUR)
    assert wrong
    assert grid(counted(cast, "warden", isolation.count)["checks"]) == {"48": (1, 0, 0, 0)}


@pytest.mark.parametrize("start", [oslo(10, 25, 0, 30), oslo(3, 28, 23, 30, year=2027)])
def test_looks_over_a_night_when_the_clock_changes(cast, admin, start):
    """By night three hours may pass: elapsed hours, whatever the wall clock shows. Looked at after 3 h and again after 3 h 1 min."""
    measure = decide(cast, at=start)
    check(cast, measure, start + 3 * HOUR)
    check(cast, measure, start + 6 * HOUR + MINUTE)
    end_at(admin, measure, start + 6 * HOUR + MINUTE)
    day = clock.local_date(start)
    seen = Period(day - timedelta(days=20), day + timedelta(days=10), start + timedelta(days=30))
    counts = counted(cast, "warden", isolation.count, seen)["checks"].counts
    assert [sum(column) for column in zip(*counts, strict=True)][:2] == [1, 1]
    assert sum(map(sum, counts)) == 2


def test_the_doctor_told_in_time_by_unit(cast, admin):
    decide(cast, person="fiolin")
    late = decide(cast, person="trompet")
    change(admin, "custody.consent_custodyletter", late.notice_letter, sent_at=AT + 4 * HOUR + MINUTE)
    found = counted(cast, "warden", isolation.count)
    assert grid(found["doctor_notices"]) == {"Avdeling A": (1, 0), "Avdeling B": (0, 1)}


def test_worries_and_their_receipts(cast, admin):
    ids = []
    for who, waited in (("fiolin", 30), ("trompet", 200), ("ung", None)):
        with cast["duty_leader"].acting() as actor:
            made = contact_health(
                actor, cast.people[who], key=uuid4(), reasons=["wish_for_contact"], observation="", at=AT
            )
            ids.append((made.letter_id, waited))
    for letter_id, waited in ids:
        sent = admin.execute(
            "SELECT sent_at FROM custody.consent_custodyletter WHERE letter_id = %s", [letter_id]
        ).fetchone()[0]
        taken = sent + waited * MINUTE if waited else None
        change(admin, "custody.consent_custodyletter", letter_id, acknowledged_at=taken)
    seen = period(clock.now() + timedelta(days=400), date(2026, 1, 1), date(2026, 12, 31))
    found = counted(cast, "warden", intake.count, seen)
    assert grid(found["health_contacts"]) == {"Under oppholdet": (1, 1, 1)}
    waits = found["health_contact_wait"]
    assert isinstance(waits, Median)
    assert sorted(waits.minutes) == [30, 200]


@pytest.mark.obligation("R5.3.1-c")
def test_release_notices_in_time(cast):
    tell(cast, "fiolin", AT.date() + timedelta(days=120))
    found = counted(cast, "warden", release.count)
    assert grid(found["release_notices"]) == {"Løslatelse": (1, 0, 0, 0)}
    south = counted(cast, "south_duty_leader", release.count)
    assert grid(south["release_notices"]) == {"Løslatelse": (0, 0, 0, 1)}, "due two months ahead, and nobody has told"


# The health services


def visited(cast, letter_id, *hours):
    from follow_up.models import HealthVisit, SupervisionCourse

    with cast["doctor"].acting() as actor:
        course = SupervisionCourse.objects.get(thread_id=letter_id)
        for hour in hours:
            HealthVisit(
                agency_id=actor.agency_id, person_id=course.person_id, course=course, key=uuid4(), done_at=sending.START + hour * HOUR,
                recorded_at=sending.START + hour * HOUR, by_id=actor.membership_id, by_name="x",
            ).save(force_insert=True)  # fmt: skip


def test_visits_first_and_daily(cast):
    ids = []
    for who in ("fiolin", "trompet", "ung"):
        letter_id = sending.notice(cast, who=who)
        sending.taken_on(cast, letter_id)
        ids.append(letter_id)
    visited(cast, ids[0], 10, 30, 60)
    visited(cast, ids[1], 25)
    seen = period(sending.START + 61 * HOUR, last=date(2026, 11, 30))
    found = counted(cast, "health_leader", follow_up.count, seen)
    # 10 h in time; 25 h late; the third never.
    assert grid(found["visits_first"]) == {"Prøveby fengsel north": (1, 1, 1, 0)}
    # 30 is 20 h after 10; 60 is 30 h after 30; after 25 nobody came by 49.
    assert grid(found["visits_daily"]) == {"Prøveby fengsel north": (1, 1, 1)}


def test_letters_received_and_advice(cast, admin):
    first = sending.contact(cast)
    second = sending.notice(cast, who="trompet")
    sending.taken_on(cast, first)
    seen = Period(date(2026, 1, 1), date(2027, 12, 31), AT + timedelta(days=500))
    found = counted(cast, "health_leader", follow_up.count, seen)
    assert grid(found["letters_received"]) == {"Bekymring eller ønske": (1, 0, 0), "Isolasjon": (0, 0, 1)}
    copy = sending.copy_of(cast, second)
    change(admin, "municipal_health.consent_municipalletter", second, acknowledged_at=copy.due_at + MINUTE)
    clone(
        admin, "municipal_health.consent_municipalletter", copy.pk, kind="health_advice", direction="out", letter_id=uuid4(), awaits="answer",
        answered_at=copy.due_at, settled_at=copy.due_at,
    )  # fmt: skip
    found = counted(cast, "health_leader", follow_up.count, seen)
    assert grid(found["letters_received"])["Isolasjon"] == (0, 1, 0)
    assert grid(found["advice"]) == {"Sendte råd": (1, 0, 0)}


def test_referrals_are_the_trust_s_own_only(cast):
    pk = hospital.patient(cast)
    hospital.refer(cast, pk)
    case = hospital.receive(cast)
    hospital.decide(cast, case, "right_granted")
    found = counted(cast, "trust_leader", referrals.count)
    assert grid(found["referrals"]) == {"Psykisk helsevern (PHV)": (1, 0, 0, 0, 0)}
    from coordination.figures import counters_for
    from coordination.worlds import World

    assert counters_for(World.SPECIALIST_HEALTH) == [referrals.count]
    assert referrals.count not in [*counters_for(World.CUSTODY), *counters_for(World.MUNICIPAL_HEALTH)]


# Queries


def test_thirty_measures_cost_no_more_queries_than_one(cast, admin):
    measure = decide(cast)
    check(cast, measure, AT + 30 * MINUTE)
    one = queries(cast, "warden", isolation.count)
    with cast["warden"].acting():
        letter = CustodyLetter.objects.get(letter_id=measure.notice_letter)
        look = Check.objects.get(measure=measure)
    for n in range(29):
        told = uuid4()
        clone(admin, "custody.consent_custodyletter", letter.pk, letter_id=told)
        new = clone(
            admin, "custody.isolation_measure", measure.pk, key=uuid4(), notice_letter=told, decided_at=AT - n * HOUR, effective_at=AT - n * HOUR,
            ended_at=AT + HOUR, end_reason="grounds_gone", ended_by_name="x",
        )  # fmt: skip
        clone(admin, "custody.isolation_check", look.pk, key=uuid4(), measure_id=new)
    assert queries(cast, "warden", isolation.count) == one
    found = counted(cast, "warden", isolation.count)
    assert sum(map(sum, found["measures"].counts)) == 30
    assert sum(map(sum, found["doctor_notices"].counts)) == 30


def test_thirty_letters_cost_no_more_queries_than_one(cast, admin):
    letter_id = sending.notice(cast)
    sending.taken_on(cast, letter_id)
    one = queries(cast, "health_leader", follow_up.count)
    copy = sending.copy_of(cast, letter_id)
    course = admin.execute("SELECT id FROM municipal_health.follow_up_supervisioncourse").fetchone()[0]
    for _n in range(29):
        clone(admin, "municipal_health.consent_municipalletter", copy.pk, letter_id=uuid4())
        clone(admin, "municipal_health.follow_up_supervisioncourse", course, thread_id=uuid4())
    assert queries(cast, "health_leader", follow_up.count) == one
    with cast["health_leader"].acting():
        assert MunicipalLetter.objects.count() == 30


# Walls


def test_figures_hold_the_acting_agency_s_own_rows_only(cast):
    decide(cast)
    sending.contact(cast)
    for who, count in (
        ("south_duty_leader", isolation.count),
        ("south_duty_leader", intake.count),
        ("south_doctor", follow_up.count),
    ):
        for figure in counted(cast, who, count).values():
            if isinstance(figure, Table):
                assert grid(figure) == {}, figure.code
            else:
                assert not figure.minutes
    assert grid(counted(cast, "warden", isolation.count)["measures"])


def test_a_trust_that_got_nothing_counts_nothing(cast):
    hospital.refer(cast, hospital.patient(cast))
    hospital.receive(cast)
    assert grid(counted(cast, "other_trust_intake", referrals.count)["referrals"]) == {}
    assert grid(counted(cast, "trust_leader", referrals.count)["referrals"])
