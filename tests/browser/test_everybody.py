"""Every page in Chromium, as the people who use it: nobody is shut out, nothing on the console, nothing scrolls sideways.

Each door is opened by the first persona that gets in, at 1280 and 390 px; dark is checked for colours, which is all it changes.
Every other kind of persona opens the doors everybody has, so that each menu and each first page is seen too.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Window
from tests.walls.test_doors import DOORS, address, who_gets_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
KINDS = (
    *("duty_leader", "officer", "contact_officer", "release_caseworker", "warden", "nurse", "doctor", "health_leader"),
    *("trust_intake", "trust_clinician", "trust_leader", "region", "prison_admin", "health_admin"),
)
COMMON = ("today", "people", "person", "inbox", "unit_settings")
RUN = """options => axe.run(document, {...options, resultTypes: ['violations']})
.then(result => result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"""
ALL = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


def doors_of(kind: str) -> list[str]:
    """Return the doors a kind of persona opens here."""
    mine = [
        d
        for d in DOORS
        if not DOORS[d].split()[0].startswith("POST:") and not d.endswith("_pdf") and kind in who_gets_in(d)
    ]
    return [d for d in mine if d in COMMON or next(k for k in KINDS if k in who_gets_in(d)) == kind]


def test_every_door_is_opened_by_somebody():
    opened = {door for kind in KINDS for door in doors_of(kind)}
    closed = {d for d in DOORS if not DOORS[d].startswith(("POST:",)) and not d.endswith("_pdf")} - opened
    assert all(not who_gets_in(d) & set(KINDS) for d in closed), closed


def test_the_checker_finds_faults_where_there_are_some(chromium):
    page = chromium.new_page()
    page.set_content("<html><body><img src=x><input><p>x</p></body></html>")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert len(page.evaluate(RUN, ALL)) >= 3
    page.close()


def wrong_on(page: Any) -> list[str]:
    """Return what is wrong with a page, in two widths and two themes."""
    found = []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    found += [f"1280: {line}" for line in page.evaluate(RUN, ALL)]
    page.emulate_media(color_scheme="dark")
    found += [f"1280 dark: {line}" for line in page.evaluate(RUN, COLOURS)]
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light")
    found += [f"390: {line}" for line in page.evaluate(RUN, ALL)]
    if page.evaluate(SIDEWAYS) > 0:
        found.append("390: scrolls sideways")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_shut_out(chromium, house, told, kind):
    cast, story = told
    window = Window(chromium, house, 1280).bring(cast, kind)
    wrong: dict[str, list[str]] = {}
    axe = AXE.read_text(encoding="utf-8")
    try:
        for door in doors_of(kind):
            about = DOORS[door].split()[0]
            key = None if about == "-" else story[about]
            answer = window.page.goto(address(door, key), wait_until="load")
            assert answer.status == 200, door
            window.page.evaluate(axe)
            if found := wrong_on(window.page):
                wrong[door] = found
    finally:
        window.context.close()
    assert wrong == {}
    assert window.lines == []
