"""Notice of release: when it is due, sent, acknowledged, late and due again. Through the verbs and HTTP, with real commits."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from consent.access import inbox, outbox
from consent.actions import acknowledge
from coordination.clock import end_of_local_day
from coordination.models import CustodyDeadline, Person, Stay
from coordination.people import actions as people
from coordination.people import stays
from coordination.refusals import Refused
from release_planning import access, actions, rules
from release_planning.letters import NECESSITY
from release_planning.models import LateReason, ReleaseDate, ReleaseNotice, ReleasePlan
from tests.cast import AT, Cast
from tests.release_planning.planning import url

IN_TIME = AT.date() + timedelta(days=120)  # when Fiolin is to be released
SOON = AT.date() + timedelta(days=30)  # when Sjiraff is


pytestmark = pytest.mark.usefixtures("noon")


def move(cast: Cast, who: str, on: date | None, at: datetime = AT, by: str = "duty_leader") -> None:
    """Set somebody's expected release date."""
    with cast[by].acting() as actor:
        person = Person.objects.get(pk=cast.people[who])
        stay = Stay.objects.get(person=person, ended_at=None)
        stays.set_expected_release(actor, person, stay, on=on, version=stay.version, at=at)


def due(cast: Cast, who: str, rule: str = "D11", by: str = "release_caseworker") -> CustodyDeadline | None:
    """Return the open deadline of a rule about somebody's stay."""
    with cast[by].acting():
        return CustodyDeadline.objects.filter(person_id=cast.people[who], rule=rule, closed_at=None).first()


def tell(
    cast: Cast, who: str, on: date, at: datetime = AT, by: str = "release_caseworker", **more: object
) -> ReleaseNotice:
    """Send a notice."""
    values = {"status": "expected", "necessity": str(NECESSITY), "inmate_informed": True, "key": uuid4(), **more}
    with cast[by].acting() as actor:
        return actions.send_notice(
            actor, access.access_plan(actor, cast.people[who]), expected_release_on=on, at=at, **values
        )


def form(cast: Cast, on: date = IN_TIME, **more: str) -> dict[str, str]:
    """Return what the notice form posts."""
    return {
        "status": "expected",
        "necessity": str(NECESSITY),
        "note": "",
        "inmate_informed": "on",
        "expected_release_on": on.isoformat(),
        "key": str(uuid4()),
        **more,
    }


# When


@pytest.mark.obligation("R4.1-d")
@pytest.mark.obligation("R5.3.1-c")
def test_a_date_known_at_admission_opens_the_plan_and_the_duty(cast: Cast) -> None:
    with cast["release_caseworker"].acting() as actor:
        plan = access.access_plan(actor, cast.people["fiolin"])
        assert [row.expected_release_on for row in access.dates_of(actor, plan)] == [IN_TIME]
    found = due(cast, "fiolin")
    assert found is not None
    assert (found.due_at, found.strength) == (rules.notice_due(IN_TIME, AT).due_at, "skal")
    with cast["release_caseworker"].acting():
        assert not ReleasePlan.objects.filter(person_id=cast.people["trompet"]).exists()


@pytest.mark.obligation("R5.3.1-c")
@pytest.mark.parametrize(
    ("release", "last"),
    [
        (date(2027, 8, 31), date(2027, 6, 30)),
        (date(2027, 4, 30), date(2027, 2, 28)),
        (date(2028, 4, 30), date(2028, 2, 29)),
        (date(2027, 12, 31), date(2027, 10, 31)),  # the night the clock goes back
        (date(2027, 5, 28), date(2027, 3, 28)),  # the night the clock goes forward
    ],
)
def test_two_calendar_months_to_the_end_of_the_oslo_day(cast: Cast, release: date, last: date) -> None:
    move(cast, "fiolin", release)
    found = due(cast, "fiolin")
    assert found is not None
    assert found.due_at == end_of_local_day(last)
    reminders = rules.alerts(release, AT).reminders
    assert abs(found.next_alert_at - reminders[0]) <= timedelta(hours=1, seconds=1)


def test_reminders_that_have_passed_are_left_out(cast: Cast) -> None:
    at = datetime(2027, 1, 14, 9, tzinfo=UTC)  # ten days before the notice is due
    move(cast, "fiolin", date(2027, 3, 24), at)
    found = due(cast, "fiolin")
    assert found is not None
    assert found.next_step == 1
    assert found.next_alert_at > at


@pytest.mark.obligation("R5.3.1-c")
def test_known_too_late_is_due_at_once_and_needs_a_reason(cast: Cast) -> None:
    found = due(cast, "sjiraff", by="south_duty_leader")
    assert found is not None
    assert found.due_at == AT
    assert found.next_step == 2  # straight to "over the deadline"
    client = cast["south_duty_leader"].client()
    page = client.get(url(cast, "sjiraff"))
    assert "Hvorfor kommer varselet sent?" in page.content.decode()
    refused = client.post(url(cast, "sjiraff", "varsel/"), form(cast, SOON, note="Ring avdelingen."))
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Velg hvorfor varselet kommer sent." in text
    assert "<title>Feil:" in text.replace("\n", "")
    assert "Ring avdelingen." in text
    with cast["south_duty_leader"].acting():
        assert not ReleaseNotice.objects.exists()
    sent = client.post(url(cast, "sjiraff", "varsel/"), form(cast, SOON, late_reason="date_known_late"))
    assert sent.status_code == 303
    with cast["south_nurse"].acting() as actor:
        letter = inbox(actor).get()
    assert letter.body["late_reason"] == "date_known_late"
    assert letter.body["expected_release_on"] == SOON.isoformat()


def test_other_reason_needs_words_and_in_time_needs_none(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        tell(cast, "sjiraff", SOON, by="south_duty_leader", late_reason="other")
    assert refused.value.code == "late_note"
    assert (
        tell(cast, "sjiraff", SOON, by="south_duty_leader", late_reason="other", note="Retten kom sent.").late_reason
        == "other"
    )
    assert tell(cast, "fiolin", IN_TIME, late_reason="overlooked").late_reason == ""
    assert {code.value for code in rules.LateReason} == set(LateReason.values)


# Sending


@pytest.mark.obligation("R5.3.1-c")
@pytest.mark.obligation("R5.3.1-h")
def test_the_notice_reaches_health_and_its_receipt_comes_back(cast: Cast) -> None:
    client = cast["release_caseworker"].client()
    page = client.get(url(cast)).content.decode()
    assert "Helsetjenesten er ikke varslet." in page
    assert "retningslinjer til straffegjennomføringsloven punkt 42.1" in page
    assert "Hvorfor kommer varselet sent?" not in page
    assert client.post(url(cast, more="varsel/"), form(cast)).status_code == 303
    assert due(cast, "fiolin") is None
    page = client.get(url(cast)).content.decode()
    assert "Venter på kvittering" in page
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).get()
        assert (letter.kind, letter.basis, letter.awaits, letter.rule) == (
            "release_notice",
            "LB03",
            "acknowledgement",
            "D11R",
        )
        assert letter.due_at - letter.sent_at == timedelta(hours=72)
        assert (letter.body["family_name"], letter.body["unit"]) == ("Fiolin", "Avdeling A")
        acknowledge(letter)
    with cast["release_caseworker"].acting() as actor:
        copy = outbox(actor).get()
        assert (copy.rule, copy.settled_at is not None) == ("D11A", True)
    assert "Kvittert" in client.get(url(cast)).content.decode()
    assert "Kvittert" in client.get("/loslatelse/?periode=alle").content.decode()


def test_the_receipt_is_waited_for_with_alerts(cast: Cast) -> None:
    tell(cast, "fiolin", IN_TIME)
    with cast["release_caseworker"].acting() as actor:
        copy = outbox(actor).get()
        assert copy.next_alert_at == copy.due_at - timedelta(hours=24)
    with cast["nurse"].acting() as actor:
        assert inbox(actor).get().next_alert_at is not None


def test_necessity_must_say_something_and_what_was_typed_stays(cast: Cast) -> None:
    client = cast["release_caseworker"].client()
    refused = client.post(url(cast, more="varsel/"), form(cast, necessity="Fordi.", note="Møte fredag"))
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "minst 20 tegn" in text
    assert "Møte fredag" in text
    assert client.post(url(cast, more="varsel/"), form(cast, note="Møte fredag")).status_code == 303


def test_the_same_form_twice_sends_one_notice(cast: Cast) -> None:
    client = cast["release_caseworker"].client()
    data = form(cast)
    assert [client.post(url(cast, more="varsel/"), data).status_code for _ in range(2)] == [303, 303]
    with cast["release_caseworker"].acting() as actor:
        assert ReleaseNotice.objects.count() == 1
        assert outbox(actor).count() == 1


def test_a_date_moved_since_the_form_was_shown_is_a_conflict(cast: Cast) -> None:
    client = cast["release_caseworker"].client()
    data = form(cast)
    move(cast, "fiolin", IN_TIME - timedelta(days=3))
    assert client.post(url(cast, more="varsel/"), data).status_code == 409
    with cast["release_caseworker"].acting():
        assert not ReleaseNotice.objects.exists()
    assert client.post(url(cast, more="varsel/"), form(cast, IN_TIME - timedelta(days=3))).status_code == 303


def test_telling_the_same_twice_is_refused(cast: Cast) -> None:
    tell(cast, "fiolin", IN_TIME)
    with pytest.raises(Refused) as refused:
        tell(cast, "fiolin", IN_TIME)
    assert refused.value.code == "already_told"
    assert tell(cast, "fiolin", IN_TIME, status="decided").status == "decided"


# Again


@pytest.mark.obligation("R5.3.1-c")
@pytest.mark.parametrize(("days", "again"), [(-1, True), (0, False), (1, False), (7, False), (8, True)])
def test_a_moved_date_is_told_again_a_day_earlier_or_over_a_week_later(cast: Cast, days: int, again: bool) -> None:
    tell(cast, "fiolin", IN_TIME)
    move(cast, "fiolin", IN_TIME + timedelta(days=days), AT + timedelta(days=1))
    assert (due(cast, "fiolin") is not None) is again


@pytest.mark.obligation("R5.3.1-c")
def test_small_steps_add_up_and_going_back_ends_the_duty(cast: Cast) -> None:
    tell(cast, "fiolin", IN_TIME)
    move(cast, "fiolin", IN_TIME + timedelta(days=5))
    assert due(cast, "fiolin") is None
    move(cast, "fiolin", IN_TIME + timedelta(days=10))
    assert due(cast, "fiolin") is not None
    move(cast, "fiolin", IN_TIME + timedelta(days=2))
    assert due(cast, "fiolin") is None


def test_the_new_notice_stands_in_place_of_the_old(cast: Cast) -> None:
    first = tell(cast, "fiolin", IN_TIME)
    earlier = IN_TIME - timedelta(days=10)
    move(cast, "fiolin", earlier)
    assert "varsles på nytt" in cast["release_caseworker"].client().get(url(cast)).content.decode()
    second = tell(cast, "fiolin", earlier)
    with cast["release_caseworker"].acting() as actor:
        old = outbox(actor).get(letter_id=first.letter_id)
        assert old.superseded_by == second.letter_id
        assert [t.notice.pk for t in access.told_about(actor, access.access_plan(actor, cast.people["fiolin"]))] == [
            second.pk,
            first.pk,
        ]
    with cast["nurse"].acting() as actor:
        assert {letter.superseded_by for letter in inbox(actor)} == {None, second.letter_id}


def test_a_date_taken_away_ends_the_duty_and_stays_in_the_history(cast: Cast) -> None:
    move(cast, "fiolin", None)
    assert due(cast, "fiolin") is None
    assert due(cast, "fiolin", "D14") is None
    page = cast["release_caseworker"].client().get(url(cast)).content.decode()
    assert "Datoen ble tatt bort" in page
    with cast["release_caseworker"].acting():
        assert ReleaseDate.objects.filter(person_id=cast.people["fiolin"]).count() == 2
    move(cast, "fiolin", IN_TIME)
    assert due(cast, "fiolin") is not None


@pytest.mark.obligation("R5.3.1-c")
def test_the_next_prisons_health_service_is_told_too(cast: Cast) -> None:
    tell(cast, "fiolin", IN_TIME)
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        people.transfer_to_prison(actor, person, to_unit=cast.units["south_a"], at=AT)
    assert due(cast, "fiolin") is None
    found = due(cast, "fiolin", by="south_duty_leader")
    assert found is not None
    assert found.due_at == rules.notice_due(IN_TIME, AT).due_at
    page = cast["south_duty_leader"].client().get(url(cast)).content.decode()
    assert "Sendt av et annet fengsel" in page
    tell(cast, "fiolin", IN_TIME, by="south_duty_leader")
    with cast["south_nurse"].acting() as actor:
        assert inbox(actor).count() == 1
    assert due(cast, "fiolin", by="south_duty_leader") is None
    assert cast["release_caseworker"].client().get(url(cast)).status_code == 404


# What ends it


def test_release_closes_the_plan(cast: Cast) -> None:
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        stay = Stay.objects.get(person=person)
        stays.end_stay(actor, person, stay, reason="released", ended_at=AT, version=stay.version, at=AT)
    with cast["release_caseworker"].acting():
        assert not CustodyDeadline.objects.filter(person_id=cast.people["fiolin"], closed_at=None).exists()
        assert ReleasePlan.objects.get(person_id=cast.people["fiolin"]).closed_at == AT
    assert "Oppholdet er avsluttet" in cast["release_caseworker"].client().get(url(cast)).content.decode()
    with pytest.raises(Refused) as refused:
        tell(cast, "fiolin", IN_TIME)
    assert refused.value.code == "no_notice"


def test_the_page_tells_of_risky_days(cast: Cast) -> None:
    move(cast, "fiolin", date(2027, 3, 19))
    assert "Datoen er en fredag" in cast["release_caseworker"].client().get(url(cast)).content.decode()
    move(cast, "fiolin", date(2027, 3, 16))
    assert "Datoen er en fredag" not in cast["release_caseworker"].client().get(url(cast)).content.decode()
