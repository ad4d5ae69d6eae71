"""Reading pages and papers in the tests of isolation: their words, and the key of a form."""

import io
import re

import pypdf


def text_of(response) -> str:
    """Return a page's words without tags, with single spaces."""
    body = re.sub(r"<(svg|script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def key_in(response, name: str = "key") -> str:
    """Return the hidden key of a form on a page."""
    found = re.search(rf'name="{name}" value="([0-9a-f-]{{36}})"', response.content.decode())
    assert found
    return found.group(1)


def paper(client, url) -> tuple[str, pypdf.PdfReader]:
    """Return the words of a PDF with single spaces, and the document."""
    response = client.get(url)
    assert response.status_code == 200, url
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split()), reader
