"""Consents as plain values, the same on screen and paper: what they cover, how they stand, the text that is signed. Asks no database."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import wording
from consent.letters import ABOUT_CONSENT, CONSENT_BASES, KINDS, sent_from
from consent.models import Consent, ConsentTalk, Giver, Letter
from consent.rules import Standing, standing
from coordination import reference
from coordination.formats import datetime_no, shortdate
from coordination.identity import Actor
from coordination.reference import ConsentText, ConsentWords
from coordination.worlds import World

STANDING_WORDS = {
    Standing.IN_FORCE: gettext_lazy("Gjelder"),
    Standing.COMING: gettext_lazy("Gjelder ikke ennå"),
    Standing.EXPIRED: gettext_lazy("Utløpt"),
    Standing.WITHDRAWN: gettext_lazy("Trukket tilbake"),
    Standing.SUPERSEDED: gettext_lazy("Erstattet av nytt samtykke"),
}


def standing_of(consent: Consent, on: date) -> Standing:
    """Return how a consent stands on an Oslo date."""
    return standing(consent.valid_from, consent.valid_to, consent.withdrawn_at, on, consent.superseded_at)


def category_words(world: World) -> dict[str, str]:
    """Return the kinds of information an agency of a world may share on a consent, in words: what is sent, by title."""
    words: dict[str, list[str]] = {}
    for kind in sent_from(world):
        if CONSENT_BASES & set(kind.bases) and kind.category != ABOUT_CONSENT:
            words.setdefault(kind.category, []).append(str(kind.title))
    return {
        code: wording.word("", "category", code) if _known(code) else _listed(titles) for code, titles in words.items()
    }


def _listed(titles: list[str]) -> str:
    """Return titles as one line: a capital at the start only."""
    return ", ".join([titles[0], *(title[:1].lower() + title[1:] for title in titles[1:])])


def _known(category: str) -> bool:
    return wording.word("", "category", category) != category


def category_word(category: str) -> str:
    """Return a kind of information in words, also one that is no longer sent."""
    titles = [str(kind.title) for kind in KINDS.values() if kind.category == category]
    return wording.word("", "category", category) if _known(category) or not titles else _listed(titles)


def consent_rows(consents: Iterable[Consent], today: date) -> list[dict[str, Any]]:
    """Return what a page shows of each consent; names of recipients are put in by `named`."""
    rows = []
    for consent in consents:
        how = standing_of(consent, today)
        rows.append(
            {
                "consent": consent,
                "categories": [category_word(code) for code in consent.categories],
                "standing": STANDING_WORDS[how],
                "in_force": how is Standing.IN_FORCE,
                "may_withdraw": how in {Standing.IN_FORCE, Standing.COMING},
            }
        )
    return rows


def named(rows: list[dict[str, Any]], names: Mapping[UUID, tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the rows with the recipients' world and name in each."""
    return [{**row, "recipients": [names[pk] for pk in row["consent"].recipients if pk in names]} for row in rows]


def words_of(row: ConsentTalk | Consent) -> tuple[ConsentText, ConsentWords] | None:
    """Return the text a consent was explained on and its words in that language; None for one recorded without a text."""
    text = reference.consent_text(row.text_version)
    words = text.languages.get(row.language) if text else None
    return (text, words) if text and words else None


def category_in(text: ConsentText, code: str, language: str) -> str:
    """Return a kind of information in the language of the text, in bokmål where the text does not name it."""
    return text.category(code, language) or category_word(code)


def giver_of(row: ConsentTalk | Consent) -> str:
    """Return who said yes: nobody named for the person, else name, capacity and relation."""
    if row.given_by == Giver.SELF:
        return ""
    return f"{row.giver_name} ({Giver(row.given_by).label}, {row.giver_relation})"


def scope_lines(
    actor: Actor, talk: ConsentTalk, person: Any, names: Mapping[UUID, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return the scope of a talk as labels and values in the language of its text."""
    found = words_of(talk)
    assert found is not None
    text, words = found
    label = words.labels
    rows = [
        {"label": label["name"], "value": f"{person.given_name} {person.family_name}"},
        {"label": label["birth_date"], "value": shortdate(person.birth_date)},
        {
            "label": label["categories"],
            "value": "; ".join(category_in(text, c, talk.language) for c in talk.categories),
        },
        {"label": label["from"], "value": actor.agency_name},
        {"label": label["recipients"], "value": "; ".join(names[pk][1] for pk in talk.recipients if pk in names)},
        {"label": label["purpose"], "value": talk.purpose},
        {"label": label["period"], "value": f"{shortdate(talk.valid_from)} – {shortdate(talk.valid_to)}"},
    ]
    if giver_of(talk):
        rows.append({"label": label["representative"], "value": talk.giver_name})
        rows.append({"label": label["relation"], "value": talk.giver_relation})
    if talk.interpreter != ConsentTalk.Interpreter.NOT_NEEDED:
        rows.append({"label": label["interpreter"], "value": str(ConsentTalk.Interpreter(talk.interpreter).label)})
    return rows


def consent_paper(
    actor: Actor,
    talk: ConsentTalk,
    person: Any,
    names: Mapping[UUID, tuple[str, str]],
    at: datetime,
    *,
    signature: str = "",
) -> dict[str, Any]:
    """Return the context of the form of a talk: to be signed on paper, or with the name that was signed on the screen."""
    found = words_of(talk)
    assert found is not None
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "words": found[1],
        "points": list(found[1].points.values()),
        "scope": scope_lines(actor, talk, person, names),
        "witness": talk.by_name,
        "text_version": talk.text_version,
        "signature": signature,
        "signed_at": datetime_no(at) if signature else "",
    }


def blank_paper(actor: Actor, text: ConsentText, language: str, at: datetime) -> dict[str, Any]:
    """Return the context of an empty form."""
    words = text.languages[language]
    rows = [
        {"label": words.labels[label], "value": ""}
        for label in (
            "name",
            "birth_date",
            "categories",
            "from",
            "recipients",
            "purpose",
            "period",
            "representative",
            "relation",
        )
    ]
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "words": words,
        "points": list(words.points.values()),
        "scope": rows,
        "blank": True,
        "text_version": text.key,
        "witness": "",
    }


def notices_of(letters: Iterable[Letter]) -> list[dict[str, Any]]:
    """Return what each recipient was told of a consent and where they filed it, the latest notice of each."""
    latest: dict[UUID, Letter] = {}
    for letter in letters:
        known = latest.get(letter.other_agency_id)
        if known is None or letter.sent_at > known.sent_at:
            latest[letter.other_agency_id] = letter
    return [
        {
            "letter": letter,
            "agency": letter.other_agency,
            "event": wording.word(letter.kind, "event", str(letter.body.get("event", ""))),
            "filed": letter.filed_reference,
        }
        for letter in latest.values()
    ]


def told_words(talk: ConsentTalk) -> str:
    """Return in a line how the talk was held."""
    found = words_of(talk)
    language = found[1].name if found else talk.language
    return _("Forklart på %(language)s, tolk: %(interpreter)s.") % {
        "language": language,
        "interpreter": ConsentTalk.Interpreter(talk.interpreter).label,
    }
