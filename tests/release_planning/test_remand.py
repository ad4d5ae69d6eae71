"""Release from remand: it waits for the decision whether the health service is told, and the ground of a stay moves the duty."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consent.access import inbox
from coordination.models import CustodyDeadline, Person, Stay
from coordination.people import stays
from coordination.refusals import Refused
from release_planning import rules
from release_planning.letters import REMAND_NECESSITY
from release_planning.models import RemandReleaseAssessment
from tests.cast import AT, Cast
from tests.release_planning.planning import open_rules, url

pytestmark = pytest.mark.usefixtures("noon")


def end(cast: Cast, who: str) -> None:
    """Release somebody."""
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people[who])
        stay = Stay.objects.get(person=person, ended_at=None)
        stays.end_stay(actor, person, stay, reason="released", ended_at=AT, version=stay.version, at=AT)


def assess(**more: str) -> dict[str, str]:
    """Return what the form at release from remand posts."""
    return {
        "release_on": "23.11.2026",
        "notify": "no",
        "reason": "Ingen kjente behov for oppfølging.",
        "necessity": "",
        "key": str(uuid4()),
        **more,
    }


@pytest.mark.obligation("R5.3.1-e")
def test_release_from_remand_waits_for_the_decision(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        end(cast, "trompet")
    assert refused.value.code == "remand_assessment"
    with cast["duty_leader"].acting():
        assert Stay.objects.get(person_id=cast.people["trompet"]).ended_at is None
    client = cast["duty_leader"].client()
    assert client.post(url(cast, "trompet", "varetekt/"), assess()).status_code == 303
    end(cast, "trompet")
    with cast["duty_leader"].acting():
        assert Stay.objects.get(person_id=cast.people["trompet"]).ended_at == AT
        assert RemandReleaseAssessment.objects.get().letter_id is None
    with cast["doctor"].acting() as actor:
        assert not inbox(actor).exists()
    # Somebody who serves a sentence needs no such decision.
    end(cast, "fiolin")


@pytest.mark.obligation("R5.3.1-e")
def test_yes_tells_health_at_once_and_both_answers_need_their_words(cast: Cast) -> None:
    client = cast["duty_leader"].client()
    page = url(cast, "trompet", "varetekt/")
    assert "Vurderingen må være registrert" in client.get(page).content.decode()
    assert "Skriv hvorfor" in client.post(page, assess(reason=" ")).content.decode()
    assert client.post(page, assess(notify="yes", necessity="Kort")).status_code == 422
    assert client.post(page, {k: v for k, v in assess().items() if k != "notify"}).status_code == 422
    assert client.post(page, assess(release_on="1.1.2020")).status_code == 422
    data = assess(notify="yes", reason="Kjent for avdelingen.", necessity=str(REMAND_NECESSITY))
    assert [client.post(page, data).status_code for _ in range(2)] == [303, 303]
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).get()
        assert (letter.body["status"], letter.body["expected_release_on"]) == ("remand", "2026-11-23")
    with cast["duty_leader"].acting():
        assert RemandReleaseAssessment.objects.get().letter_id == letter.letter_id
    assert "Helsetjenesten er varslet" in client.get(page).content.decode()


@pytest.mark.obligation("R5.3.1-e")
def test_a_release_date_on_remand_starts_two_hours_for_the_decision(cast: Cast) -> None:
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["trompet"])
        stay = Stay.objects.get(person=person)
        stays.set_expected_release(actor, person, stay, on=AT.date(), version=stay.version, at=AT)
    assert open_rules(cast, "trompet") == {"D13", "D14"}
    with cast["duty_leader"].acting():
        assert CustodyDeadline.objects.get(rule="D13").due_at == AT + timedelta(hours=2)
    assert "Vurder varsel" in cast["duty_leader"].client().get("/loslatelse/").content.decode()
    cast["duty_leader"].client().post(url(cast, "trompet", "varetekt/"), assess())
    assert "D13" not in open_rules(cast, "trompet")


def judged(cast: Cast, who: str, status: str, by: str = "duty_leader") -> None:
    """Change the ground of somebody's stay through its page."""
    with cast[by].acting():
        version = Stay.objects.get(person_id=cast.people[who], ended_at=None).version
    answer = (
        cast[by]
        .client()
        .post(
            f"/personer/{cast.people[who]}/opphold/",
            {"legal_status": status, "security_level": "high", "version": version},
        )
    )
    assert answer.status_code == 303, answer.content.decode()[:2000]


@pytest.mark.obligation("R5.3.1-c")
@pytest.mark.parametrize("by", ["duty_leader", "contact_officer"])
def test_a_conviction_starts_the_clock_of_the_notice_at_once(cast: Cast, by: str) -> None:
    """Ung is on remand on the contact officer's unit. The duty follows the ground that same instant, both ways."""
    far = AT.date() + timedelta(days=200)
    with cast[by].acting() as actor:
        person = Person.objects.get(pk=cast.people["ung"])
        stay = Stay.objects.get(person=person)
        stays.set_expected_release(actor, person, stay, on=far, version=stay.version, at=AT)
    assert open_rules(cast, "ung") == {"D13", "D14"}
    judged(cast, "ung", "convicted", by)
    assert open_rules(cast, "ung") == {"D11", "D14"}
    with cast["duty_leader"].acting():
        row = CustodyDeadline.objects.get(rule="D11", person_id=cast.people["ung"])
        assert row.due_at == rules.notice_due(far, AT).due_at
        over = CustodyDeadline.objects.get(rule="D13", person_id=cast.people["ung"])
        assert (over.outcome, over.reason) == ("cancelled", "Grunnlaget for oppholdet er endret.")
    judged(cast, "ung", "preventive_detention", by)
    assert open_rules(cast, "ung") == {"D11", "D14"}
    judged(cast, "ung", "remand", by)
    assert open_rules(cast, "ung") == {"D13", "D14"}


def test_a_conviction_without_a_date_starts_nothing(cast: Cast) -> None:
    judged(cast, "trompet", "convicted")
    assert open_rules(cast, "trompet") == set()


def test_the_decision_is_for_remand_only(cast: Cast) -> None:
    assert cast["duty_leader"].client().get(url(cast, "fiolin", "varetekt/")).status_code == 404
    assert cast["duty_leader"].client().get(url(cast, "trompet", "varetekt/")).status_code == 200
