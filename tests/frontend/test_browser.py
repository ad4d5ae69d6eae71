"""The gallery in Chromium: nobody is shut out, the content policy holds, and the small script keeps its promises."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.frontend import gallery
from tests.frontend.serving import served

ROOT = Path(__file__).resolve().parents[2]


CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := which(name))), None)
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
.then(result => result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"""
#: In how many widths of their line places are broken over two, drawn as told.
BROKEN = """display => { let broken = 0; for (const place of document.querySelectorAll('.task__name .place')) {
    place.style.display = display; const told = document.createRange(); told.selectNodeContents(place);
    for (let width = 90; width < 260; width += 3) { place.parentElement.style.width = width + 'px';
        broken += new Set([...told.getClientRects()].map(line => Math.round(line.top))).size > 1; } } return broken; }"""
browser_only = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a gallery page in a fresh window; afterwards there must be nothing on the console."""
    contexts, lines = [], []

    def go(path: str, width: int = 1280, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: lines.append(message.text))
        page.on("pageerror", lambda error: lines.append(str(error)))
        page.goto(address + path, wait_until="load")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not lines


def keep_in(sent: list[str]) -> Callable[[Any], None]:
    """Takes what a form sends instead of the server, and stays on the page."""

    def answer(route: Any) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    return answer


class TestInTheBrowser:
    pytestmark = browser_only

    def test_the_checker_finds_faults_where_there_are_some(self, browser: Any) -> None:
        page = browser.new_page()
        page.set_content("<html><body><img src=x><input><p>x</p></body></html>")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert len(page.evaluate(RUN_AXE)) >= 3
        page.close()

    @pytest.mark.parametrize("width", [1280, 390])
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("name", [*gallery.BODIES, "error-404", "error-500"])
    def test_nobody_is_shut_out(self, visit: Callable[..., Any], name: str, theme: str, width: int) -> None:
        page = visit(f"/{name}?theme={theme}&receipt=1&messages=1", width=width, height=900, color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN_AXE) == []

    @pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256)])
    @pytest.mark.parametrize("name", gallery.BODIES)
    def test_no_sideways_scroll_when_enlarged(
        self, visit: Callable[..., Any], name: str, width: int, height: int
    ) -> None:
        page = visit(f"/{name}?receipt=1", width=width, height=height)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    def test_menu_is_at_the_bottom_of_a_phone_but_not_when_enlarged(self, visit: Callable[..., Any]) -> None:
        place = "getComputedStyle(document.querySelector('.menu')).position"
        assert visit("/today", width=390, height=844).evaluate(place) == "fixed"
        assert visit("/today", width=320, height=256).evaluate(place) == "static"

    def test_a_cell_is_never_broken_at_its_hyphen(self, visit: Callable[..., Any]) -> None:
        page = visit("/today", width=390, height=844)
        assert page.evaluate(BROKEN, "") == 0
        assert page.evaluate(BROKEN, "inline") > 0

    def test_errors_take_focus(self, visit: Callable[..., Any]) -> None:
        assert visit("/consent").evaluate("document.activeElement.id") == "errors"

    def test_escape_closes_and_gives_focus_back(self, visit: Callable[..., Any]) -> None:
        page = visit("/today")
        page.click(".quick summary >> nth=0")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        assert page.locator(".quick[open]").count() == 0
        assert page.evaluate("document.activeElement.textContent").startswith("Logg tilsyn")
        page.click(".top__user summary")
        page.keyboard.press("Escape")
        assert page.locator(".top__user[open]").count() == 0

    def test_second_quick_form_closes_the_first(self, visit: Callable[..., Any]) -> None:
        page = visit("/today")
        page.click(".quick summary >> nth=0")
        page.locator(".quick summary").nth(1).press("Enter")
        assert page.locator(".quick[open]").count() == 1

    def test_three_fast_presses_send_once_with_the_button_s_value(self, visit: Callable[..., Any]) -> None:
        page = visit("/today")
        page.click(".quick summary >> nth=0")
        sent: list[str] = []
        page.route("**/today/", keep_in(sent))
        page.evaluate(
            "() => { const b = document.querySelector('.quick[open] button[value=asleep]'); b.click(); b.click(); b.click(); }"
        )
        page.wait_for_selector(".quick[open] button[value=asleep][aria-disabled=true]")
        page.wait_for_timeout(200)
        assert len(sent) == 1
        assert "state=asleep" in sent[0]

    def test_enter_in_the_time_field_logs_nothing(self, visit: Callable[..., Any]) -> None:
        page = visit("/measure")
        sent: list[str] = []
        page.route("**/measure/", keep_in(sent))
        page.click(".check-log__more summary")
        page.fill("#id_seen_at", "12.40")
        page.press("#id_seen_at", "Enter")
        page.wait_for_timeout(200)
        assert sent == []

    def test_lost_net_says_that_nothing_was_saved_and_lets_you_try_again(self, browser: Any, address: str) -> None:
        page = browser.new_page()
        page.goto(address + "/measure", wait_until="load")
        page.context.set_offline(True)
        page.click("button[value=calm]")
        page.wait_for_selector(".check-log .not-saved", timeout=5000)
        assert page.inner_text(".not-saved") == "Ikke lagret. Sjekk nettet og trykk en gang til."
        assert page.locator(".check-log__form [aria-disabled]").count() == 0
        page.close()

    def test_badges_count_on_from_the_server_s_clock(self, visit: Callable[..., Any]) -> None:
        page = visit("/today")
        badge = page.locator('time.deadline[data-deadline="soon"] span').first
        assert badge.inner_text() == "Om 18 min"
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert badge.inner_text() in {"Om 17 min", "Om 18 min"}

    def test_page_works_without_script(self, visit: Callable[..., Any]) -> None:
        page = visit("/today", java_script_enabled=False)
        page.click(".quick summary >> nth=0")
        assert page.locator(".quick[open] button[value=asleep]").is_visible()
        assert page.locator("[data-print]").count() == 0 or not page.locator("[data-print]").first.is_visible()
