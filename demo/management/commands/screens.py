"""Pictures of every page as every kind of demo user, below var/screens. Must not change the demo: it only follows links."""

import os
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import urlsplit

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import Resolver404, get_resolver, resolve, reverse

from coordination import embedded
from demo.agencies import LOGINS, PASSWORD

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
#: One login of each kind; the rest of the demo users see the same pages.
USERS = tuple(
    login
    for login in LOGINS
    if login not in {"betjent.b", "betjent.sor", "vaktleder.sor", "sykepleier.sor", "inntak.annet"}
)
PICTURES = tuple((width, theme) for width in (1280, 390) for theme in ("light", "dark"))
#: A place on the same page is the same page: going there gives no answer.
LINKS = "Array.from(document.links, link => link.href.split('#')[0])"
#: Pages that differ from role to role; the others are taken once for each kind of agency.
OFTEN = {"today", "people", "person", "inbox", "letter"}
#: How many pages of one name are looked at for links: what one person or measure does not offer, another does.
LOOKS = 3
#: Addresses that give a file; those of papers and of the API do by their names.
FILES = frozenset({"letter_attachment", "letter_export", "journal_entry_export", "made_file"})
#: Besides, addresses that are no page of their own or end the visit.
NOT_PAGES = FILES | {"logout", "login", "set_theme", "healthz", "healthz_deadlines"}


class Command(BaseCommand):
    """`manage.py screens`: prints the folder when it is done."""

    help = "Write pictures of every page of the demo below var/screens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let somebody ask for a few users only."""
        parser.add_argument("users", nargs="*", help="demo logins; all kinds when none is given")
        parser.add_argument("--readme", action="store_true", help="write the two pictures of the README instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve, log in, follow the links, and take the pictures."""
        chromium = next(
            (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := which(name))), None
        )
        if chromium is None:
            raise CommandError("Chromium is missing: install it, and run this again.")
        call_command("setup_database", stdout=self.stdout)
        call_command("load_demo", stdout=self.stdout)
        connections.close_all()
        from playwright.sync_api import sync_playwright

        folder = embedded.REPOSITORY / "docs" / "screens" if options["readme"] else embedded.var_folder() / "screens"
        folder.mkdir(parents=True, exist_ok=True)
        with served() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            if options["readme"]:
                readme(browser, address, folder)
            taken: dict[str, set[str]] = {}
            wrong: list[str] = []
            for login in () if options["readme"] else options["users"] or USERS:
                agency = LOGINS[login][1][0][1].partition("_")[2] or LOGINS[login][1][0][1]
                count = pictures(browser, address, login, folder, taken.setdefault(agency, set()), wrong)
                self.stdout.write(f"{login}: {count} pages")
            browser.close()
        if not options["users"] and not options["readme"]:
            left = sorted(page_names() - set().union(*taken.values()))
            self.stdout.write(f"Without a picture, since no link of the demo leads there: {', '.join(left) or 'none'}")
        self.stdout.write(str(folder))
        if wrong:
            raise CommandError("\n".join(["Something is wrong on these pages:", *wrong]))


@contextmanager
def served() -> Iterator[str]:
    """Serve the demo on a free port. Yields the address."""
    port = next(number for number in range(8100, 8200) if embedded.is_free(number))
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "coordination.wsgi:application"),
    ]
    process = subprocess.Popen(
        command, cwd=embedded.REPOSITORY, env=os.environ | {"SAMVIRKE_PROCESS": "web"}, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(150):
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own server
                    break
            except OSError:
                time.sleep(0.2)
        else:
            raise CommandError("The server did not answer.")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def log_in(browser: Any, address: str, login: str) -> Any:
    """Log a demo user in through the login page, and return the page that comes."""
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="nb-NO"
    )
    page = context.new_page()
    page.goto("/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_load_state()
    if page.locator("nav.menu").count() == 0:  # several places of work
        page.locator("main form button, main form input[type=radio]").first.click()
        page.wait_for_load_state()
    return page


def name_of(address: str, url: str) -> str:
    """Return the name of the page a link leads to, or "" for what is none."""
    if not url.startswith(address):
        return ""
    try:
        name = resolve(urlsplit(url).path).url_name or ""
    except Resolver404:
        return ""
    return name if is_page(name) else ""


def is_page(name: str) -> bool:
    """Return whether an address by that name shows a page."""
    return bool(name) and name not in NOT_PAGES and not name.startswith("api_") and not name.endswith("_pdf")


def page_names() -> set[str]:
    """Return the names of all pages, and of the verbs that only take what a form sends."""
    return {name for name in get_resolver().reverse_dict if isinstance(name, str) and is_page(name)}


def pictures(browser: Any, address: str, login: str, folder: Path, taken: set[str], wrong: list[str]) -> int:
    """Take pictures of one page of each name a user can come to by links and that was not `taken` before; return how many.

    A link that does not open, and whatever the browser complains of, goes to `wrong`.
    """
    page = log_in(browser, address, login)

    def note(line: Any) -> None:
        if line.type == "error":
            wrong.append(f"{login} {page.url}: {line.text}")

    page.on("pageerror", lambda error: wrong.append(f"{login} {page.url}: {error}"))
    page.on("console", note)
    waiting: list[str] = [page.url]
    known, looked, count = set(taken) - OFTEN, Counter[str](), 0
    gone: set[str] = set()
    while waiting:
        url = waiting.pop(0)
        name = name_of(address, url)
        if not name or name in known or url in gone or looked[name] >= LOOKS:
            continue
        gone.add(url)
        looked[name] += 1
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(url, wait_until="load")
        if answer is None or answer.status != 200:
            wrong.append(f"{login} {name}: {answer.status if answer else 'no answer'}")
            continue
        waiting += page.evaluate(LINKS)
        if looked[name] > 1:
            continue
        taken.add(name)
        count += 1
        for width, theme in PICTURES:
            page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=str(folder / f"{login}-{name}-{width}-{theme}.png"), full_page=width > 600)
    page.context.close()
    return count


def readme(browser: Any, address: str, folder: Path) -> None:
    """Take the two pictures of the README: the duty leader's day, and one measure."""
    page = log_in(browser, address, "vaktleder")
    page.screenshot(path=str(folder / "today.png"))
    page.goto(reverse("isolation_board"))
    page.locator("main tr").filter(has_text="Hel utelukkelse").get_by_role("link").first.click()
    page.wait_for_load_state()
    page.screenshot(path=str(folder / "measure.png"))
    page.context.close()
