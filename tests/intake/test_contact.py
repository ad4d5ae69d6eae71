"""Contact with the health service during the stay: sent at once or not saved, by everyone who works with inmates."""

from uuid import uuid4

import pytest

from consent.models import CustodyLetter, MunicipalLetter
from coordination.models import CustodyDeadline
from intake.models import HealthContactRequest

pytestmark = pytest.mark.usefixtures("noon")


def post(cast, reasons, observation="", *, persona="officer", who="fiolin", key=None):
    """Send the form as a persona."""
    data = {"reasons": reasons, "observation": observation, "key": str(key or uuid4())}
    return cast[persona].client().post(f"/personer/{cast.people[who]}/kontakt-helsetjenesten/", data)


@pytest.mark.obligation("R4.1-c", "R5.2.1-a")
@pytest.mark.parametrize("persona", ["officer", "contact_officer", "duty_leader", "release_caseworker", "warden"])
def test_a_wish_goes_straight_to_the_health_service(cast, persona):
    saved = post(cast, ["wish_for_contact"], persona=persona)
    assert saved.status_code == 303
    with cast["nurse"].acting():
        letter = MunicipalLetter.objects.get()
        assert letter.body["stage"] == "stay"
        assert letter.body["wish"] is True
        assert letter.body["observation"] == ""
        assert letter.awaits == "acknowledgement"
    page = cast[persona].client().get(saved.url).content.decode()
    assert "Fengselshelsetjenesten north" in page
    assert "Venter på kvittering" in page


@pytest.mark.obligation("R5.2.1-a")
def test_signs_of_illness_need_words_and_are_urgent(cast):
    refused = post(cast, ["illness_sign"])
    assert refused.status_code == 422
    assert "Skriv hva du så eller hørte" in refused.content.decode()
    assert post(cast, ["illness_sign"], "Kaster opp.").status_code == 303
    with cast["nurse"].acting():
        letter = MunicipalLetter.objects.get()
    assert letter.body["urgent"] is True
    assert letter.body["observation"] == "Kaster opp."


def test_no_reason_is_refused_and_nothing_is_sent(cast):
    assert post(cast, [], "Noe").status_code == 422
    with cast["officer"].acting():
        assert not CustodyLetter.objects.exists()
        assert not HealthContactRequest.objects.exists()


def test_a_feared_suicide_during_the_stay_also_asks_for_a_plan_decision(cast):
    post(cast, ["suicide_risk"], "Har skrevet avskjedsbrev.")
    with cast["duty_leader"].acting():
        assert CustodyDeadline.objects.filter(rule="D05", person_id=cast.people["fiolin"], closed_at=None).exists()
    page = cast["officer"].client().get(f"/personer/{cast.people['fiolin']}/").content.decode()
    assert "Selvmordsrisiko vurderes" in page


def test_unsent_is_unsaved(cast, admin):
    admin.execute(
        "UPDATE base.coordination_agency SET health_service_id = NULL WHERE id = %s", [cast.agencies["north"].pk]
    )
    refused = post(cast, ["illness_sign"], "Kaster opp.")
    assert refused.status_code == 422
    assert "Ingenting er lagret" in refused.content.decode()
    assert "Kaster opp." in refused.content.decode()
    with cast["officer"].acting():
        assert not HealthContactRequest.objects.exists()
    other = post(cast, ["illness_sign"], "Kaster opp.", persona="south_officer", who="sjiraff")
    assert other.status_code == 303


def test_twice_gives_one(cast):
    key = uuid4()
    assert post(cast, ["wish_for_contact"], key=key).url == post(cast, ["wish_for_contact"], key=key).url
    with cast["nurse"].acting():
        assert MunicipalLetter.objects.count() == 1
