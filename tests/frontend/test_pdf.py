"""Documents on paper fetch nothing, attach nothing, tell nothing in their metadata, and can be read by everyone."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.template import engines
from django.test import override_settings
from weasyprint import HTML
from weasyprint.urls import URLFetchingError

from coordination import pdf
from tests.frontend import gallery

OUTSIDE = "https://outside.example/x"
SECRET = "file:///etc/passwd"
OWN = {pdf.BASE + name for name in pdf.ALLOWED}

#: Everything a document could use to reach out, take in a file, or carry one away.
PAYLOADS = {
    "img": f'<img src="{OUTSIDE}.png">',
    "img file": f'<img src="{SECRET}">',
    "img srcset": f'<img srcset="{OUTSIDE}.png 2x" src="{OUTSIDE}.png">',
    "img relative": '<img src="../../../etc/passwd">',
    "img own other file": f'<img src="{pdf.BASE}js/app.js">',
    "img traversal": f'<img src="{pdf.BASE}css/../../manage.py">',
    "img encoded traversal": f'<img src="{pdf.BASE}css/%2e%2e/%2e%2e/manage.py">',
    "img query": f'<img src="{pdf.BASE}css/pdf.css?x=1">',
    "img data svg": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    f"<image href='{OUTSIDE}.png'/></svg>\">",
    "link attachment": f'<link rel="attachment" href="{SECRET}">',
    "link attachment own": '<link rel="attachment" href="css/pdf.css">',
    "link attachment data": '<link rel="attachment" href="data:text/plain,hidden">',
    "a attachment": f'<a rel="attachment" href="{SECRET}">x</a>',
    "a attachment data": '<a rel="attachment" href="data:text/plain,hidden">x</a>',
    "a attachment own": '<a rel="attachment" href="vendor/inter-latin.woff2">x</a>',
    "stylesheet": f'<link rel="stylesheet" href="{OUTSIDE}.css">',
    "stylesheet file": f'<link rel="stylesheet" href="{SECRET}">',
    "import": f'<style>@import url("{OUTSIDE}.css");</style>',
    "import string": f'<style>@import "{SECRET}";</style>',
    "css url": f'<style>body{{background:url("{OUTSIDE}.png")}}</style>',
    "css url in style attribute": f'<p style="background-image:url({SECRET})">x</p>',
    "css content": f'<style>p::before{{content:url("{OUTSIDE}.png")}}</style><p>x</p>',
    "css list": f'<ul style="list-style-image:url({OUTSIDE}.png)"><li>x</ul>',
    "css protocol-relative": '<p style="background:url(//outside.example/x.png)">x</p>',
    "font face": f'<style>@font-face{{font-family:Q;src:url("{OUTSIDE}.woff2")}}p{{font-family:Q}}</style><p>x</p>',
    "font face local file": f'<style>@font-face{{font-family:Q;src:url("{SECRET}")}}p{{font-family:Q}}</style><p>x</p>',
    "svg image": f'<svg viewBox="0 0 9 9"><image href="{OUTSIDE}.png" width="9" height="9"/></svg>',
    "svg xlink": f'<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{SECRET}" width="9" height="9"/></svg>',
    "svg use": f'<svg><use href="{OUTSIDE}.svg#a"/></svg>',
    "svg style": f'<svg><style>@import "{OUTSIDE}.css"; rect{{fill:url({OUTSIDE}.svg#a)}}</style><rect width="9" height="9"/></svg>',
    "object": f'<object data="{OUTSIDE}.svg"></object>',
    "embed": f'<embed src="{SECRET}">',
    "iframe": f'<iframe src="{OUTSIDE}"></iframe>',
    "base": f'<base href="{OUTSIDE}/"><img src="a.png">',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={OUTSIDE}">',
    "ftp": '<img src="ftp://outside.example/x.png">',
    "unc": '<img src="file://outside.example/share/x.png">',
    "colour profile": f'<style>@color-profile --q{{src:url("{OUTSIDE}.icc")}}</style>',
    "xmp": f'<link rel="schema.x" href="{OUTSIDE}"><meta name="x" content="{SECRET}">',
    "script": f'<script src="{OUTSIDE}.js"></script>',
    "input image": f'<input type="image" src="{OUTSIDE}.png">',
    "video": f'<video poster="{OUTSIDE}.png" src="{OUTSIDE}.mp4"></video>',
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Every address the renderer was asked for, and whether it was answered. Opening any other way fails the test."""
    seen: list[tuple[str, bool]] = []
    original = pdf.Fetcher.fetch

    def watch(self: Any, url: str, headers: Any = None) -> Any:
        seen.append((url, False))
        answer = original(self, url, headers)
        seen[-1] = (url, True)
        return answer

    def never(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("an address was opened")

    monkeypatch.setattr(pdf.Fetcher, "fetch", watch)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", never)
    monkeypatch.setattr("urllib.request.urlopen", never)
    monkeypatch.setattr("socket.create_connection", never)
    return seen


@pytest.fixture
def template(tmp_path: Path) -> Iterator[Any]:
    """Writes a template that pdf.render can find by name."""
    engine = settings.TEMPLATES[0]
    with override_settings(TEMPLATES=[{**engine, "DIRS": [tmp_path, gallery.ROOT / "templates"]}]):

        def write(body: str) -> str:
            head = '{% extends "base_pdf.html" %}{% load samvirke %}{% block content %}'
            (tmp_path / "document.html").write_text(head + body + "{% endblock %}", encoding="utf-8")
            return "document.html"

        yield write


FRAME = {"agency_name": "Prøveby fengsel", "printed_by": "M. Eksempel", "printed_at": gallery.NOW}


def attachments(data: bytes) -> list[str]:
    """Names of embedded files, however they hang in the file."""
    reader: Any = pypdf.PdfReader(io.BytesIO(data))
    found = list(reader.attachments)
    root = reader.trailer["/Root"]
    found += ["/AF"] if "/AF" in root else []
    for page in reader.pages:
        found += [
            "annotation"
            for annotation in page.get("/Annots", [])
            if annotation.get_object().get("/Subtype") == "/FileAttachment"
        ]
    return found + (["/EmbeddedFile"] if b"/EmbeddedFile" in data else [])


def test_free_text_is_text(asked: list[tuple[str, bool]], template: Any) -> None:
    rows = [{"label": payload, "value": value} for payload in PAYLOADS.values() for value in (payload, [payload])]
    body = '<h1>Brev</h1>{% for payload in payloads %}<p>{{ payload }}</p>{% endfor %}{% include "components/letter.html" %}'
    context = {**FRAME, "letter": {**gallery.LETTER, "rows": rows}, "payloads": list(PAYLOADS.values())}
    data = pdf.render(template(body), context, title="Brev")
    assert {url for url, _ in asked} == OWN, "nothing else was even asked for"
    assert not attachments(data)
    words = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())
    assert words.count("<iframesrc=") >= 3, "it is printed as it was written"


@pytest.mark.parametrize("name", PAYLOADS)
def test_even_raw_markup_fetches_nothing(name: str, asked: list[tuple[str, bool]]) -> None:
    markup = PAYLOADS[name]
    frame = engines["django"].get_template("base_pdf.html").render({**FRAME, "title": "Brev"})
    html = frame.replace("</head>", f"{markup}</head>").replace("<main>", f"<main>{markup}")
    try:
        data = pdf.write(html, title="Brev")
    except URLFetchingError:
        data = b""  # a refused colour profile stops the whole document
    assert {url for url, answered in asked if answered} <= OWN
    assert not data or not attachments(data)
    assert b"root:" not in data


def test_the_watch_sees_a_refused_fetch(asked: list[tuple[str, bool]], caplog: pytest.LogCaptureFixture) -> None:
    """The twin: with something to fetch, the renderer does ask, is refused, and the log keeps the count but no address."""
    html = f'<html lang="nb"><head><title>x</title></head><body><img src="{OUTSIDE}.png"></body></html>'
    with caplog.at_level("WARNING"):
        pdf.write(html, title="x")
    assert asked == [(f"{OUTSIDE}.png", False)]
    assert "1 outside files" in caplog.text
    assert "outside.example" not in caplog.text


@pytest.mark.parametrize("name", ["link attachment data", "a attachment data"])
def test_the_search_for_attachments_finds_one_where_there_is_one(name: str) -> None:
    """The twin: the same markup through the bare renderer does carry a file along."""
    assert attachments(HTML(string=f"<html><body>{PAYLOADS[name]}</body></html>").write_pdf())


def test_own_style_sheet_and_font_are_used(asked: list[tuple[str, bool]], template: Any) -> None:
    data = pdf.render(template("<h1>Rapport</h1><p>Áhkká čállá</p>"), FRAME, title="Rapport")
    assert (pdf.BASE + "css/pdf.css", True) in asked
    assert b"Inter" in b"".join(str(font).encode() for font in fonts(data))


def fonts(data: bytes) -> list[Any]:
    page: Any = pypdf.PdfReader(io.BytesIO(data)).pages[0]
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_file_is_tagged_and_says_its_language_and_title(template: Any) -> None:
    reader: Any = pypdf.PdfReader(
        io.BytesIO(pdf.render(template("<h1>Rapport</h1>"), FRAME, title="Rapport om samarbeid"))
    )
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "nb"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_figures_have_their_words_in_the_tags(template: Any) -> None:
    body = '<h1>Rapport</h1><figure class="figure">{{ strip }}</figure><figure class="figure">{{ columns }}</figure>'
    context = {**FRAME, "strip": gallery.strip(), "columns": gallery.figures()["on_time"]}
    reader: Any = pypdf.PdfReader(io.BytesIO(pdf.render(template(body), context, title="Rapport")))
    objects = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    words = [str(item["/Alt"]) for item in objects if isinstance(item, dict) and "/Alt" in item]
    assert any(text.startswith("Fra kl. 05.00") for text in words)
    assert "Andel tilsyn i tide, prosent per uke" in words


def test_every_page_says_who_printed_it_when_and_that_it_is_confidential(template: Any) -> None:
    data = pdf.render(
        template("<h1>Rapport</h1>{% for x in lines %}<p>Linje {{ x }}</p>{% endfor %}"),
        {**FRAME, "lines": range(120)},
        title="Rapport",
    )
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert len(pages) == 4
    for number, text in enumerate(pages, start=1):
        words = " ".join(text.split())
        assert "Prøveby fengsel" in words
        assert "Skrevet ut av M. Eksempel 23.11.2026 kl. 13.02. Taushetsbelagt." in words
        assert f"Side {number} av 4" in words
    assert "Linje 0" in pages[0]
    assert "Linje 119" in pages[3]


def test_letter_on_paper_has_the_rows_of_the_screen(template: Any) -> None:
    data = pdf.render(
        template('<h1>Brev</h1>{% include "components/letter.html" %}'),
        {**FRAME, "letter": gallery.LETTER},
        title="Brev",
    )
    words = " ".join(pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text().split())
    for text in ("Prøveby kommune", "22.11.2026 kl. 22.15", "14 t 47 min", "<script>alert(1)</script>", "Legevakt"):
        assert text in words


def test_metadata_holds_the_title_and_nothing_about_a_person() -> None:
    html = (
        '<html lang="nb"><head><title>Fiolin, Blid</title><meta name="author" content="M. Eksempel">'
        '<meta name="description" content="Fiolin, Blid"><meta name="keywords" content="S-20417"><meta name="secret" content="Fiolin">'
        '<meta name="dcterms.created" content="2026-11-23"></head><body><p>Fiolin, Blid</p></body></html>'
    )
    data = pdf.write(html, title="Brev")
    reader: Any = pypdf.PdfReader(io.BytesIO(data))
    assert dict(reader.metadata or {}) == {
        "/Title": "Brev",
        "/Creator": "Samvirke",
        "/Producer": reader.metadata["/Producer"],
    }
    assert b"Fiolin" not in reader.trailer["/Root"]["/Metadata"].get_data()
    assert "Fiolin, Blid" in reader.pages[0].extract_text(), "the text itself is there, so it could have leaked"


def test_links_in_text_carry_no_path_of_this_machine() -> None:
    data = pdf.write('<html lang="nb"><body><a href="../x">a</a><a href="/etc">b</a></body></html>', title="x")
    assert b"file:" not in data
    assert str(pdf.STATIC).encode() not in data


@pytest.mark.parametrize("name", pdf.REQUIRED)
def test_document_without_a_printer_a_time_or_an_agency_is_refused(name: str, template: Any) -> None:
    with pytest.raises(KeyError, match=name):
        pdf.render(template("<h1>x</h1>"), {**FRAME, name: ""}, title="x")


def test_missing_front_end_files_stop_the_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, template: Any
) -> None:
    monkeypatch.setattr(pdf, "STATIC", tmp_path)
    pdf._read.cache_clear()
    with pytest.raises(pdf.MissingAsset, match=r"frontend/build\.py"):
        pdf.render(template("<h1>x</h1>"), FRAME, title="x")
    pdf._read.cache_clear()


def test_deadlines_count_from_the_time_of_printing(template: Any) -> None:
    body = "<h1>x</h1>{% deadline due %}"
    printed = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    data = pdf.render(template(body), {**FRAME, "printed_at": printed, "due": printed.replace(minute=18)}, title="x")
    assert "Om 18 min" in pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()


def test_allow_list_is_only_what_the_style_sheet_needs() -> None:
    assert set(pdf.ALLOWED) == {"css/pdf.css", "vendor/inter-latin.woff2", "vendor/inter-latin-ext.woff2"}
    listed = {
        entry["file"] for entry in json.loads((pdf.STATIC / "vendor" / "MANIFEST.json").read_text(encoding="utf-8"))
    }
    assert {name.removeprefix("vendor/") for name in pdf.ALLOWED if name.startswith("vendor/")} <= listed
