"""Every page in Chromium, as the people who use it: nobody is shut out, nothing on the console, nothing scrolls sideways, no fault by axe.

A door is opened by the first persona of each world that gets in, because what stands behind it differs from world to world; the doors
everybody has are opened by every kind of persona, so that each menu and each first page is seen. A page is loaded once and looked at in
light and dark, at 1280 and 390 px: width and theme are style sheets only, so no second answer of the server could look different. Dark
changes colours and nothing else, and is checked for those.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.management.commands.screens import FILES
from tests.browser.conftest import Window
from tests.plugins.canaries import found_in
from tests.walls.doors import DOORS, address, who_gets_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
#: Kinds of personas by world.
WORLDS = {
    "custody": ("duty_leader", "officer", "contact_officer", "release_caseworker", "warden", "prison_admin"),
    "region": ("region",),
    "municipal": ("nurse", "doctor", "health_leader", "health_admin"),
    "trust": ("trust_intake", "trust_clinician", "trust_leader"),
}
KINDS = tuple(kind for kinds in WORLDS.values() for kind in kinds)
COMMON = ("today", "people", "person", "inbox")
#: Pages without a row of their own: before anybody acts, and people in another world than the row's.
MORE = {
    "nurse": (("person", "patient"), ("consents", "patient"), ("letter", "muni_letter")),
    "trust_intake": (("letter", "trust_letter"),),
    "officer": (
        ("help", "-"),
        ("accessibility", "-"),
        ("choose_membership", "-"),
        ("change_password", "-"),
        ("enrol_factor", "-"),
    ),
}
RUN = """options => axe.run(document, {...options, resultTypes: ['violations']})
.then(result => result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
#: All that a page can leave behind in the browser, as text.
LEFT = """async () => {
  const databases = indexedDB.databases ? await indexedDB.databases() : [];
  const rows = await Promise.all(databases.map(({name}) => new Promise((done) => {
    const asked = indexedDB.open(name);
    asked.onerror = () => done([name]);
    asked.onsuccess = () => {
      const stores = [...asked.result.objectStoreNames];
      if (!stores.length) return done([name]);
      const reading = asked.result.transaction(stores);
      Promise.all(stores.map((store) => new Promise((one) => {
        const all = reading.objectStore(store).getAll();
        all.onsuccess = () => one(all.result);
      }))).then((found) => { asked.result.close(); done([name, found]); });
    };
  })));
  const kept = window.caches ? await Promise.all((await caches.keys()).map(async (name) =>
    Promise.all((await (await caches.open(name)).keys()).map(async (asked) => asked.url)))) : [];
  return JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, history.state, rows, kept]);
}"""
#: The smallest window there is, and the smallest that has the whole menu in sight: a leader's is long.
NARROW = (1060, 320)
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
#: What a person sees: width, height, theme, what axe looks for.
LOOKS: tuple[tuple[int, int, Any, dict[str, Any]], ...] = (
    (1280, 900, "light", ALL),
    (1280, 900, "dark", COLOURS),
    (390, 844, "dark", COLOURS),
    (390, 844, "light", ALL),
)


def is_page(door: str) -> bool:
    """Return whether a door opens a page by GET."""
    return not DOORS[door].startswith("POST:") and not door.endswith("_pdf") and door not in FILES


def doors_of(kind: str) -> list[tuple[str, str]]:
    """Return the doors a kind of persona opens here, each with what it is about."""
    world = next(kinds for kinds in WORLDS.values() if kind in kinds)
    mine = [door for door in DOORS if is_page(door) and kind in who_gets_in(door)]
    mine = [d for d in mine if d in COMMON or next(k for k in world if k in who_gets_in(d)) == kind]
    return [(door, DOORS[door].split()[0]) for door in mine] + list(MORE.get(kind, ()))


@pytest.fixture(scope="module")
def window(chromium: Any, house: str) -> Iterator[Window]:
    """One window for everybody: the cookies change, the browser does not."""
    opened = Window(chromium, house, 1280)
    yield opened
    opened.context.close()


def test_a_word_left_in_the_browser_is_found(window):
    """The twin: wherever a page may leave something, the search sees it."""
    window.page.goto("/tilgjengelighet/")
    for leave in (
        "localStorage.setItem('x', 'Fiolin')",
        "sessionStorage.setItem('x', 'Fiolin')",
        "document.cookie = 'x=Fiolin'",
        (
            "new Promise((done) => { const o = indexedDB.open('t'); o.onupgradeneeded = () => o.result.createObjectStore('s', {keyPath: 'k'}); "
            "o.onsuccess = () => { const t = o.result.transaction('s', 'readwrite'); t.objectStore('s').put({k: 'Fiolin'}); "
            "t.oncomplete = () => { o.result.close(); done(); }; }; })"
        ),
    ):
        assert found_in(window.page.evaluate(LEFT)) == []
        window.page.evaluate(leave)
        assert found_in(window.page.evaluate(LEFT)) == ["Fiolin"]
        window.page.evaluate("localStorage.clear(); sessionStorage.clear(); document.cookie = 'x=; max-age=0'")
        window.page.evaluate(
            "new Promise((done) => { const o = indexedDB.deleteDatabase('t'); o.onsuccess = o.onerror = o.onblocked = () => done(); })"
        )


def test_every_door_is_opened_by_somebody():
    opened = {door for kind in KINDS for door, _about in doors_of(kind)}
    closed = {door for door in DOORS if is_page(door)} - opened
    assert all(not who_gets_in(d) & set(KINDS) for d in closed), closed


def test_the_checker_finds_faults_where_there_are_some(chromium):
    page = chromium.new_page()
    page.set_content("<html><body><img src=x><input><p>x</p></body></html>")
    page.evaluate(AXE)
    assert len(page.evaluate(RUN, ALL)) >= 3
    page.close()


def wrong_on(page: Any) -> list[str]:
    """Return what is wrong with a page, in two widths and two themes."""
    found = []
    page.evaluate(AXE)
    for width, height, theme, options in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        found += [f"{width} {theme}: {line}" for line in page.evaluate(RUN, options)]
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 700})
        if page.evaluate(SIDEWAYS) > 0:
            found.append(f"{width}: scrolls sideways")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_shut_out(window, told, kind):
    cast, story = told
    window.context.clear_cookies()
    window.bring(cast, kind)
    window.lines.clear()
    wrong: dict[str, list[str]] = {}
    for door, about in doors_of(kind):
        answer = window.page.goto(address(door, None if about == "-" else story[about]), wait_until="load")
        assert answer.status == 200, door
        if found := wrong_on(window.page):
            wrong[f"{door} {about}"] = found
        if words := found_in(window.page.evaluate(LEFT)):
            wrong[f"{door} {about} leaves behind"] = words
    assert wrong == {}
    assert [line for line in window.lines if "[DOM]" not in line] == []
