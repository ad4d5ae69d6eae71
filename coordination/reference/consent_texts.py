"""The texts people read before they consent, by version and language. Decides nothing about a single consent."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .reading import FIXTURES, Row, match, span, stands, text, versions_of

#: Both written standards stand at the same time, always (språklova § 14).
ALWAYS = ("nb", "nn")


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """One text in one language: a title, what it is about, the points to go through and the words of the form."""

    language: str
    name: str
    title: str
    intro: str
    points: Mapping[str, str]
    labels: Mapping[str, str]

    @property
    def lang(self) -> str:
        """Return the language code a document carries."""
        return self.language.partition("-")[0]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of a text in all its languages. Local dates in Oslo, both inclusive; None is until further notice."""

    code: str
    version: int
    valid_from: dt.date
    valid_to: dt.date | None
    languages: Mapping[str, ConsentWords]
    categories: Mapping[str, Mapping[str, str]]

    @property
    def key(self) -> str:
        """Return what a consent keeps of the text it was signed on."""
        return f"{self.code}@{self.version}"

    @property
    def points(self) -> tuple[str, ...]:
        """Return the points to go through, in order; the same in every language."""
        return tuple(self.languages["nb"].points)

    def category(self, code: str, language: str) -> str:
        """Return a kind of information in a language, "" when the text does not name it."""
        return self.categories.get(code, {}).get(language, "")


@cache
def consent_texts(folder: Path = FIXTURES) -> tuple[ConsentText, ...]:
    """Every version of every text. Raises InvalidReference."""
    return versions_of(folder, "consent_texts.yaml", _text)


def consent_text_on(code: str, on: dt.date, folder: Path = FIXTURES) -> ConsentText:
    """Return the version of a text that stands on a date. Raises LookupError where none does."""
    for row in consent_texts(folder):
        if row.code == code and stands(row, on):
            return row
    raise LookupError(f"no version of {code} stands on {on}")


def consent_text(key: str, folder: Path = FIXTURES) -> ConsentText | None:
    """Return a text by what a consent keeps of it, or None."""
    return next((row for row in consent_texts(folder) if row.key == key), None)


def _text(row: Row) -> ConsentText:
    languages = {
        code: ConsentWords(
            match(code, r"[a-z]{2,3}(-[a-z]+)?"),
            text(words["name"]),
            text(words["title"]),
            text(words["intro"]),
            {match(point, r"[a-z_]+"): text(said) for point, said in words["points"].items()},
            {match(label, r"[a-z_]+"): text(said) for label, said in words["labels"].items()},
        )
        for code, words in row["languages"].items()
    }
    if not set(ALWAYS) <= set(languages):
        raise ValueError("bokmål and nynorsk must both be there")
    if len({(tuple(words.points), tuple(words.labels)) for words in languages.values()}) != 1:
        raise ValueError("every language has the same points and labels")
    categories = {
        match(code, r"[a-z_]+"): {language: text(said) for language, said in words.items()}
        for code, words in row["categories"].items()
    }
    if any(set(words) != set(languages) for words in categories.values()):
        raise ValueError("every kind of information is named in every language")
    return ConsentText(match(row["code"], r"[a-z_]+"), int(row["version"]), *span(row), languages, categories)
