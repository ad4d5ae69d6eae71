"""Every paper of isolation: tagged A4, numbered, who printed it and when; what is in it, and what is not."""

import io
import uuid
from datetime import timedelta

import pypdf
import pytest

from isolation import documents
from isolation.access import access_measure
from isolation.actions import informal
from isolation.actions import measures as verbs
from tests.cast import AT
from tests.isolation.helpers import (
    HOUR,
    MINUTE,
    check,
    coercion,
    decide,
    exclusion,
    letters,
)
from tests.isolation.reading import paper
from tests.isolation.test_court import register
from tests.isolation.test_follow_up import advise, contact, plan, week
from tests.isolation.test_informal import register as register_informal
from tests.isolation.test_limits import step

DAY = timedelta(days=1)


@pytest.mark.obligation("R7.1.2-r")
def test_the_protocol_is_one_document_with_everything(cast, admin, now) -> None:
    measure = decide(cast, coercion(force_used=True, force_note="Armgrep."))
    check(cast, measure, AT + 50 * MINUTE, note="Sitter på gulvet.")
    check(cast, measure, AT + 130 * MINUTE, occurred_at=AT + 100 * MINUTE, state="asleep")
    advise(cast, admin, measure)
    with cast["duty_leader"].acting() as actor:
        verbs.end(actor, measure.pk, ended_at=AT + 3 * HOUR, reason="grounds_gone", note="Rolig.", at=AT + 3 * HOUR)
    now(AT + 4 * HOUR)
    answer = cast["officer"].client().get(f"/isolasjon/{measure.pk}/protokoll/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Fiolin" not in answer["Content-Disposition"]
    words = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split()
    )
    for text in (
        "Sikkerhetscelle", "Angrep en betjent", "Samtale i en time", "Legen svarte ikke", "Armgrep.", "Sitter på gulvet.", "Sover – ser pust",
        "Skrevet kl. 14.10.", "80 minutter uten tilsyn", "Legen er varslet om tvangsmiddelet", "Helsetjenesten er bedt om tilsyn",
        "Helsetjenesten kvitterte", "Råd fra helsetjenesten", "Ikke gjort", "Tiltaket er avsluttet", "Fiolin, Blid",
    ):  # fmt: skip
        assert text in words, text
    printed = admin.execute("SELECT count(*) FROM audit.entry WHERE action = 'print'").fetchone()
    assert printed[0] == 1


@pytest.mark.obligation("R7.1.2-l")
def test_the_plan_is_printed_for_the_inmate(cast, now) -> None:
    measure = decide(cast)
    client = cast["officer"].client()
    assert client.get(f"/isolasjon/{measure.pk}/ukeplan/pdf/").status_code == 404
    plan(cast, measure, week(150))
    answer = client.get(f"/isolasjon/{measure.pk}/ukeplan/pdf/")
    words = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split()
    )
    assert "150 minutter med andre" in words
    assert "Tre rolige dager." in words


@pytest.mark.obligation("R7.1.2-a", "R7.1.2-n")
@pytest.mark.parametrize("facts", [exclusion, coercion])
def test_every_paper_is_tagged_a4_numbered_and_says_who_printed_it(cast, now, facts) -> None:
    measure = decide(cast, facts())
    check(cast, measure, AT + HOUR)
    now(AT + 2 * HOUR)
    client = cast["duty_leader"].client()
    urls = [f"/isolasjon/{measure.pk}/{name}/" for name in ("vedtak/pdf", "protokoll", "region/pdf")]
    for url in [*urls, "/isolasjon/gjennomgang/pdf/"]:
        text, reader = paper(client, url)
        assert "Side 1 av" in text, url
        assert "Skrevet ut av Duty Leader" in text, url
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] is not None
        assert round(float(reader.pages[0].mediabox.width)) == 595
        if "gjennomgang" not in url:
            assert "Fiolin" in text


def test_the_decision_on_paper_says_reasons_limits_and_complaint(cast, now) -> None:
    measure = decide(cast, person="ung")
    text, _reader = paper(cast["officer"].client(), f"/isolasjon/{measure.pk}/vedtak/pdf/")
    for words in ("Barnets beste", "tverretatlig team", "Delvis utelukkelse vurdert", "Du kan klage", "strgjfl § 37"):
        assert words in text, words


@pytest.mark.obligation("R7.1.2-r")
def test_the_report_to_the_region_has_no_health_information(cast, admin, now) -> None:
    measure = decide(cast)
    advise(cast, admin, measure)
    step(cast, measure, "B01", "continue")
    text, _reader = paper(cast["warden"].client(), f"/isolasjon/{measure.pk}/region/pdf/")
    assert "Melding til regionen" in text
    assert "Mer tid ute." not in text
    assert "Regionen: tiltaket kan fortsette" in text
    protocol, _reader = paper(cast["warden"].client(), f"/isolasjon/{measure.pk}/protokoll/")
    assert "Mer tid ute." in protocol
    assert len(letters(admin, "exclusion_notice")) == 1


@pytest.mark.obligation("R7.1.2-z")
def test_the_wardens_list_names_everybody_in_cell_or_bed_and_missed_dates(cast, now) -> None:
    decide(cast, coercion())
    decide(cast, person="trompet")
    now(AT + 2 * DAY)
    text, _reader = paper(cast["warden"].client(), "/isolasjon/gjennomgang/pdf/")
    assert "Fiolin" in text
    assert "Trompet" not in text
    assert "Dager uten gjennomgang" in text


def test_papers_are_for_those_who_follow(cast, now) -> None:
    measure = decide(cast)
    for name, url in (
        ("officer", f"/isolasjon/{measure.pk}/region/pdf/"),
        ("officer", "/isolasjon/gjennomgang/pdf/"),
        ("officer_b", f"/isolasjon/{measure.pk}/vedtak/pdf/"),
        ("south_duty_leader", f"/isolasjon/{measure.pk}/vedtak/pdf/"),
        ("nurse", f"/isolasjon/{measure.pk}/vedtak/pdf/"),
    ):
        assert cast[name].client().get(url).status_code == 404
    assert verbs.state(measure).value == "effective"


def test_the_plan_of_the_court_says_what_the_court_says(cast, now) -> None:
    measure = register(cast)
    plan(cast, measure, week())
    text, _reader = paper(cast["contact_officer"].client(), f"/isolasjon/{measure.pk}/ukeplan/pdf/")
    assert "Retten har bestemt at du skal være isolert" in text
    assert "utelukket fra fellesskapet" not in text


@pytest.mark.obligation("R7.1.1-c", "R5.2.4-j")
def test_who_keeps_to_oneself_gets_the_leaflet_and_the_plan_on_paper(cast, now) -> None:
    client = cast["contact_officer"].client()
    leaflet, _reader = paper(client, "/isolasjon/uten-vedtak/skadevirkninger/pdf/")
    assert "vansker med å sove" in leaflet
    assert "Fiolin" not in leaflet
    row = register_informal(cast)
    url = f"/isolasjon/uten-vedtak/{row.pk}/plan/pdf/"
    assert client.get(url).status_code == 303, "no plan, no paper"
    with cast["contact_officer"].acting() as actor:
        informal.plan_activity(
            actor, row.pk, activities=["Matlaging", *[""] * 6], minutes=[60, *[0] * 6], routines="Etter lunsj.",
            key=uuid.uuid4(), at=AT,
        )  # fmt: skip
    text, reader = paper(client, url)
    for words in (
        "Aktivitetsplan",
        "Fiolin",
        "Matlaging",
        "60 minutter",
        "Etter lunsj.",
        "Skrevet ut av Contact Officer",
    ):
        assert words in text, words
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] is not None
    assert cast["officer_b"].client().get(url).status_code == 404


def test_minutes_with_others_are_a_strip_of_days_on_page_and_paper_with_a_text_alternative(cast, now) -> None:
    measure = decide(cast)
    contact(cast, measure, AT + DAY, 130)
    now(AT + 2 * DAY)
    words = "Minutter med andre: 23.11 0, 24.11 130, 25.11 0"
    page = cast["officer"].client().get(f"/isolasjon/{measure.pk}/").content.decode()
    assert words in page
    other = decide(cast, coercion(), person="trompet")
    with cast["duty_leader"].acting() as actor:
        row, cell = access_measure(actor, measure.pk), access_measure(actor, other.pk)
        assert words in documents.protocol(actor, row, AT + 2 * DAY)["contact_strip"]
        assert documents.protocol(actor, cell, AT + 2 * DAY)["contact_strip"] == ""
