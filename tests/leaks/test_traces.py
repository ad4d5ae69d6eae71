"""The search for rows that a page names and the log does not finds one where there is one, so that a clean run says something."""

from django.http import HttpResponse

from coordination.models import Person
from tests.plugins import traces


def test_a_page_made_past_the_log_is_found(cast, monkeypatch):
    """A list of keys read as values, of rows that this process knows: nothing is noted, and the watch says so."""
    with cast["duty_leader"].acting():
        assert Person.objects.get(pk=cast.people["fiolin"])

    def careless(_request, *_args, **_more):
        return HttpResponse(" ".join(str(key) for key in Person.objects.values_list("pk", flat=True)))

    monkeypatch.setattr("coordination.views.retention.render", careless)
    monkeypatch.setattr("coordination.views.retention.holds.standing", lambda *_args: [])
    page = cast["warden"].client().get("/oppbevaring/")
    assert str(cast.people["fiolin"]) in page.content.decode()
    assert set(traces.found) == {"/oppbevaring/: coordination_person"}


def test_a_page_that_notes_what_it_shows_is_not(cast):
    before = traces.looked["keys"]
    page = cast["duty_leader"].client().get("/personer/")
    assert str(cast.people["fiolin"]) in page.content.decode()
    assert traces.looked["keys"] > before
    assert traces.found == []
