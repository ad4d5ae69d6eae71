"""The plan around the notice: cooperation, the list, walls and what the pages cost."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent import access as consents
from consent.access import inbox
from consent.actions import answer_question
from coordination import clock, national_id
from coordination.models import CustodyDeadline, Person, Stay
from coordination.people import actions as people
from coordination.people import stays
from coordination.person_page import links_for
from coordination.timeline import events_for
from release_planning import access, actions, rules
from release_planning.letters import NECESSITY
from release_planning.models import ReleaseDate, ReleaseNotice, ReleasePlan, RemandReleaseAssessment
from tests.cast import AT, Cast
from tests.release_planning.planning import open_rules, url

IN_TIME = AT.date() + timedelta(days=120)
pytestmark = pytest.mark.usefixtures("noon")


def answer_consent(cast: Cast, who: str = "fiolin") -> None:
    """Answer whether consent is needed, as the plan asked when it opened (D07)."""
    with cast["release_caseworker"].acting() as actor:
        question = consents.questions_for(actor, cast.people[who]).get(point="release")
        answer_question(actor, question, needed=False, reason="Bare datoen deles.", at=AT)


# Cooperation


@pytest.mark.obligation("R6.3-a")
@pytest.mark.obligation("R5.3.1-a")
@pytest.mark.obligation("R5.2.1-o")
def test_cooperation_is_advised_six_months_ahead_and_closed_when_it_begins(cast: Cast) -> None:
    with cast["release_caseworker"].acting():
        row = CustodyDeadline.objects.get(person_id=cast.people["fiolin"], rule="D14")
        assert (row.strength, row.due_at, row.next_alert_at) == ("anbefalt", AT, None)
    assert rules.cooperation_due(date(2027, 8, 31), AT) == clock.end_of_local_day(date(2027, 2, 28))
    client = cast["release_caseworker"].client()
    data = {"cooperation-kind": "parole", "cooperation-first_contact": "Snakket med Nav.", "cooperation-version": "1"}
    refused = client.post(url(cast, more="samarbeid/"), data)
    assert refused.status_code == 422
    assert "Velg minst én samarbeidspart." in refused.content.decode()
    assert "D14" in open_rules(cast, "fiolin")
    # The question whether consent is needed was asked when the plan opened, and holds the step until it is answered.
    held = client.post(url(cast, more="samarbeid/"), {**data, "cooperation-partners": ["nav"]})
    assert held.status_code == 422
    assert "Vurder først om det trengs samtykke" in held.content.decode()
    answer_consent(cast)
    assert (
        client.post(
            url(cast, more="samarbeid/"), {**data, "cooperation-partners": ["nav", "municipal_health"]}
        ).status_code
        == 303
    )
    assert open_rules(cast, "fiolin") == {"D11"}
    with cast["release_caseworker"].acting():
        plan = ReleasePlan.objects.get(person_id=cast.people["fiolin"])
        assert (plan.started_at, plan.partners, plan.kind) == (AT, ["nav", "municipal_health"], "parole")
    page = client.get(url(cast)).content.decode()
    assert "Snakket med Nav." in page
    assert "Prøveløslatelse" in page
    # The form was shown before somebody else's change.
    assert client.post(url(cast, more="samarbeid/"), {**data, "cooperation-partners": ["school"]}).status_code == 409


@pytest.mark.obligation("R5.3.1-d")
@pytest.mark.obligation("R4.1-f")
def test_serving_outside_prison_makes_the_notice_advice(cast: Cast) -> None:
    answer_consent(cast)
    with cast["release_caseworker"].acting() as actor:
        plan = access.access_plan(actor, cast.people["fiolin"])
        actions.start_cooperation(
            actor, plan, kind="section_16", partners=["probation"], first_contact="", version=1, at=AT
        )
    assert open_rules(cast, "fiolin") == {"D12"}
    with cast["release_caseworker"].acting() as actor:
        row = CustodyDeadline.objects.get(person_id=cast.people["fiolin"], rule="D12", closed_at=None)
        assert (row.strength, row.due_at) == ("bør", rules.notice_due(IN_TIME, AT).due_at)
        plan = access.access_plan(actor, cast.people["fiolin"])
        actions.send_notice(
            actor,
            plan,
            expected_release_on=IN_TIME,
            status="decided",
            necessity=str(NECESSITY),
            inmate_informed=True,
            key=uuid4(),
            at=AT,
        )
    assert open_rules(cast, "fiolin") == set()
    with cast["nurse"].acting() as actor:
        assert inbox(actor).count() == 1


# Who


@pytest.mark.obligation("R5.3.4-b")
def test_roles_and_walls(cast: Cast) -> None:
    for name in ("release_caseworker", "warden", "duty_leader", "contact_officer"):
        assert cast[name].client().get(url(cast)).status_code == 200, name
        assert cast[name].client().get("/loslatelse/").status_code == 200, name
    for name in ("officer", "officer_b", "region", "nurse", "doctor", "trust_intake"):
        assert cast[name].client().get(url(cast)).status_code == 404, name
        assert cast[name].client().get("/loslatelse/").status_code == 404, name
    assert cast["south_duty_leader"].client().get(url(cast)).status_code == 404
    assert "Fiolin" not in cast["south_duty_leader"].client().get("/loslatelse/?periode=alle").content.decode()
    # A contact officer reads only the own unit's, and sends nothing.
    reader = cast["contact_officer"].client()
    assert reader.post(url(cast, more="varsel/"), {}).status_code == 404
    assert reader.post(url(cast, more="samarbeid/"), {}).status_code == 404
    assert "Send varsel" not in reader.get(url(cast)).content.decode()
    assert "Send varsel" in cast["warden"].client().get(url(cast)).content.decode()


def test_other_agencies_and_units_see_no_row(cast: Cast, admin) -> None:
    with cast["release_caseworker"].acting() as actor:
        plan = access.access_plan(actor, cast.people["fiolin"])
        actions.send_notice(
            actor,
            plan,
            expected_release_on=IN_TIME,
            status="expected",
            necessity=str(NECESSITY),
            inmate_informed=True,
            key=uuid4(),
            at=AT,
        )
        stay = Stay.objects.get(person_id=cast.people["trompet"])
        actions.assess_remand_release(
            actor, stay, release_on=AT.date(), notify=False, reason="Nei.", key=uuid4(), at=AT
        )
    tables = (ReleasePlan, ReleaseDate, ReleaseNotice, RemandReleaseAssessment)
    for table in tables:
        (all_rows,) = admin.execute(f"SELECT count(*) FROM custody.{table._meta.db_table}").fetchone()
        assert all_rows, table
        with cast["release_caseworker"].acting() as actor:
            mine = table.objects.count()
            assert mine == table.objects.filter(agency_id=actor.agency_id).count() > 0
        with cast["south_duty_leader"].acting() as actor:
            assert table.objects.exclude(agency_id=actor.agency_id).count() == 0
    with cast["officer_b"].acting():
        assert [t.objects.count() for t in tables] == [0, 0, 0, 1]  # Trompet is in the own unit
    with cast["officer"].acting():
        assert [t.objects.count() for t in tables] == [1, 1, 1, 0]


def test_history_cannot_be_changed(cast: Cast) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"), cast["release_caseworker"].acting():
        ReleaseDate.objects.update(expected_release_on=None)


# The frame


def test_links_and_timeline(cast: Cast) -> None:
    with cast["release_caseworker"].acting() as actor:
        fiolin, trompet = (Person.objects.get(pk=cast.people[name]) for name in ("fiolin", "trompet"))
        assert reverse("release_plan", args=[fiolin.pk]) in {link.url for link in links_for(actor, fiolin)}
        assert reverse("remand_release", args=[trompet.pk]) in {link.url for link in links_for(actor, trompet)}
        assert "Forventet løslatelse 23.03.2027" in {
            event.title for event in events_for(actor, fiolin, AT - timedelta(days=1))
        }
    with cast["officer"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        assert reverse("release_plan", args=[person.pk]) not in {link.url for link in links_for(actor, person)}


def test_milestones() -> None:
    found = rules.milestones(date(2027, 1, 4), date(2026, 11, 23))
    assert [(m.days_before, m.status) for m in found] == [
        (90, "done"),
        (60, "done"),
        (30, "next"),
        (14, "coming"),
        (7, "coming"),
        (0, "coming"),
    ]
    assert [m.status for m in rules.milestones(date(2027, 1, 4), date(2027, 1, 4))][-1] == "next"
    assert rules.must_tell(None, date(2027, 1, 4))
    assert not rules.must_tell(date(2027, 1, 4), date(2027, 1, 11))


def test_the_list_sorts_by_what_is_due_and_filters(cast: Cast) -> None:
    many(cast, 3)
    client = cast["release_caseworker"].client()
    with cast["release_caseworker"].acting() as actor:
        lines = access.lines(actor)
        keys = [(line.due_at is None, line.due_at or AT, line.plan.stay.expected_release_on) for line in lines]
        assert keys == sorted(keys)
        assert {line.status for line in lines} == {"must_tell", "waiting"}
    page = client.get("/loslatelse/?periode=alle").content.decode()
    assert page.index("Rad2") < page.index("Fiolin")
    assert "Fiolin" not in client.get("/loslatelse/").content.decode()  # 120 days is over three months
    assert "Fiolin" not in client.get("/loslatelse/?periode=alle&status=acknowledged").content.decode()


def many(cast: Cast, count: int, first: int = 0) -> None:
    """Register people up to a number, each with a release date, and tell of every other."""
    with cast["duty_leader"].acting() as actor:
        for number in range(first, count):
            born = date(1970, 1, 1 + number % 28)
            person = people.register_person(
                actor,
                unit=cast.units["north_a"],
                number=f"X-{number}",
                family_name=f"Rad{number}",
                given_name="Prøve",
                birth_date=born,
                national_id=national_id.generate_synthetic(born, 500 + number),
                at=AT,
            )
            people.admit(
                actor,
                person,
                legal_status="convicted",
                security_level="high",
                admitted_at=AT,
                expected_release_on=AT.date() + timedelta(days=70 + number),
                at=AT,
            )
            if number % 2:
                actions.send_notice(
                    actor,
                    access.access_plan(actor, person.pk),
                    expected_release_on=AT.date() + timedelta(days=70 + number),
                    status="expected",
                    necessity=str(NECESSITY),
                    inmate_informed=False,
                    key=uuid4(),
                    at=AT,
                )


def test_the_pages_cost_the_same_for_one_and_for_thirty(cast: Cast) -> None:
    client = cast["release_caseworker"].client()

    def cost(address: str) -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    many(cast, 2)  # one told, one not
    one = cost("/loslatelse/?periode=alle")
    page = cost(url(cast))
    for step in range(1, 30):
        with cast["duty_leader"].acting() as actor:
            person = Person.objects.get(pk=cast.people["fiolin"])
            stay = Stay.objects.get(person=person)
            stays.set_expected_release(
                actor, person, stay, on=IN_TIME + timedelta(days=step), version=stay.version, at=AT
            )
    assert cost(url(cast)) == page
    many(cast, 32, first=2)
    assert cost("/loslatelse/?periode=alle") == one
