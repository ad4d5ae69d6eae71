"""Names in a text about nobody are pointed out while it is typed: from the own register alone, within limits, with a trace and no content."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coordination.people import anonymity
from tests.api.calls import send
from tests.story import tell

URL = reverse("names_in_text") + "?felt=finding"
NEXT_DOOR, NOWHERE = "Kaldt hos Ivrig Sjiraff.", "Kaldt hos Livlig Flodhest."


def asked(client, text: str, url: str = URL) -> str:
    answer = client.post(url, {"finding": text, "suggestion": "Fiolin"})
    assert answer.status_code == 200
    return answer.content.decode().strip()


@pytest.mark.obligation("R6.2-i")
def test_a_name_is_told_beside_the_field_while_one_types(cast):
    client = cast["officer"].client()
    assert "«Blid Fiolin», «15.05.1991»" in asked(client, "Kaldt hos Blid Fiolin, B.F. 15.05.1991.")
    assert asked(client, "Kaldt i cella.") == "", "the other field is not read"
    assert asked(client, "Kaldt hos <b>Fiolin</b>").count("<b>") == 0


@pytest.mark.obligation("R6.2-i")
def test_forms_about_nobody_ask_and_others_do_not(cast):
    """The page works without script as well: then nothing is told before one saves, and saving refuses."""
    tell(cast)
    page = cast["nurse"].client().get("/omgivelser/nytt/").content.decode()
    for name in ("place", "finding", "suggestion"):
        assert f'hx-post="{reverse("names_in_text")}?felt={name}"' in page
    assert "htmx.min.js" in page
    warden = cast["warden"].client()
    assert "?felt=text" in warden.get(reverse("message_new")).content.decode()
    assert "?felt=reason" in warden.get(reverse("change_setting", args=["interview_hours"])).content.decode()
    hold = warden.get(reverse("hold_new", args=[cast.people["fiolin"]])).content.decode()
    assert "hx-post" not in hold


@pytest.mark.obligation("R6.2-i")
def test_the_api_refuses_a_name_where_the_page_does(cast, admin):
    tell(cast)
    client = cast["nurse"].client()
    typed = {
        "place": "Celle A-200",
        "aspects": ["temperature"],
        "finding": "Kaldt hos Blid Fiolin.",
        "suggestion": "Ny ovn.",
    }
    path = f"prisons/{cast.agencies['north'].pk}/findings/"
    refused = send(client, "post", path, typed)
    assert refused.status_code == 422
    assert "Skriv den uten «Blid Fiolin»" in refused.content.decode()
    assert send(client, "post", path, {**typed, "finding": "Kaldt."}).status_code == 201


def test_next_door_and_nowhere_get_the_same_answer(cast):
    client = cast["officer"].client()
    answers = [client.post(URL, {"finding": text}) for text in (NEXT_DOOR, NOWHERE)]
    assert answers[0].content == answers[1].content
    assert "Ivrig Sjiraff" in asked(cast["south_officer"].client(), NEXT_DOOR), "there is somebody behind the wall"


def test_only_who_works_with_content_may_ask_and_only_by_post(cast):
    for who in ("prison_admin", "health_admin"):
        assert cast[who].client().post(URL, {"finding": "Fiolin"}).status_code == 404
    assert cast["officer"].client().get(URL).status_code == 404


def test_a_question_is_in_the_log_without_what_was_typed(cast, admin):
    asked(cast["officer"].client(), "Kaldt hos Fiolin.")
    row = admin.execute(
        "SELECT action, subject_table, object_ids, person_ids, purpose, membership_id FROM audit.entry ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert row == ("lookup", "names", [], [], "names_in_text", cast["officer"].membership.pk)


def test_who_asks_too_often_is_told_to_save_and_saving_still_looks(cast, admin, monkeypatch):
    monkeypatch.setattr(anonymity, "LOOKUPS", 2)
    client = cast["officer"].client()
    for _each in range(2):
        assert "Fiolin" in asked(client, "Fiolin")
    assert (
        asked(client, "Fiolin")
        == asked(client, "Flodhest")
        == '<span class="muted">Teksten kontrolleres for navn når du lagrer.</span>'
    )
    assert "Fiolin" in asked(cast["officer_b"].client(), "Fiolin"), "the count is one's own"
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE audit.entry SET at = at - %s WHERE action = 'lookup'", [timedelta(minutes=11)])
    admin.execute("SET session_replication_role = origin")
    assert "Fiolin" in asked(client, "Fiolin")
    with cast["officer"].acting() as actor:
        assert anonymity.names_in(actor, "Fiolin") == ["Fiolin"]
