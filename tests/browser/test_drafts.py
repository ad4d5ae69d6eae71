"""A form is kept while somebody writes, without a button and without a trace in the browser, and is there when they come back."""

import pytest
from django.urls import reverse

from tests.browser.test_offline import EVERYTHING

pytestmark = pytest.mark.browser


def test_kept_by_itself_there_on_return_and_thrown_away(told, window):
    cast, story = told
    desk = window(1280).bring(cast, "duty_leader")
    form = reverse("advice_request", args=[story["person"]])
    desk.page.goto(form)
    words = "Bør han KANARI-KLADD flyttes til en stillere celle?"
    desk.page.locator("main [name=question]").fill(words)
    desk.page.wait_for_function("() => document.querySelector('.autosave__line').innerText.includes('Kladd lagret')")
    assert "KANARI" not in desk.page.evaluate(EVERYTHING)
    desk.page.goto(reverse("today"))
    desk.page.goto(form)
    assert desk.page.locator("main [name=question]").input_value() == words
    desk.says("Fortsett på kladden du lagret")
    # Enter in a field sends the form as it did before; it never throws the draft away.
    assert desk.page.locator("main form button").first.inner_text() == "Send til helsetjenesten"
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Forkast kladden").click()
    desk.says("Kladden er forkastet.")
    assert desk.page.locator("main [name=question]").input_value() == ""
