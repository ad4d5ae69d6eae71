"""What was decided after a report of harm stands on the measure's page and in its protocol, at a cost that does not grow."""

import io
from datetime import timedelta
from uuid import uuid4

import pypdf
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from coordination import clock
from coordination.clock import OSLO
from tests.cooperation.making import clone
from tests.follow_up.sending import taken_on
from tests.follow_up.test_harm import SECRET, later, received, report
from tests.isolation.helpers import HOUR, decide

REASON, STEPS = "Fare for andre på avdelingen.", "Samtale hver time, og ute klokka tre."


@pytest.fixture
def told(cast):
    """A measure, the health service's report of harm about it, and the prison's copy of the report."""
    measure = decide(cast, at=clock.now() - HOUR)
    taken_on(cast, measure.notice_letter)
    assert report(cast).status_code == 303
    return measure, received(cast)


def decided_late(cast, letter, at):
    """Decide after three hours, when the region has been rung."""
    called = (at - timedelta(minutes=20)).astimezone(OSLO)
    answer = (
        cast["warden"]
        .client()
        .post(
            f"/isolasjon/skademelding/{letter.pk}/",
            {
                "outcome": "kept",
                "reason": REASON,
                "steps": STEPS,
                "region_contact": "Vakt Solberg",
                "region_called_at_0": f"{called:%d.%m.%Y}",
                "region_called_at_1": f"{called:%H.%M}",
            },
        )
    )
    assert answer.status_code == 303, answer.content.decode()


def paper(cast, measure) -> str:
    answer = cast["warden"].client().get(f"/isolasjon/{measure.pk}/protokoll/")
    assert answer.status_code == 200
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split())


def test_the_decision_is_told_on_the_page_and_in_the_protocol(cast, told, monkeypatch):
    measure, letter = told
    at = later(monkeypatch, letter, hours=3)
    client = cast["officer"].client()
    open_yet, waits = "Fengselet har ikke avgjort saken ennå.", client.get(f"/isolasjon/{measure.pk}/").content.decode()
    assert "Etter melding om skade" not in waits
    assert open_yet in waits
    assert f"/isolasjon/skademelding/{letter.pk}/" not in waits, "an officer decides nothing"
    assert f"/isolasjon/skademelding/{letter.pk}/" in cast["warden"].client().get(f"/isolasjon/{measure.pk}/").content.decode()  # fmt: skip
    assert "Etter melding om skade" not in paper(cast, measure)
    decided_late(cast, letter, at)
    page = client.get(f"/isolasjon/{measure.pk}/").content.decode()
    assert open_yet not in page
    for words in (
        "Etter melding om skade: tiltaket fortsetter",
        REASON,
        STEPS,
        "Regionens vakt, Vakt Solberg, ble ringt",
    ):
        assert words in page
    # The link opens the letter for whoever reads it; the page tells no finding.
    assert f"/post/{letter.pk}/" in page
    printed = paper(cast, measure)
    for words in (
        "Etter melding om skade: tiltaket fortsetter",
        REASON,
        STEPS,
        "Regionens vakt, Vakt Solberg, ble ringt",
    ):
        assert words in printed
    assert SECRET not in page
    assert SECRET not in printed


def test_a_decision_about_another_measure_is_not_told_here(cast, told, monkeypatch):
    _measure, letter = told
    other = decide(cast, person="ung", at=clock.now() - HOUR)
    decided_late(cast, letter, later(monkeypatch, letter, hours=3))
    assert REASON not in cast["warden"].client().get(f"/isolasjon/{other.pk}/").content.decode()


def test_thirty_decisions_cost_no_more_queries_than_one(cast, told, admin, monkeypatch):
    measure, letter = told
    decided_late(cast, letter, later(monkeypatch, letter, hours=3))
    client = cast["warden"].client()

    def queries() -> int:
        client.get(f"/isolasjon/{measure.pk}/")
        with CaptureQueriesContext(connections["default"]) as captured:
            assert client.get(f"/isolasjon/{measure.pk}/").content.decode().count(REASON) == expected
        return len(captured)

    expected = 1
    one = queries()
    row = admin.execute("SELECT id FROM custody.isolation_harmdecision").fetchone()[0]
    for _n in range(29):
        clone(admin, "custody.isolation_harmdecision", row, report_letter=uuid4(), letter_id=uuid4())
    expected = 30
    assert queries() == one
