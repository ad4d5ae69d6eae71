"""What surrounds a document names nobody: its file name, its metadata, the headers and the title of the page that failed."""

import io
import logging
import re

import pypdf
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from coordination.reticence import Reticent
from tests.plugins.canaries import found_in
from tests.walls.doors import DOORS, PERSONAS, who_gets_in

#: Every door with a paper about somebody: whose, and the subject in the story.
PAPERS = {
    door: (next(name for name in PERSONAS if name in who_gets_in(door)), row.split()[0])
    for door, row in DOORS.items()
    if door.endswith("_pdf") and not row.startswith(("-", "POST:")) and who_gets_in(door) and door != "report_pdf"
}


@pytest.mark.parametrize("door", PAPERS)
def test_a_paper_s_shell_names_nobody_and_its_pages_do(told, door):
    cast, story = told
    who, subject = PAPERS[door]
    answer = cast[who].client().get(reverse(door, args=[story[subject]]))
    assert answer.status_code == 200
    assert not found_in(str(dict(answer.headers)))
    assert "filename=" in answer.headers["Content-Disposition"]
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    words = "".join(page.extract_text() for page in paper.pages)
    assert found_in(words) or "Lys Ung" in words or "Ung, Lys" in words, "somebody is on the paper who could leak"
    shell = [str(dict(paper.metadata or {})), str(paper.xmp_metadata and paper.xmp_metadata.stream.get_data())]
    assert not found_in(" ".join(shell))
    assert not found_in(" ".join(str(mark) for mark in paper.outline))


def test_an_error_page_says_nothing_of_what_it_was_about(told, monkeypatch):
    cast, story = told
    client: Client = cast["duty_leader"].client()
    client.raise_request_exception = False
    url = reverse("person", args=[story["person"]])
    assert found_in(client.get(url).content.decode()), "the page itself does"

    def broken(*_args, **_more):
        name = "Fiolin"
        raise RuntimeError(f"KANARI {name}")

    monkeypatch.setattr("coordination.views.people.render", broken)
    answer = client.get(url)
    assert answer.status_code == 500
    assert not found_in(answer.content.decode())
    assert not found_in(str(dict(answer.headers)))


def test_an_error_is_logged_by_its_class_and_place_only(told, monkeypatch, caplog):
    cast, story = told
    client: Client = cast["duty_leader"].client()
    client.raise_request_exception = False

    def broken(*_args, **_more):
        try:
            raise ValueError("KANARI Fiolin")
        except ValueError as first:
            raise RuntimeError("KANARI Sjiraff") from first

    monkeypatch.setattr("coordination.views.people.render", broken)
    logger = logging.getLogger("django.request")
    monkeypatch.setattr(logger, "propagate", True)
    client.get(reverse("person", args=[story["person"]]))
    record = next(record for record in caplog.records if record.exc_info)
    handler = next(handler for handler in logger.handlers if handler.get_name() == "console")
    text = handler.format(record)
    assert not found_in(text)
    assert "builtins.ValueError" in text
    assert "builtins.RuntimeError" in text
    assert f"{__file__}:" in text
    assert found_in(logging.Formatter().format(record)), "an ordinary formatter tells"


def test_the_queue_s_own_report_of_a_failure_tells_nothing_either():
    """As celery.app.trace writes it: the exception's words and traceback come as arguments of the message."""
    try:
        raise RuntimeError("KANARI Fiolin")
    except RuntimeError as error:
        context = {"id": "1", "name": "jobs.report", "exc": repr(error), "traceback": "RuntimeError: KANARI Fiolin"}
        record = logging.LogRecord(
            "celery.app.trace",
            logging.ERROR,
            __file__,
            1,
            "Task %(name)s[%(id)s]: %(exc)s\n%(traceback)s",
            context,
            None,
        )
        record.args = context
        also = logging.LogRecord("x", logging.WARNING, __file__, 1, "failed: %s", (error,), None)
    text = Reticent("%(name)s %(message)s").format(record) + Reticent("%(message)s").format(also)
    assert not found_in(text)
    assert "jobs.report[1]" in text
    assert "failed: RuntimeError" in text


def test_every_handler_of_the_application_is_reticent():
    loggers = [logging.getLogger(), logging.getLogger("django.request")]
    named = [handler for logger in loggers for handler in logger.handlers if handler.get_name() == "console"]
    assert named
    assert all(isinstance(handler.formatter, Reticent) for handler in named)
    assert {spec["()"] for spec in settings.LOGGING["formatters"].values()} == {"coordination.reticence.Reticent"}


def test_no_address_holds_a_name(told):
    """Addresses stand in histories, in the proxy's log and on paper: keys only."""
    cast, _story = told
    page = cast["duty_leader"].client().get(reverse("today"))
    links = re.findall(r'(?:href|action|src)="([^"]+)"', page.content.decode())
    assert links
    assert not found_in(" ".join(links))
