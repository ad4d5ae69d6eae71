"""The frame and the components: what they say, and what they never do."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from coordination.templatetags import samvirke
from tests.frontend import gallery
from tests.frontend.gallery import NOW
from tests.frontend.reading import Page, draw, oslo

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for folder in ROOT.glob("**/templates")
    if "node_modules" not in str(folder) and ".venv" not in str(folder)
    for path in folder.rglob("*.html")
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_nothing_that_the_content_policy_stops(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for banned in (
        r"\sstyle\s*=",
        r"<style\b",
        r"\son\w+\s*=\s*[\"']",
        r"hx-on",
        r"[\"']js:",
        r"javascript:",
        r"hx-trigger=\"[^\"]*\[",
    ):
        assert not re.search(banned, text, re.I), banned
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "scripts come from files"
    assert "|safe" not in text.replace("|safeseq", "|safe")
    assert not re.search(r"{%\s*autoescape\s+off", text)


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "components").glob("*.html")), ids=lambda path: path.name)
def test_component_opens_with_a_comment_on_its_context(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"{# .+[Cc]ontext.+ #}", first)


def test_deadline_tag_has_words_icon_and_instant() -> None:
    html = draw("{% deadline due %}", due=oslo(2026, 11, 23, 13, 20))
    assert '<time class="deadline" data-deadline="soon" datetime="2026-11-23T13:20:00+01:00"><svg' in html
    assert "<span>Om 18 min</span>" in html
    assert draw("{% deadline due %}", due=None) == ""


def test_deadline_without_a_clock_fails_loudly() -> None:
    template = engines["django"].from_string("{% load samvirke %}{% deadline due %}")
    with pytest.raises(KeyError):
        template.render({"due": NOW})


@pytest.mark.parametrize(
    ("kind", "colour"),
    [
        ("custody", "krim"),
        ("municipal_health", "kommune"),
        ("specialist_health", "spesialist"),
        ("nav", "nav"),
        ("?", "neutral"),
    ],
)
def test_agency_has_its_colour_and_its_name_is_escaped(kind: str, colour: str) -> None:
    html = draw("{% agency_label kind name %}", kind=kind, name="<b>Prøveby</b>")
    assert html == f'<span class="agency-label" data-color="{colour}">&lt;b&gt;Prøveby&lt;/b&gt;</span>'


@pytest.mark.parametrize("name", ["Nope", "../base", "a/b"])
def test_unknown_icon_fails_loudly(name: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        samvirke.icon(name)


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (None, "Ikke oppgitt"),
        ("", "Ikke oppgitt"),
        (True, "Ja"),
        (False, "Nei"),
        (0, "0"),
        (date(2026, 11, 23), "23.11.2026"),
        (NOW, "23.11.2026 kl. 13.02"),
        (timedelta(minutes=90), "1 t 30 min"),
        ([], "Ingen"),
        (["a", "<b>"], "<ul><li>a</li><li>&lt;b&gt;</li></ul>"),
        ("én\r\nto<br>", "én<br>to&lt;br&gt;"),
        (mark_safe("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;"),
    ],
)
def test_letter_value_by_type_is_always_escaped(value: object, html: str) -> None:
    assert str(samvirke.typed(value)) == html


def test_alerts_that_could_not_be_read_are_never_shown_as_none() -> None:
    banner = '{% include "components/person_banner.html" %}'
    for person in ({"name": "Fiolin, Blid", "alerts": None}, {"name": "Fiolin, Blid"}):
        words = Page(draw(banner, person=person)).words()
        assert "Varslene kan ikke vises nå" in words
        assert "Ingen varsler" not in words
    assert "Ingen varsler" in draw(banner, person={"name": "Fiolin, Blid", "alerts": []})


def test_worst_alert_comes_first_and_text_is_escaped() -> None:
    alerts = [
        SimpleNamespace(severity="info", text="<i>c"),
        SimpleNamespace(severity="odd", text="d"),
        SimpleNamespace(severity="danger", text="a"),
    ]
    html = draw('{% include "components/person_banner.html" %}', person={"name": "x", "alerts": alerts})
    assert "a &lt;i&gt;c d" in " ".join(re.findall(r"</svg>([^<]+)</li>", html))


def test_state_buttons_are_four_and_enter_presses_none() -> None:
    page = Page(draw('<form>{% include "components/state_buttons.html" %}<input type="text"></form>'))
    buttons = [attrs for tag, attrs in page.elements if tag == "button"]
    assert "disabled" in buttons[0]
    assert "hidden" in buttons[0]
    assert [(attrs["name"], attrs["value"]) for attrs in buttons[1:]] == [
        ("state", value) for value in ("calm", "asleep", "uneasy", "needs_help")
    ]
    assert "Våken, rolig Sover – ser pust Urolig … Trenger hjelp …" in page.words()


def test_quick_check_names_the_person_and_the_danger_inside_the_form() -> None:
    html = draw(
        '{% include "components/task_row.html" with group_code="overdue" %}', task=gallery.GROUPS[0]["tasks"][0]
    )
    form = html[html.index("<form") : html.index("</form>")]
    for text in (
        "Fiolin, Blid",
        "A-214",
        "Selvskading – høy risiko",
        'name="key" value="key-A-214"',
        "data-once",
        "csrfmiddlewaretoken",
    ):
        assert text in form
    assert "Tolk: tigrinja" not in form, "only danger is repeated"
    assert 'name="quick"' in html, "one open at a time"
    assert "Logg tilsyn for Blid Fiolin" in Page(html).words()


def test_row_without_a_quick_check_has_a_plain_link() -> None:
    html = draw('{% include "components/task_row.html" with group_code="later" %}', task=gallery.GROUPS[2]["tasks"][0])
    assert "<form" not in html
    assert "Åpne for Måke, Tapper" in Page(html).words()


def test_empty_group_is_not_drawn_and_its_tile_is_no_link() -> None:
    groups = [{**gallery.GROUPS[0], "tasks": []}, gallery.GROUPS[1]]
    html = draw(
        '{% include "components/count_tiles.html" %}{% for group in groups %}{% include "components/task_group.html" %}{% endfor %}',
        groups=groups,
    )
    assert 'href="#overdue"' not in html
    assert 'id="overdue"' not in html
    assert 'href="#soon"' in html
    assert 'id="soon"' in html


@pytest.mark.parametrize("kind", samvirke.EVENT_TYPES)
def test_every_event_type_is_said_in_words(kind: str) -> None:
    days = [{"label": "", "date": NOW, "events": [{"at": NOW, "type": kind, "title": "T", "text": "", "who": ""}]}]
    words = Page(draw('{% include "components/timeline.html" %}', days=days)).words()
    assert words == f"Mandag 23. november 13.02{samvirke.EVENT_TYPES[kind][1]}: T"


def test_search_is_sent_by_post_and_keeps_the_name_out_of_the_address() -> None:
    html = draw(
        '{% include "components/search_form.html" %}',
        search={"action": "/s/", "label": "Finn", "value": '"><b>', "error": "Skriv et navn"},
    )
    page = Page(html)
    assert page.values("method", "form") == ["post"]
    assert '"><b>' not in html.replace("&quot;&gt;&lt;b&gt;", "")
    assert page.values("aria-describedby") == [" search-error"]
    assert "search-error" in page.values("id")


def test_progress_works_with_and_without_script() -> None:
    job = {"title": "T", "text": "Steg 2", "step": 2, "steps": 3, "check_url": "/w/"}
    html = draw('{% include "components/progress.html" %}', job=job)
    assert 'hx-trigger="every 2s"' in html
    assert '<a class="ds-button" href="/w/">' in html
    done = draw(
        '{% include "components/progress.html" %}',
        job={**job, "done": True, "result_url": "/r/", "result_label": "Åpne"},
    )
    assert "hx-" not in done
    assert 'href="/r/"' in done


def test_undo_is_a_form_and_only_there_when_it_can_be_done() -> None:
    receipt = {"title": "Lagret", "undo_url": "/u/", "undo_key": "k"}
    html = draw('{% include "components/receipt.html" %}', receipt=receipt)
    assert 'method="post" action="/u/"' in html
    assert 'name="undo" value="k"' in html
    assert "<form" not in draw('{% include "components/receipt.html" %}', receipt={"title": "Lagret"})


@pytest.mark.parametrize("name", gallery.BODIES)
def test_page_has_one_heading_one_main_and_unique_ids(name: str) -> None:
    page = Page(gallery.render(name))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("main") == 1
    assert tags.count("h1") == 1
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert page.values("lang", "html") == ["nb"]
    assert "{{" not in page.words()
    assert "{%" not in page.words()


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_theme_is_set_by_the_server_and_shown_in_the_menu(theme: str) -> None:
    page = Page(gallery.render("today", theme=theme))
    assert page.values("data-color-scheme", "html") == [theme]
    pressed = [
        attrs["value"] for tag, attrs in page.elements if tag == "button" and attrs.get("aria-pressed") == "true"
    ]
    assert pressed == [theme]


def test_user_menu_leaves_by_post_and_says_who_you_are() -> None:
    page = Page(gallery.render("today"))
    actions = page.values("action", "form")
    assert "/logout/" in actions
    assert "/set_theme/" in actions
    assert "/logout/" not in page.values("href")
    assert {"/choose_membership/", "/help/", "/accessibility/"} <= set(page.values("href"))
    assert "Prøveby fengsel, avdeling A" in page.words()
    assert "Skrevet ut av M. Eksempel 23.11.2026 kl. 13.02. Taushetsbelagt." in page.words()


def test_active_menu_item_and_its_count() -> None:
    page = Page(gallery.render("report", active="report"))
    current = [attrs for tag, attrs in page.elements if attrs.get("aria-current") == "page"]
    assert [attrs["href"] for attrs in current] == ["/report/"]
    assert [attrs["accesskey"] for tag, attrs in page.elements if "accesskey" in attrs] == ["1", "2", "3", "4"]
    assert "2 som haster" in page.words()


def test_messages_are_receipts_or_alerts_and_always_have_a_place() -> None:
    html = gallery.render("letter", messages=True)
    assert re.search(r'role="status" class="status-area" id="messages"><div class="receipt">', html)
    assert re.search(r'data-color="danger"><p>Vedlegget ble ikke sendt', html)
    assert re.search(r'data-color="warning"><p>Mottakeren', html)
    assert 'id="messages"></div>' in gallery.render("letter")


def test_public_frame_shows_nothing_of_anyone() -> None:
    words = Page(gallery.render("login")).words()
    assert "Eksempel" not in words
    assert "Prøveby" not in words
    assert "Hovedmeny" not in gallery.render("login")


@pytest.mark.parametrize("name", gallery.ERRORS)
def test_error_page_needs_no_context(name: str) -> None:
    with gallery.gallery_urls():
        page = Page(str(get_template(f"{name}.html").render({})))
    assert page.values("lang", "html") == ["nb"]
    assert "h1" in [tag for tag, _ in page.elements]


def test_not_found_is_the_same_for_what_is_hidden_and_what_is_absent() -> None:
    with gallery.gallery_urls():
        template = get_template("404.html")
        hidden = template.render({**gallery.context(), "exception": "Fiolin, Blid", "request_path": "/person/1/"})
        absent = template.render({**gallery.context(), "exception": "No route", "request_path": "/nope/"})
    assert hidden == absent
    assert "Siden finnes ikke, eller du har ikke tilgang til den." in hidden
