"""What walks the health worlds looking for a say over measures: words of permission, and the forms of a page with all they hold."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Words of permission and clearance, Norwegian and English, at the beginning of a word.
WORDS = re.compile(
    r"\b(godkjenn|klarer|klarert|klarering|tillat|tillatelse|avslå|avslag|frigi|frigjør|samtykk(?:er)? til tiltaket|innvilg|autoriser|bemyndig"
    r"|opphev|iverksett|avslutt(?:er)? tiltaket\b|stans(?:er)? tiltaket\b"
    r"|approv|clear(?:ance|ed|s)?\b|authoris|authoriz|permit|reject|releas(?:e\b|es\b|ed\b)|end_measure|lift_measure)",
    re.IGNORECASE,
)


@dataclass
class Form:
    """A form of a page: where it goes, how, what it asks with every choice, and its buttons."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """Reads the forms, links and words of what a page says itself, without the frame around it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._area = ""
        start = text.find("<main")
        self.feed(text[start : text.index("</main>")] if start >= 0 else text)

    def handle_starttag(self, tag, attrs):
        """Take in what a tag asks or offers."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag == "button":
            self._form.buttons.append((values.get("name", ""), values.get("value", "")))
        elif self._form is not None and tag in ("input", "textarea", "select") and values.get("name"):
            choices = self._form.fields.setdefault(values["name"], [])
            if tag == "input":
                choices.append(values.get("value", ""))
            if values.get("type") in (None, "text", "tel", "date", "time", "number") or tag == "textarea":
                self._form.texts.add(values["name"])
            self._area = values["name"]
        elif self._form is not None and tag == "option" and self._area:
            self._form.fields[self._area].append(values.get("value", ""))

    def handle_endtag(self, tag):
        """Leave a form."""
        if tag == "form":
            self._form = None

    def handle_data(self, data):
        """Take in words."""
        self.words.append(data)

    def said(self) -> list[str]:
        """Return every word of the page, and every name, value and address of its forms."""
        texts = [" ".join(self.words), *self.links]
        for form in self.forms:
            texts.append(form.action)
            for name, values in form.fields.items():
                texts += [name, *values]
            texts += [word for button in form.buttons for word in button]
        return texts


def permission_in(texts):
    """Return the words of permission among some texts."""
    return [found.group(0) for text in texts if (found := WORDS.search(text))]


def fillings(form: Form, filler: str = "Tekst for å prøve skjemaet."):
    """Return posts of a form: one with the first of everything, and one for every other choice and every button."""
    first = {
        name: (filler if name in form.texts and not values[:1] else (values or [filler])[0])
        for name, values in form.fields.items()
    }
    first |= {name: filler for name in form.texts if not first.get(name)}
    first = {name: value for name, value in first.items() if name != "csrfmiddlewaretoken"}
    yield first
    for name, values in form.fields.items():
        if name not in form.texts:
            for value in values[1:]:
                yield {**first, name: value}
    for name, value in form.buttons:
        if name:
            yield {**first, name: value}
