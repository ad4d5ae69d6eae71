"""The page of rules, the record of what was done outside, the date of the 2026 act, closing, and every paper; over HTTP."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, check, coercion, count, deadline, decide, exclusion
from tests.isolation.reading import key_in, paper, text_of
from tests.isolation.test_follow_up import advise
from tests.isolation.test_health_visits import followed
from tests.isolation.test_limits import judge, step, stop

DAY = timedelta(days=1)


# The page of rules


@pytest.mark.obligation("R7.1.1-e")
def test_every_rule_stands_with_why_when_source_and_strength(cast, now) -> None:
    measure = decide(cast, person="ung")
    page = text_of(cast["officer"].client().get(f"/isolasjon/{measure.pk}/regler/"))
    for words in (
        "Meld fra til regionen: utelukket under 18 år",
        "Loven sier straks",
        "strgjfl § 37 femte ledd",
        "skal, B04",
        "Kontinuerlig tilsyn, under 18 år",
        "R7.1.2-i",
        "anbefalt, D27",
        "Vedtatt, men ikke i kraft",
        "Under 18 år",
        "Informer vergen",
    ):
        assert words in page, words
    assert "Skriv hva som er meldt" not in page, "an officer decides nothing"


def test_what_is_recommended_is_never_shown_as_a_breach(cast, now) -> None:
    """D27 and D22F are long past; B13A is not. Only the statute turns red."""
    measure = decide(cast, coercion())
    now(AT + 30 * HOUR)
    body = cast["duty_leader"].client().get(f"/isolasjon/{measure.pk}/regler/").content.decode()
    row = next(r for r in re.findall(r"<tr.*?</tr>", body, flags=re.S) if "anbefalt, D27" in r)
    assert "overdue" not in row
    assert "danger" not in row
    now(AT + 4 * DAY)
    body = cast["duty_leader"].client().get(f"/isolasjon/{measure.pk}/regler/").content.decode()
    late = next(r for r in re.findall(r'<tr id="B13A".*?</tr>', body, flags=re.S))
    assert "over" in late.lower() or "overdue" in late


def test_what_is_recommended_is_late_nowhere(cast, admin, now) -> None:
    """The recommended reassessment is six hours past and every duty is kept: no page and no paper calls anything late."""
    measure = decide(cast)
    for number in range(1, 37):
        check(cast, measure, AT + number * 50 * MINUTE)
    now(AT + 30 * HOUR)
    # What the cast owes beside the measure, such as interviews at admission, is no matter of this test.
    admin.execute(
        "UPDATE custody.coordination_custodydeadline SET closed_at = now(), outcome = 'met', next_alert_at = NULL"
        " WHERE subject_id <> %s AND closed_at IS NULL",
        [measure.pk],
    )
    client = cast["duty_leader"].client()
    pages = ["/", f"/isolasjon/{measure.pk}/", f"/isolasjon/{measure.pk}/regler/", "/isolasjon/", "/varsler/"]
    papers = [f"/isolasjon/{measure.pk}/{name}/" for name in ("region/pdf", "protokoll")]

    def late():
        marked = re.compile(r".{0,90}(?:[0-9][^<{]{0,20} over fristen|data-(?:deadline|state)=\"overdue\")")
        told = {url: marked.search(client.get(url).content.decode()) for url in pages}
        told |= {url: re.search(".{0,90}(?:over fristen|brudd)", paper(client, url)[0].lower()) for url in papers}
        return {url: found.group(0) for url, found in told.items() if found}

    # The doctor's receipt is a duty, and it is late until the health service takes the notice on.
    assert {"/", f"/isolasjon/{measure.pk}/"} <= late().keys()
    followed(cast, measure)
    assert deadline(admin, measure, "D27")[0] < AT + 30 * HOUR
    assert "Ny vurdering" in text_of(client.get(f"/isolasjon/{measure.pk}/"))
    assert late() == {}


def test_the_page_of_rules_costs_the_same_with_a_long_chain(cast, now) -> None:
    measure = decide(cast)
    client = cast["duty_leader"].client()
    url = f"/isolasjon/{measure.pk}/regler/"
    client.get(url)
    with CaptureQueriesContext(connections["default"]) as one:
        client.get(url)
    at = AT
    for number in range(8):
        at = AT + (number + 1) * HOUR
        facts = coercion(effective_at=at) if number % 2 == 0 else exclusion(at)
        measure = decide(cast, facts, at=at, replaces=measure.pk)
    for number in range(10):
        step(cast, measure, "B02", at=at + number * HOUR)
    now(at + 12 * HOUR)
    with CaptureQueriesContext(connections["default"]) as many:
        page = client.get(f"/isolasjon/{measure.pk}/regler/")
    assert "9 tiltak" in text_of(page)
    assert len(many) <= len(one)


def test_the_measure_page_says_how_long_the_chain_has_lasted(cast, now) -> None:
    first = decide(cast)
    assert "Samlet tid i kjeden" not in text_of(cast["officer"].client().get(f"/isolasjon/{first.pk}/"))
    cell = decide(cast, coercion(effective_at=AT + DAY), at=AT + DAY, replaces=first.pk)
    now(AT + DAY + HOUR)
    page = text_of(cast["officer"].client().get(f"/isolasjon/{cell.pk}/"))
    assert "Samlet tid i kjeden 25 t" in page
    assert "Varighet 1 t" in page


# Recording


def test_what_was_decided_outside_is_recorded_from_the_page(cast, admin, now) -> None:
    measure = decide(cast)
    client = cast["duty_leader"].client()
    url = f"/isolasjon/{measure.pk}/melding/"
    form = client.get(url)
    key = key_in(form)
    typed = {
        "key": key,
        "limit": "B01",
        "occurred_on": "23.11.2026",
        "occurred_clock": "12.00",
        "outcome": "continue",
        "done_by": "",
        "reference": "2026/17",
    }
    bad = client.post(url, typed)
    assert bad.status_code == 422
    assert "Skriv hvem som meldte eller avgjorde" in text_of(bad)
    assert "2026/17" in bad.content.decode()
    for _ in range(2):
        assert client.post(url, typed | {"done_by": "Rådgiver R. Region"}).status_code == 303
    assert count(admin, "authoritystep") == 1
    page = text_of(client.get(f"/isolasjon/{measure.pk}/regler/"))
    assert "Rådgiver R. Region" in page
    assert "Gjort" in page
    assert "Rådgiver R. Region" in text_of(client.get(f"/isolasjon/{measure.pk}/"))
    ends = typed | {"limit": "B02", "outcome": "sent", "done_by": "Vaktleder", "key": str(uuid.uuid4())}
    assert client.post(url, ends)["Location"].endswith("/regler/")


def test_a_no_from_above_leads_to_the_end_and_stands_on_the_page(cast, now) -> None:
    measure = decide(cast)
    client = cast["duty_leader"].client()
    typed = {
        "key": str(uuid.uuid4()),
        "limit": "B01",
        "occurred_on": "23.11.2026",
        "occurred_clock": "12.00",
        "outcome": "end",
        "done_by": "Region",
        "note": "Ikke grunnlag lenger.",
    }
    assert client.post(f"/isolasjon/{measure.pk}/melding/", typed)["Location"].endswith("/avslutt/")
    assert "Tiltaket skal avsluttes" in text_of(cast["officer"].client().get(f"/isolasjon/{measure.pk}/"))


# Reassessment


def test_a_copied_reason_is_pointed_out_and_confirmed_on_the_page(cast, admin, now) -> None:
    measure = decide(cast)
    judge(cast, measure, at=AT)
    client = cast["duty_leader"].client()
    url = f"/isolasjon/{measure.pk}/vurdering/"
    first = client.get(url)
    assert "Truer fortsatt ansatte" in text_of(first), "the last judgement stands beside"
    assert 'type="checkbox"' not in first.content.decode()
    typed = {
        "key": key_in(first),
        "outcome": "keep",
        "reason": "Truer fortsatt ansatte ved luking.",
        "mitigation": "Samtale.",
    }
    warned = client.post(url, typed)
    assert warned.status_code == 422
    assert "den samme som sist" in text_of(warned)
    assert 'type="checkbox"' in warned.content.decode()
    assert client.post(url, typed | {"same_reason": "on"}).status_code == 303
    assert "vurdert på nytt og bekreftet" in text_of(client.get(f"/isolasjon/{measure.pk}/"))
    assert count(admin, "reassessment") == 2


@pytest.mark.obligation("R7.1.2-s", "R7.1.2-g")
def test_advice_stands_before_whoever_reassesses_until_it_is_weighed(cast, admin, now) -> None:
    measure = decide(cast)
    advise(cast, admin, measure)
    client = cast["duty_leader"].client()
    at = now(AT + HOUR)
    assert "Mer tid ute." in text_of(client.get(f"/isolasjon/{measure.pk}/vurdering/"))
    row = judge(cast, measure, at=at, reason="Roligere. Vi følger rådet om mer tid ute.")
    assert row.advice_letter is not None
    assert "Mer tid ute." not in text_of(client.get(f"/isolasjon/{measure.pk}/vurdering/"))


@pytest.mark.obligation("R7.1.2-s")
def test_a_measure_ended_by_reassessment_after_advice_says_so(cast, admin) -> None:
    measure = decide(cast)
    advise(cast, admin, measure)
    judge(cast, measure, "end", at=AT + 2 * HOUR, reason="Vi følger rådet.")
    reason = admin.execute("SELECT end_reason FROM custody.isolation_measure WHERE id = %s", [measure.pk]).fetchone()
    assert reason == ("advice",)


# Closing


def test_closing_says_what_is_missing(cast, now) -> None:
    measure = decide(cast, coercion())
    now(AT + 4 * DAY)
    stop(cast, measure, AT + 4 * DAY)
    client = cast["duty_leader"].client()
    assert "protokollen er ikke lukket" in text_of(client.get("/isolasjon/"))
    url = f"/isolasjon/{measure.pk}/lukk/"
    page = text_of(client.get(url))
    assert "Ikke ført: Regionen skal avgjøre om sikkerhetscelle fortsetter" in page
    assert "Fengselslederens gjennomgang mangler" in page
    assert client.post(url, {"note": ""}).status_code == 422
    assert client.post(url, {"note": "Ført i eget system."}).status_code == 303
    page = text_of(client.get(f"/isolasjon/{measure.pk}/"))
    assert "Protokollen er lukket" in page
    assert "protokollen er ikke lukket" not in text_of(client.get("/isolasjon/"))
    assert client.get(url).status_code == 303
