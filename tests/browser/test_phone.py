"""The frame on a phone: what the menu has no room for is folded, and nothing in "I dag" covers anything else."""

import pytest

pytestmark = pytest.mark.browser

INSIDE = """() => [...document.querySelectorAll('.menu > ul > li')].filter(e => e.offsetParent !== null)
.every(e => { const r = e.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth + 1 })"""
COVERED = """() => [...document.querySelectorAll('li.task')].filter(task => {
  const parts = [...task.children].filter(e => e.getClientRects().length && e.textContent.trim()).map(e => e.getBoundingClientRect());
  return parts.some((a, i) => parts.slice(i + 1).some(b => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
}).map(task => task.innerText)"""


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("who", ["nurse", "duty_leader", "trust_leader"])
def test_the_menu_fits_and_the_rest_is_one_tap_away(told, window, who, width):
    cast, _story = told
    phone = window(width, java_script_enabled=True).bring(cast, who)
    phone.page.goto("/")
    assert phone.page.evaluate(INSIDE)
    more = phone.page.locator(".menu__more summary")
    if more.count():
        more.click()
        last = phone.page.locator(".menu__more ul a").last
        last.click()
        phone.page.wait_for_load_state()
        assert phone.page.locator("h1").count() == 1
        assert phone.page.locator(".menu__more summary[data-current]").count() == 1


@pytest.mark.parametrize("width", [1280, 800, 390])
@pytest.mark.parametrize("who", ["officer", "duty_leader", "nurse"])
def test_nothing_in_today_covers_anything_else(told, window, who, width):
    cast, _story = told
    seen = window(width).bring(cast, who)
    seen.page.goto("/")
    assert seen.page.locator("li.task").count() > 0
    assert seen.page.evaluate(COVERED) == []
