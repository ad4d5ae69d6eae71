"""Documents on paper: a template in, a tagged PDF out. The only place that calls WeasyPrint.

Must not query, decide what the reader may see, or fetch anything: the renderer can open our own style sheet and our
two font files and nothing else, whatever the template or the text in it says.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

log = logging.getLogger(__name__)
# Its messages quote the document: names and health facts have no place in a log.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)

STATIC = Path(__file__).resolve().parent.parent / "static"
# A made-up address (.invalid never resolves, RFC 2606) instead of a file: one. Relative links in a document would
# otherwise carry this machine's paths out in the PDF.
BASE = "https://static.invalid/"
ALLOWED = {
    "css/pdf.css": "text/css; charset=utf-8",
    "vendor/inter-latin.woff2": "font/woff2",
    "vendor/inter-latin-ext.woff2": "font/woff2",
}
REQUIRED = ("agency_name", "printed_by", "printed_at")
#: For reading and printing: everything tagged. For an archive: tagged as well, with its fonts and colours in the file (ISO 19005-2).
PAPER, ARCHIVE = "pdf/ua-1", "pdf/a-2a"


class MissingAsset(RuntimeError):
    """A file of our own is not there: run frontend/build.py."""


@cache
def _read(name: str) -> bytes:
    try:
        return (STATIC / name).read_bytes()
    except FileNotFoundError:
        raise MissingAsset(f"{name} is missing: run frontend/build.py") from None


class Fetcher(URLFetcher):
    """Answers with our own files by name and refuses everything else. Opens no address, no path and no data: URL.

    `refused` counts what was asked for and denied; the addresses are not kept, they may hold personal data.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=frozenset(), allow_redirects=False)
        self.refused = 0

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file of that exact address. Raises ValueError for any other; WeasyPrint then goes on without it."""
        name = url.removeprefix(BASE)
        if not url.startswith(BASE) or name not in ALLOWED:
            self.refused += 1
            raise ValueError("Not one of our own files")
        return URLFetcherResponse(url, _read(name), {"Content-Type": ALLOWED[name]})


def render(template: str, context: Mapping[str, Any], *, title: str, variant: str = PAPER) -> bytes:
    """A template that extends base_pdf.html, as a PDF/UA-1 file, or as a PDF/A-2a file for an archive.

    `context` must hold `agency_name`, `printed_by` and `printed_at` (an aware instant); `now` becomes `printed_at`
    unless given. `title` is the file's title, shown by readers and kept in its metadata: no personal data in it.
    Raises KeyError for a missing name, MissingAsset when the front-end files have not been built.
    """
    missing = [name for name in REQUIRED if not context.get(name)]
    if missing:
        raise KeyError(f"A document must say who printed it, when and for whom: {', '.join(missing)}")
    for name in ALLOWED:
        _read(name)
    html = render_to_string(
        template, {"now": context["printed_at"], **context, "title": title, "archive": variant == ARCHIVE}
    )
    return write(html, title=title, variant=variant)


def write(html: str, *, title: str, variant: str = PAPER) -> bytes:
    """A finished HTML document as a tagged PDF file, with no attachment and no metadata but the title."""
    fetcher = Fetcher()
    fonts = FontConfiguration()
    document = HTML(string=html, base_url=BASE, url_fetcher=fetcher).render(font_config=fonts, pdf_variant=variant)
    # What the HTML's <meta> and <link> elements claimed goes: a name in "author" would leave with the file.
    metadata = document.metadata
    metadata.title = title
    metadata.generator = "Samvirke"
    metadata.authors, metadata.keywords, metadata.attachments = [], [], []
    metadata.description = metadata.created = metadata.modified = None
    metadata.custom = {}
    # <a rel="attachment"> takes a file along even when it is one of ours, and a relative link points nowhere on paper.
    for page in document.pages:
        page.links = [link for link in page.links if link[0] == "internal"]
    with warnings.catch_warnings():
        # WeasyPrint 70 leaves its own colour profile of an archive file open for the garbage collector to close.
        warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
        data: bytes = document.write_pdf(pdf_variant=variant)
    if fetcher.refused:
        log.warning("A document asked for %d outside files; none was fetched", fetcher.refused)
    return data
