"""A round where the network goes: taps are kept on the device as keys, codes and instants, and are sent when it is back."""

import json
import re

import pytest
from django.urls import reverse

from isolation.models import Check

pytestmark = pytest.mark.browser
KEPT = "() => JSON.stringify(Object.fromEntries(Object.entries(localStorage)))"
EVERYTHING = """async () => JSON.stringify({local: {...localStorage}, session: {...sessionStorage},
  databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length, cookies: document.cookie})"""
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def _away(phone):
    """Tap twice without network: the second press is another check."""
    phone.context.set_offline(True)
    buttons = phone.page.locator("form[data-check]").first
    buttons.get_by_role("button", name="Våken, rolig").click()
    phone.page.wait_for_selector("#kept-checks")
    buttons.get_by_role("button", name="Sover").click()
    phone.page.wait_for_function("() => JSON.parse(localStorage['samvirke-checks']).checks.length === 2")


def _network_is_back(phone):
    """Chromium writes what it could not fetch on the console; that is no fault here, and anything else still is."""
    phone.lines[:] = [line for line in phone.lines if "net::ERR_" not in line and "Clear-Site-Data" not in line]


@pytest.mark.obligation("R7.1.2-r")
def test_taps_without_network_are_kept_and_sent_with_both_times(told, window):
    cast, story = told
    phone = window(390).bring(cast, "officer")
    phone.page.goto(reverse("ward_round"))
    _away(phone)
    phone.says("Lagret på enheten kl.", "2 tilsyn er lagret på denne enheten")
    # Nothing but opaque keys, codes and instants is anywhere in the browser.
    everything = phone.page.evaluate(EVERYTHING)
    for name in ("Fiolin", "Blid", "KANARI", "Officer", "A-200"):
        assert name not in everything
    kept = re.sub(UUID, "", phone.page.evaluate(KEPT)).replace("\\", "")
    words = set(re.findall(r"[A-Za-zÆØÅæøå]{2,}", kept))
    assert words <= {"samvirke", "checks", "owner", "key", "measure", "state", "at", "calm", "asleep"}, words
    assert '"workers":0' in everything
    assert '"caches":[]' in everything
    # A worrying state wants words, and those are never kept: the officer is told to speak up.
    phone.page.locator("form[data-check]").first.get_by_role("button", name="Trenger hjelp").click()
    phone.page.wait_for_function("() => document.body.innerText.includes('Si fra til vaktleder nå')")
    with phone.page.expect_navigation():
        phone.context.set_offline(False)
    phone.says("Skrevet uten nett, kom inn kl.")
    assert phone.page.evaluate("() => localStorage.length") == 0
    with cast["officer"].acting():
        rows = list(Check.objects.filter(measure_id=story["measure"], on_device=True))
        assert sorted(row.state for row in rows) == ["asleep", "calm"]
        assert all(row.occurred_at < row.recorded_at for row in rows)
    phone.page.goto(reverse("measure", args=[story["measure"]]))
    phone.says("Skrevet uten nett. Skrevet kl.")
    _network_is_back(phone)


def test_a_tap_with_network_saves_and_comes_back_to_the_round(told, window):
    cast, story = told
    phone = window(390).bring(cast, "officer")
    phone.page.goto(reverse("ward_round"))
    with phone.page.expect_navigation():
        phone.page.locator("form[data-check]").first.get_by_role("button", name="Våken, rolig").click()
    assert "/runde/?saved=" in phone.page.url
    phone.says("Blid Fiolin, kl.", "Angre")
    assert phone.page.evaluate("() => localStorage.length") == 0
    assert story


def test_without_javascript_the_round_works_too(told, window):
    cast, _story = told
    phone = window(390, java_script_enabled=False).bring(cast, "officer")
    phone.page.goto(reverse("ward_round"))
    phone.page.locator("form[data-check]").first.get_by_role("button", name="Våken, rolig").click()
    phone.page.wait_for_url("**/runde/?saved=*")
    phone.says("Blid Fiolin, kl.")


def test_another_person_on_the_device_forgets_and_old_ones_are_dropped(told, window):
    cast, _story = told
    phone = window(390).bring(cast, "officer")
    phone.page.goto(reverse("ward_round"))
    owner = cast["officer"].membership.pk
    check = {"key": "a", "measure": "b", "state": "calm", "at": "2020-01-01T00:00:00Z"}
    old = json.dumps({"owner": str(owner), "checks": [check]})
    phone.page.evaluate("(text) => localStorage.setItem('samvirke-checks', text)", old)
    phone.page.goto(reverse("ward_round"))
    assert phone.page.evaluate("() => localStorage.length") == 0
    foreign = old.replace(str(owner), str(cast["nurse"].membership.pk)).replace("2020", "2099")
    phone.page.evaluate("(text) => localStorage.setItem('samvirke-checks', text)", foreign)
    phone.page.goto("/")
    assert phone.page.evaluate("() => localStorage.length") == 0


def test_signing_out_forgets(told, window):
    cast, _story = told
    phone = window(390).bring(cast, "officer")
    phone.page.goto(reverse("ward_round"))
    _away(phone)
    phone.page.route("**/uten-nett/", lambda route: route.abort())  # the queue cannot be emptied meanwhile
    phone.context.set_offline(False)
    phone.page.evaluate(
        '() => document.querySelector(\'form[action$="/logg-ut/"], form[action*="logout"], .top__panel form:last-of-type\').requestSubmit()'
    )
    phone.page.wait_for_selector("input[name=username]")
    assert phone.page.evaluate("() => localStorage.length") == 0
    _network_is_back(phone)
