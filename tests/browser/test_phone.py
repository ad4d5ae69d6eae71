"""The frame on a phone: what there is no room for is folded, opens and closes as people expect, and nothing covers anything else.

Also what a form tells while one types.
"""

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


@pytest.mark.parametrize("place", [".menu__more > details", ".tools-more", ".top__user"])
def test_a_folded_menu_closes_on_escape_outside_and_when_focus_leaves(told, window, place):
    cast, story = told
    page = window(390).bring(cast, "duty_leader").page
    page.goto(f"/personer/{story['person']}/")
    summary = page.locator(f"{place} > summary")

    def is_open() -> bool:
        return page.locator(f"{place}[open]").count() == 1

    summary.click()
    assert is_open()
    page.keyboard.press("Escape")
    assert not is_open()
    assert summary.evaluate("summary => summary === document.activeElement")
    summary.click()
    page.locator("h1").click(position={"x": 2, "y": 2})
    assert not is_open()
    summary.click()
    page.locator(f"{place}[open] a").last.focus()
    assert is_open()
    page.locator(".top__name").focus()
    assert not is_open()


@pytest.mark.parametrize("script", [True, False])
def test_what_a_person_page_offers_is_one_tap_away_on_a_phone_and_in_sight_elsewhere(told, window, script):
    cast, story = told
    phone = window(390, java_script_enabled=script).bring(cast, "duty_leader").page
    phone.goto(f"/personer/{story['person']}/")
    assert phone.locator(".toolbar a:visible").count() == 1
    phone.locator(".tools-more > summary").click()
    offered = phone.locator(".tools-more a:visible").all_inner_texts()
    assert "Samtykke og deling" in offered
    phone.set_viewport_size({"width": 1280, "height": 900})
    assert phone.locator(".tools-more > summary:visible").count() == 0
    phone.reload()
    assert phone.locator(".tools-more a:visible").all_inner_texts() == offered


@pytest.mark.parametrize("who", ["warden", "health_leader"])
def test_a_leader_s_menu_fits_where_nothing_is_folded(told, window, who):
    cast, _story = told
    page = window(1280).bring(cast, who).page
    page.goto("/oppbevaring/")
    assert page.evaluate(INSIDE)


@pytest.mark.obligation("R6.2-i")
def test_a_name_is_pointed_out_beside_the_field_while_one_types(told, window):
    """Without a press on any button, and gone again with the name."""
    cast, _story = told
    page = window(390).bring(cast, "nurse").page
    page.goto("/omgivelser/nytt/")
    told_there = page.locator("[name=finding] ~ .field__names")
    page.locator("[name=finding]").press_sequentially("Kaldt hos Fiolin")
    told_there.get_by_text("Dette peker på en person: «Fiolin».").wait_for()
    page.locator("[name=finding]").fill("Kaldt i cella")
    told_there.get_by_text("Fiolin").wait_for(state="hidden")
    assert page.locator("[name=place] ~ .field__names").inner_text() == ""
