"""The figures say what they should, in words too, and stand on the right hour on the nights the clock changes."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from coordination import charts, formats

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=y>'


def oslo(year: int, month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=formats.OSLO, fold=fold)


def drawings(markup: str) -> list[Any]:
    """The SVG elements of a piece of markup; fails if it is not well formed."""
    return list(ElementTree.fromstring(f"<root>{markup}</root>").iter("svg"))


def texts(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter("text")]


def every_chart(text: str) -> dict[str, str]:
    now = oslo(2026, 11, 23, 13)
    return {
        "bar": charts.bar(3, 10, title=text),
        "bars": charts.bars(
            [charts.Bar(text, 3, text, text, colour=text)], caption=text, label_heading=text, value_heading=text
        ),
        "columns": charts.columns([charts.Column(text, 3)], title=text, y_max=10, label_prefix=text),
        "check_strip": charts.check_strip([now], [], start=now - timedelta(hours=24), end=now, now=now, title=text),
        "heat_strip": charts.heat_strip([charts.Heat(text, text, 2)], title=text),
    }


@pytest.mark.parametrize("name", every_chart("x"))
def test_text_is_escaped_and_nothing_is_inline_style_or_script(name: str) -> None:
    markup = every_chart(HOSTILE)[name]
    assert "<script" not in markup
    assert "<img" not in markup
    assert "&lt;script&gt;" in markup
    assert not re.search(r"\sstyle=|<style|\son\w+=(?=[\"'])", markup)
    assert "http" not in markup
    assert drawings(markup), "well formed, and there is a drawing"


@pytest.mark.parametrize("name", ["columns", "check_strip", "heat_strip", "bar"])
def test_each_drawing_is_an_image_with_a_title(name: str) -> None:
    for svg in drawings(every_chart("Ord om figuren")[name]):
        assert svg.get("role") == "img"
        assert (svg.find("title").text or "").startswith("Ord om figuren")


def test_bar_beside_its_number_is_silent() -> None:
    (svg,) = drawings(charts.bar(1, 4))
    assert svg.get("aria-hidden") == "true"
    assert svg.find("title") is None
    assert [rect.get("width") for rect in svg.iter("rect")] == ["100%", "25%"]


@pytest.mark.parametrize(("value", "maximum", "width"), [(-1, 10, "0%"), (11, 10, "100%"), (5, 0, "0%"), (0, 10, "0%")])
def test_bar_stays_inside_its_cell(value: float, maximum: float, width: str) -> None:
    (svg,) = drawings(charts.bar(value, maximum))
    assert list(svg.iter("rect"))[1].get("width") == width


def test_bars_are_a_table_of_real_text() -> None:
    rows = [charts.Bar("Kommunen", 7, "7", "(34 svar)", colour="kommune"), charts.Bar("Nav", 18, "18", tone="bad")]
    markup = charts.bars(rows, caption="Ventetid", label_heading="Etat", value_heading="Dager", maximum=20, goal=10)
    root = ElementTree.fromstring(markup)
    assert [th.get("scope") for th in root.iter("th")] == ["col", "col", "col", "row", "row"]
    assert "".join(root.itertext()).replace("\n", "") == "VentetidEtatStolpeDagerKommunen7 (34 svar)Nav18"
    assert markup.count('class="c-goal"') == 2
    assert 'data-color="kommune"' in markup


def test_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown tone"):
        charts.bar(1, 2, tone='x" onload="y')


def test_columns_come_in_two_widths_with_the_last_one_strong() -> None:
    data = [charts.Column(str(week), value) for week, value in ((45, 93.0), (46, None), (47, 94.5))]
    wide, narrow = drawings(charts.columns(data, title="t", y_min=70, y_max=100, goal=98, label_prefix="uke "))
    assert (wide.get("class"), narrow.get("class")) == ("chart chart--wide", "chart chart--narrow")
    assert [rect.get("class") for rect in wide.iter("rect")] == ["c-past", "c-main"], (
        "a week without a figure has no column"
    )
    assert "94,5" in texts(wide)
    assert {"uke 45", "46", "47"} <= set(texts(wide))


def test_narrow_columns_always_name_the_newest() -> None:
    data = [charts.Column(str(week), 1) for week in range(1, 53)]
    _, narrow = drawings(charts.columns(data, title="t", y_max=2, label_prefix="uke "))
    labels = [text for text in texts(narrow) if text.startswith("uke") or (text.isdigit() and int(text) > 2)]
    assert labels[-1] == "52"
    assert len(labels) < 20


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 20, [0, 5, 10, 15, 20]),
        (70, 100, [70, 80, 90, 100]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 7, [0, 2, 4, 6]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert charts._ticks(low, high) == pytest.approx(expected)


def test_strip_says_and_draws_checks_and_gaps() -> None:
    day = (2026, 11, 23)
    checks = [oslo(*day, 8, 30), oslo(*day, 9, 48), oslo(*day, 4)]
    gaps = [charts.Gap(oslo(*day, 8, 30), oslo(*day, 9, 48))]
    wide, narrow = drawings(
        charts.check_strip(checks, gaps, start=oslo(*day, 5), end=oslo(*day, 16), now=oslo(*day, 13, 2))
    )
    for svg in (wide, narrow):
        assert (
            svg.find("title").text
        ) == "Fra kl. 05.00 til kl. 16.00, 2 tilsyn, 1 periode uten tilsyn i tide: 08.30–09.48"
        assert len(list(svg.iter("circle"))) == 2, "the check before the strip is not drawn on it"
        assert len([rect for rect in svg.iter("rect") if rect.get("class") == "c-bad"]) == 1
        assert "nå" in texts(svg)
    assert [text for text in texts(wide) if text.isdigit()] == [f"{hour:02d}" for hour in range(5, 17)]


def positions(svg: ElementTree.Element) -> list[tuple[str, float]]:
    return [
        (element.text or "", float(element.get("x", "0")))
        for element in svg.iter("text")
        if (element.text or "").isdigit()
    ]


@pytest.mark.parametrize(
    ("start", "end", "hours", "labels"),
    [
        (oslo(2027, 3, 28, 0), oslo(2027, 3, 29, 0), 23, ["00", "01", "03", "04"]),
        (oslo(2026, 10, 25, 0), oslo(2026, 10, 26, 0), 25, ["00", "01", "02", "02", "03"]),
        (oslo(2026, 11, 23, 0), oslo(2026, 11, 24, 0), 24, ["00", "01", "02", "03"]),
    ],
)
def test_strip_is_evenly_spaced_by_real_time_when_the_clock_changes(
    start: datetime, end: datetime, hours: int, labels: list[str]
) -> None:
    wide, _ = drawings(charts.check_strip([], [], start=start, end=end, now=start))
    found = positions(wide)
    assert len(found) == hours + 1
    assert [label for label, _ in found][: len(labels)] == labels
    steps = [b - a for (_, a), (_, b) in pairwise(found)]
    assert max(steps) - min(steps) < 0.3, "an hour is an hour"


def test_gap_over_the_doubled_hour_is_as_long_as_it_was() -> None:
    start, end = oslo(2026, 10, 25, 0), oslo(2026, 10, 26, 0)
    # 02.30 summer time to 02.30 winter time: one hour, though the wall clock says none.
    gap = charts.Gap(oslo(2026, 10, 25, 2, 30, fold=0), oslo(2026, 10, 25, 2, 30, fold=1))
    wide, _ = drawings(charts.check_strip([], [gap], start=start, end=end, now=end))
    (field,) = [rect for rect in wide.iter("rect") if rect.get("class") == "c-bad"]
    assert float(field.get("width", "0")) == pytest.approx((720 - 28) / 25, abs=0.2)


def test_short_gap_can_still_be_seen_and_strip_must_have_length() -> None:
    start = datetime(2026, 11, 23, 0, tzinfo=UTC)
    gap = charts.Gap(start + timedelta(hours=3), start + timedelta(hours=3, seconds=20))
    wide, _ = drawings(charts.check_strip([], [gap], start=start, end=start + timedelta(days=1), now=start))
    (field,) = [rect for rect in wide.iter("rect") if rect.get("class") == "c-bad"]
    assert float(field.get("width", "0")) >= 3
    with pytest.raises(ValueError, match="end after"):
        charts.check_strip([], [], start=start, end=start, now=start)


def test_heat_strip_shows_each_figure_and_says_all_of_them() -> None:
    cells = [charts.Heat(f"{day}.11", str(day), day) for day in range(1, 10)]
    wide, narrow = drawings(charts.heat_strip(cells, title="Timer"))
    assert wide.find("title").text == "Timer: " + ", ".join(f"{day}.11 {day}" for day in range(1, 10))
    assert {str(day) for day in range(1, 10)} <= set(texts(wide))
    assert [rect.get("class") for rect in narrow.iter("rect")][-1] == "c-heat-4", "levels above four stay four"
    assert len({rect.get("y") for rect in narrow.iter("rect")}) == 2, "seven in a row"
