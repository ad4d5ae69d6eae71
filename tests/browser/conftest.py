"""Chromium and the application for the tests that click. Without Chromium they fail where CI=true, and are skipped loudly elsewhere."""

import os
from collections.abc import Callable, Iterator
from shutil import which
from typing import Any

import pytest

from tests.browser.house import served
from tests.cast import PASSWORD, Cast

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := which(name))), None)
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Give a running Chromium; for a module only, because Playwright's event loop must not outlive the tests that know of it."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and no story is told in the browser.")
        pytest.skip("CHROMIUM IS MISSING: the stories in the browser are not told. Install chromium.")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would take that for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield running
            running.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def house(_database: Any) -> Iterator[str]:
    """Give the address of the application on the test database."""
    with served() as found:
        yield found


class Window:
    """One person's window: a page that remembers what the console said."""

    def __init__(self, chromium: Any, address: str, width: int, **options: Any) -> None:
        """Open an empty window."""
        self.address, self.lines = address, []
        self.context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            base_url=address,
            reduced_motion="reduce",
            locale="nb-NO",
            **options,
        )
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        # A refused form answers 422 and a changed one 409; Chromium writes both on the console, and neither is a fault.
        self.page.on("console", lambda m: self.lines.append(m.text) if "status of 4" not in m.text else None)
        self.page.on("pageerror", lambda error: self.lines.append(str(error)))

    def log_in(self, username: str) -> "Window":
        """Log in through the login page."""
        self.page.goto("/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Logg inn").click()
        self.page.wait_for_selector("nav.menu")
        return self

    def bring(self, cast: Cast, name: str) -> "Window":
        """Be somebody at once, for tests that are not about logging in."""
        cookies = cast[name].client().cookies
        self.context.add_cookies([{"name": k, "value": m.value, "url": self.address} for k, m in cookies.items()])
        return self

    def text(self) -> str:
        """Return what the page says."""
        return str(self.page.inner_text("body"))

    def says(self, *words: str) -> None:
        """Assert that the page says something."""
        seen = self.text()
        for word in words:
            assert word in seen, f"{word!r} is not on {self.page.url}:\n{seen}"


@pytest.fixture
def window(chromium: Any, house: str) -> Iterator[Callable[..., Window]]:
    """Open windows; afterwards nothing may stand on any console."""
    opened: list[Window] = []

    def open_one(width: int = 1280, **options: Any) -> Window:
        opened.append(Window(chromium, house, width, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.context.close()
    assert [line for one in opened for line in one.lines] == []
