"""Every field has a label, a hint and an error that belong to it, and reads dates and times as people write them."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html

from coordination.form_renderer import ClockField, MomentField
from coordination.templatetags.samvirke import error_lines
from tests.frontend import gallery
from tests.frontend.gallery import NOW
from tests.frontend.reading import Page


def test_every_control_has_a_label_and_every_reference_leads_somewhere() -> None:
    page = Page(gallery.render("consent"))
    ids = page.values("id")
    assert len(ids) == len(set(ids)), "ids are unique"
    controls = [
        attrs
        for tag, attrs in page.elements
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden"
    ]
    labelled = set(page.values("for", "label"))
    assert len(controls) > 10
    assert all(attrs["id"] in labelled for attrs in controls)
    described = [name for value in page.values("aria-describedby") for name in value.split()]
    assert described
    assert set(described) <= set(ids)
    summary = [target[1:] for target in page.values("href", "a") if target.startswith("#id_")]
    assert len(summary) == 5
    assert set(summary) <= set(ids)


def test_invalid_field_says_so_and_shows_its_error_above_the_control() -> None:
    form = gallery.ConsentForm({"key": "k"})
    html = str(form["purpose"].as_field_group())
    assert html.index("Skriv hva opplysningene skal brukes til") < html.index("<input")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_purpose_helptext id_purpose_error"' in html
    assert 'id="id_purpose_error"' in html
    assert "field--invalid" in html
    assert "field--invalid" not in str(gallery.ConsentForm()["purpose"].as_field_group())


def test_class_is_on_controls_and_not_around_them_and_help_is_escaped() -> None:
    class Form(forms.Form):
        one = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
        two = forms.CharField(widget=forms.TextInput(attrs={"class": "wide"}), help_text="<b>x</b>")
        secret = forms.CharField(widget=forms.HiddenInput)

    form = Form()
    assert '<div class="choices"><div class="ds-field"><input type="radio"' in str(form["one"])
    assert 'class="wide ds-input"' in str(form["two"])
    assert "&lt;b&gt;" in str(form["two"].as_field_group())
    assert "ds-input" not in str(form["secret"])


def test_only_optional_fields_are_marked() -> None:
    form = gallery.ConsentForm()
    assert "(valgfritt)" in str(form["note"].as_field_group())
    assert "(valgfritt)" not in str(form["purpose"].as_field_group())
    assert "*" not in str(form["purpose"].as_field_group())


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [("13.02", 13, 2), ("1302", 13, 2), ("13:02", 13, 2), ("0030", 0, 30), ("07.30", 7, 30)],
)
def test_times_people_write(typed: str, hour: int, minute: int) -> None:
    value = ClockField().clean(typed)
    assert (value.hour, value.minute) == (hour, minute)


@pytest.mark.parametrize("typed", ["25.00", "13.60", "kl 13", "13", "130", "9", "13.2", "2500", "١٣.٠٢"])
def test_times_that_are_none(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        ClockField().clean(typed)


def test_time_field_of_django_reads_what_people_write_too() -> None:
    assert [forms.TimeField().clean(typed).minute for typed in ("13.02", "1302", "13:02")] == [2, 2, 2]


def test_moment_is_a_date_and_a_time_in_oslo() -> None:
    field = MomentField()
    assert field.clean(["23.11.2026", "1302"]) == datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
    for date_typed, time_typed in (
        ("23.11.26", "13.02"),
        ("23.11.2026", "13"),
        ("25.10.2026", "02.30"),
        ("28.03.2027", "02.30"),
        ("", ""),
    ):
        with pytest.raises(forms.ValidationError):
            field.clean([date_typed, time_typed])


def test_dates_people_write_and_two_figures_for_a_year_are_refused() -> None:
    assert forms.DateField().clean("31.12.2026") == date(2026, 12, 31)
    assert forms.DateField().clean("2026-12-31") == date(2026, 12, 31)
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean("31.12.26")


def test_form_shows_a_date_and_a_time_as_people_write_them() -> None:
    class Form(forms.Form):
        on = forms.DateField(initial=date(2026, 12, 31))
        at = forms.TimeField(initial=NOW.time())

    assert 'type="text" name="on" value="31.12.2026"' in str(Form()["on"])
    assert 'type="text" name="at" value="13.02"' in str(Form()["at"])


class Questions(forms.Form):
    """Two questions with the same words about what is missing, and one with its own."""

    danger = forms.CharField(label="Tyder noe på fare?", error_messages={"required": "Svar ja eller nei"})
    harm = forms.CharField(label="Tyder noe på skade?", error_messages={"required": "Svar ja eller nei"})
    language = forms.CharField(label="Språk", error_messages={"required": "Skriv hvilket språk personen snakker"})


def test_the_summary_names_the_question_where_many_have_the_same_words() -> None:
    lines = [text for _place, text in error_lines(Questions({}))]
    assert lines == [
        "Tyder noe på fare: Svar ja eller nei",
        "Tyder noe på skade: Svar ja eller nei",
        "Skriv hvilket språk personen snakker",
    ]
    assert next(text for _place, text in error_lines(Questions({"harm": "nei"}))) == "Svar ja eller nei"


def test_the_summary_shows_a_name_with_its_place_and_no_markup() -> None:
    """A label may hold markup, as a person and a cell do; what somebody is called never does."""

    class Minutes(forms.Form):
        first = forms.IntegerField(label=format_html('{} <span class="place">{}</span>', "Fiolin <b>", "A-101"))
        second = forms.IntegerField(label="Sofa <i>")

    shown = render_to_string("components/error_summary.html", {"form": Minutes({"first": "x", "second": "x"})})
    assert 'Fiolin &lt;b&gt; <span class="place">A-101</span>: ' in shown
    assert "Sofa &lt;i&gt;: " in shown
