"""A report from the form to the paper: made by the worker as its asker, read by its own agency's managers, and safe in every form."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from coordination import clock, jobs
from coordination.models import Role
from tests.cast import AT, add_member
from tests.cooperation.making import ask, choice, clone, made, work
from tests.isolation.helpers import HOUR, MINUTE, check, decide

OUTSIDERS = (
    "south_duty_leader",
    "officer",
    "nurse",
    "doctor",
    "health_leader",
    "trust_leader",
    "region",
    "prison_admin",
)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the views and the worker read a fixed clock, and let messages stay."""
    monkeypatch.setattr(clock, "now", lambda: AT + 6 * HOUR)
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda *args, **more: None)


@pytest.fixture
def story(cast, admin):
    """Thirty measures: 21 short exclusions, 3 long ones, and six cells; with some looks in time and a few late."""
    first = decide(cast)
    for minutes in (30, 60, 90, 190):
        check(cast, first, AT + minutes * MINUTE)
    for n in range(29):
        kind = (
            {"kind": "security_cell", "extent": "", "statement": "not_obtained", "statement_text": "x"} if n < 6 else {}
        )
        hours = 80 if n >= 26 else 1
        clone(
            admin, "custody.isolation_measure", first.pk, key=uuid4(), notice_letter=uuid4(), decided_at=AT - hours * HOUR, ended_at=AT,
            effective_at=AT - hours * HOUR, recorded_at=AT - hours * HOUR, forecast_at=AT - hours * HOUR,
            end_reason="grounds_gone", ended_by_name="x", **kind,
        )  # fmt: skip
    return first


def text_of(paper: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


@pytest.mark.obligation("R6.2-i")
def test_a_manager_asks_waits_and_reads(cast, story):
    client = cast["warden"].client()
    assert "Lag rapport" in client.get("/rapporter/").content.decode()
    job = ask(cast)
    waiting = client.get(f"/rapporter/arbeid/{job}/").content.decode()
    assert "Rapporten står i kø" in waiting
    assert "every 2s" in waiting
    assert "vendor/htmx.min.js" in waiting
    assert "Se om den er klar" in waiting, "the same without JavaScript"
    assert work(job)
    ready = client.get(f"/rapporter/arbeid/{job}/").content.decode()
    assert "every 2s" not in ready
    (url,) = set(re.findall(r'href="(/rapporter/[0-9a-f-]{36}/)"', ready))
    page = client.get(url).content.decode()
    for words in (
        "Tilsyn i tide",
        "Isolasjonstiltak etter type og varighet",
        "Legen varslet",
        "Vis tallene som tabell",
        "01.10.2026",
    ):
        assert words in page
    assert "Henvisninger mottatt" not in page
    assert url in client.get("/rapporter/").content.decode()


def test_the_paper_is_tagged_a4_and_says_who_and_which_page(cast, story):
    pk = made(cast)
    answer = cast["warden"].client().get(f"/rapporter/{pk}/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    text = " ".join(text_of(answer.content).split())
    for words in (
        "Rapport om samarbeid",
        "Prøveby fengsel north",
        "Skrevet ut av Warden",
        "Side 1 av",
        "Tilsyn i tide",
        "Sikkerhetscelle",
    ):
        assert words in text, words


def test_printing_is_in_the_log(cast, story, admin):
    pk = made(cast)
    last = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    cast["duty_leader"].client().get(f"/rapporter/{pk}/pdf/")
    rows = admin.execute("SELECT action FROM audit.entry WHERE seq > %s", [last]).fetchall()
    assert ("print",) in rows


@pytest.mark.obligation("R6.2-i")
def test_nothing_small_and_nobody_is_in_what_was_stored(cast, story, admin):
    pk = made(cast)
    content, paper = admin.execute(
        "SELECT content, paper FROM custody.cooperation_custodyreport WHERE id = %s", [pk]
    ).fetchone()
    tables = {figure["code"]: figure for figure in content if figure["shape"] == "table"}
    shown = [
        v
        for t in tables.values()
        for row in [*t["cells"], t["row_totals"], t["column_totals"], [t["total"]]]
        for v in row
    ]
    assert not [value for value in shown if value is not None and 0 < value < 5]
    assert 30 in shown
    # Three exclusions of more than 72 hours, none with a plan: withheld in both tables.
    assert tables["measures"]["cells"][0][2] is None
    assert tables["plans"]["total"] is None
    words = text_of(bytes(paper))
    for secret in ("Fiolin", "Blid", "1991", "Slo mot", "A-200", "S-1000"):
        assert secret not in words
        assert secret not in str(content)


def test_only_the_agency_s_own_managers_read(cast, story):
    pk = made(cast)
    for who in ("warden", "duty_leader"):
        for url in (f"/rapporter/{pk}/", f"/rapporter/{pk}/pdf/", "/rapporter/"):
            assert cast[who].client().get(url).status_code == 200
    for who in OUTSIDERS:
        for url in (f"/rapporter/{pk}/", f"/rapporter/{pk}/pdf/"):
            assert cast[who].client().get(url).status_code == 404, (who, url)
    assert str(pk) not in cast["south_duty_leader"].client().get("/rapporter/").content.decode()
    for who in ("officer", "nurse", "region"):
        assert cast[who].client().get("/rapporter/").status_code == 404


def test_the_walls_show_no_report_to_others(cast, story, admin):
    from django.db import DatabaseError

    from cooperation.models import CustodyReport

    made(cast)
    assert admin.execute("SELECT count(*) FROM custody.cooperation_custodyreport").fetchone() == (1,)
    with cast["warden"].acting():
        assert CustodyReport.objects.count() == 1
    with cast["south_duty_leader"].acting():
        assert CustodyReport.objects.count() == 0
    for who in ("officer", "health_leader", "trust_leader"):
        with pytest.raises(DatabaseError), cast[who].acting():
            CustodyReport.objects.count()


def test_a_report_is_never_changed(cast, story):
    from django.db import DatabaseError

    from cooperation.models import CustodyReport

    made(cast)
    with pytest.raises(DatabaseError), cast["warden"].acting():
        CustodyReport.objects.update(content=[])


@pytest.mark.parametrize("who", ["duty_leader", "officer", "nurse", "doctor", "trust_intake", "region"])
def test_others_do_not_make_reports(cast, who):
    assert cast[who].client().get("/rapporter/ny/").status_code == 404
    assert cast[who].client().post("/rapporter/ny/", choice()).status_code == 404


def test_only_the_asker_sees_the_progress(cast, admin):
    job = ask(cast)
    assert cast["warden"].client().get(f"/rapporter/arbeid/{job}/").status_code == 200
    add_member(cast, "second_warden", Role.WARDEN, cast.agencies["north"], None)
    for who in ("second_warden", "duty_leader", "health_leader", "trust_leader"):
        assert cast[who].client().get(f"/rapporter/arbeid/{job}/").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"period": ""}, "Velg en periode."),
        ({"first": ""}, "Skriv den første dagen rapporten gjelder."),
        ({"last": "1. nov"}, "Skriv datoen slik: 31.12.2026"),
        ({"first": "30.10.2026"}, "Velg minst fire uker."),
        ({"last": "24.11.2026"}, "ikke er senere enn i dag"),
        ({"first": "01.01.2025"}, "Velg høyst ett år."),
        ({"first": "22.11.2026", "last": "01.10.2026"}, "Siste dag må komme etter første dag."),
    ],
)
def test_a_period_that_cannot_be_is_said_no_to(cast, admin, more, words):
    answer = cast["warden"].client().post("/rapporter/ny/", choice(**more))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert admin.execute("SELECT count(*) FROM sec.job").fetchone() == (0,)
    assert cast["warden"].client().post("/rapporter/ny/", choice()).status_code == 303


def test_the_same_form_twice_is_one_report(cast, story, admin):
    key = str(uuid4())
    assert made(cast, key=key) == made(cast, key=key)
    assert admin.execute("SELECT count(*) FROM custody.cooperation_custodyreport").fetchone() == (1,)


def test_health_and_trust_leaders_get_their_own(cast, story):
    municipal = made(cast, "health_leader")
    page = cast["health_leader"].client().get(f"/rapporter/{municipal}/").content.decode()
    assert "Brev fra fengselet" in page
    assert "Råd til fengselet" in page
    assert "Første tilsyn ved isolasjon" in page
    assert "Daglige tilsyn ved isolasjon" in page
    assert "Henvisninger" not in page.split("<main")[1]
    assert "Isolasjonstiltak" not in page
    trust = made(cast, "trust_leader")
    page = cast["trust_leader"].client().get(f"/rapporter/{trust}/").content.decode()
    assert "Henvisninger mottatt" in page
    assert "Tilsyn" not in page.split("<main")[1]
    assert cast["warden"].client().get(f"/rapporter/{municipal}/").status_code == 404


def test_a_report_of_nothing_is_a_report(cast):
    pk = made(cast)
    page = cast["warden"].client().get(f"/rapporter/{pk}/").content.decode()
    assert "Ingen i perioden." in page


def test_the_list_costs_the_same_for_one_as_for_thirty(cast, story, admin):
    pk = made(cast)
    client = cast["warden"].client()

    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as captured:
            assert client.get("/rapporter/").status_code == 200
            return len(captured)

    client.get("/rapporter/")
    one = queries()
    for _n in range(29):
        clone(admin, "custody.cooperation_custodyreport", pk, key=uuid4())
    assert queries() == one
