"""Texts that are to be about nobody: finds names and numbers of the agency's own people in them, points them out, refuses to save them.

Looks in the own register and no other, whoever writes: what another agency knows can neither be found nor guessed from here.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from coordination import audit, clock, national_id
from coordination.identity import Actor
from coordination.models import Agency, Unit
from coordination.refusals import Refused

WORD = re.compile(r"[^\W_]+")
#: Eleven digits, however they are set, and whatever number stands before them: looked for from each digit that begins a number.
#: The last five may be called what they are: "150591, pnr. 00006".
NUMBER = re.compile(
    r"(?<!\d)(?=(\d(?:[\W_]{0,5}\d){5}(?:[\W_]{0,5}p(?:ers(?:on)?)?[.-]?(?:nr|nummer))?(?:[\W_]{0,5}\d){5})(?!\d))",
    re.IGNORECASE,
)
#: Characters that nobody sees and that would part a word in two, and accents that belong to no letter.
UNSEEN = re.compile(
    "[\0\u00ad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
#: Surnames that are everyday words too. With a capital because a sentence begins they name nobody; elsewhere, and beside a given name, they do.
EVERYDAY = frozenset(
    "ask bakke bekk berg bjørk bjørn bru bråten by dahl dal eik eng fjell fjord foss furu ghana hage hagen hall haug hauge haugen hav hei "
    "holm holt hval lang li lie liten lund lunde lys løken mo moe moen mork myhre myr nes nordby ny ok rud ruud sand sander skog "
    "sol solberg stein sten stor strand sund svart sve vang vann vik vold voll ung øy ås åsen".split()
)
#: An initial: its stop ends no sentence, unless the letter is what something is called.
INITIAL = re.compile(r"(?P<what>[^\W_]*)[\s\"'«(*-]*\b(?P<letter>[^\W\d_])\.[\s\"'«(*-]*$")
INITIAL_WITHIN = 60
LETTERED = frozenset("avdeling avd fløy blokk bygg hus celle rom gruppe plan punkt sak vitamin hepatitt".split())
#: What ends a sentence, with the marks and the blanks that may stand before the next word.
BEGINS = re.compile(r"(?:^|[.!?:\n•])[\s\"'«(*-]*$")
MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
#: 15.05.1991, 15/5-91, 15. mai 1991, 1991-05-15, 150591.
BIRTHS = (
    re.compile(
        r"(?<!\d)(?P<day>\d{1,2})[.\s/\u2010-\u2015\u2212-]{1,2}(?P<month>\d{1,2})[.\s/\u2010-\u2015\u2212-]{1,2}(?P<year>\d{4}|\d{2})(?!\d)"
    ),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})\.?\s*(?P<word>{'|'.join(MONTHS)})[a-z]*\.?\s*(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        # Without ASCII the dotless i of a Turkish keyboard would match, and be no month.
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?<!\d)(?P<year>\d{4})[\u2010-\u2015\u2212-](?P<month>\d{2})[\u2010-\u2015\u2212-](?P<day>\d{2})(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})(?!\d)"),
)
#: How many words on either side of a birth date may say whose it is.
BESIDE = 6
INITIALS = re.compile(r"[^\W\d_]{2,4}")
#: How often one member may ask while typing or be refused, and how long that is counted.
LOOKUPS, LOOKUPS_WITHIN = 150, timedelta(minutes=10)
#: The most that is looked at in one text.
LONGEST = 10_000
#: How many dates that may be birth dates a text about nobody may hold. Who writes more is asking when somebody was born.
DATES = 12
#: How old, in years, those in the register may be: the date of an inspection is no birth date.
AGES = range(12, 96)


def names_in(actor: Actor, text: str) -> list[str]:
    """Return what in a text points at somebody, as it was typed and in its order: names and numbers of the agency's people in the ways
    people write them, their birth dates with a name or initials beside, and any valid identity number, whoever's it is."""
    text = _seen(text)
    found = numbers_in(text)
    words = list(WORD.finditer(_without_places(actor, text)))
    births = list(_births(text))
    found += [(match.start(), match.group()) for match, _born in births[DATES:]]
    births = births[:DATES]
    if words:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT letterbox.named_in(%s, %s)",
                [[word.group() for word in words], [_stands_out(word, text) for word in words]],
            )
            row = cursor.fetchone()
            # Asked whether there are dates or not: the same statements for every text.
            beside = [_beside(words, match) for match, _born in births]
            cursor.execute(
                "SELECT letterbox.born_in(%s::date[], %s::text[], %s::text[])",
                [[born for _match, born in births], [said[0] for said in beside], [said[1] for said in beside]],
            )
            born = cursor.fetchone()
        found += [
            (words[first].start(), text[words[first].start() : words[last].end()])
            for first, last in _runs([place - 1 for place in (row and row[0]) or ()])
        ]
        found += {(births[place - 1][0].start(), births[place - 1][0].group()) for place in (born and born[0]) or ()}
    return [said for _place, said in sorted(found)]


def numbers_in(text: str) -> list[tuple[int, str]]:
    """Return the valid identity numbers in a text and where they begin, however they are set; no register is asked."""
    return [(match.start(), match[1]) for match in NUMBER.finditer(_seen(text)) if _is_identity(match[1])]


def point_out(actor: Actor, text: str, at: datetime) -> list[str] | None:
    """Return the same for a text that is being typed, each once; None when the member has asked too often. The log has that it was asked."""
    audit.note_event("lookup", "names")
    if _too_often(at):
        return None
    return list(dict.fromkeys(names_in(actor, text[:LONGEST])))


def require_nameless(actor: Actor, texts: dict[str, str]) -> None:
    """Refuse texts, by field, that name somebody; each field is told which words. Nothing is saved. (obligation R6.2-i)"""
    if _too_often(clock.now()):
        raise Refused("often", _("Teksten er rettet svært mange ganger. Vent ti minutter, og prøv igjen."))
    errors = {}
    for field, text in texts.items():
        if found := names_in(actor, text):
            words = ", ".join(f"«{said}»" for said in dict.fromkeys(found))
            errors[field] = [
                _("Teksten skal ikke handle om noen bestemt. Skriv den uten %(words)s.") % {"words": words},
            ]
    if errors:
        audit.note_event("refuse", "names")
        raise Refused("names", next(iter(errors.values()))[0], errors)


def _too_often(at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit.own_lookups(%s)", [at - LOOKUPS_WITHIN])
        row = cursor.fetchone()
    return row is None or row[0] >= LOOKUPS


def _seen(text: str) -> str:
    """Return a text as it is seen: each letter with its accents as one character, and nothing that does not show."""
    return UNSEEN.sub("", unicodedata.normalize("NFC", text))


def _is_identity(typed: str) -> bool:
    # Digits of other scripts are digits too.
    digits = "".join(str(int(digit)) for digit in re.findall(r"\d", typed))
    try:
        national_id.parse(digits, allow_synthetic=settings.ALLOW_SYNTHETIC_IDS)
    except national_id.InvalidNationalId:
        return False
    return True


def _stands_out(word: re.Match[str], text: str) -> bool:
    """Return whether a word has a capital for another reason than that a sentence begins with an everyday word."""
    said = word.group()
    if not said[0].isupper():
        return False
    before = text[: word.start()]
    if said.lower() not in EVERYDAY or not BEGINS.search(before):
        return True
    initial = INITIAL.search(before[-INITIAL_WITHIN:])
    return initial is not None and initial["letter"].isupper() and initial["what"].lower() not in LETTERED


def _births(text: str) -> Iterator[tuple[re.Match[str], date]]:
    """Yield what may be birth dates; one with two digits for the year may be two."""
    this_year = clock.local_date(clock.now()).year
    for shape in BIRTHS:
        for match in shape.finditer(text):
            said = match.groupdict()
            month = int(said["month"]) if "month" in said else MONTHS.index(said["word"].lower()) + 1
            years = (
                [int(said["year"])] if len(said["year"]) == 4 else [1900 + int(said["year"]), 2000 + int(said["year"])]
            )
            for year in (year for year in years if this_year - year in AGES):
                try:
                    yield match, date(year, month, int(said["day"]))
                except ValueError:
                    continue


def _beside(words: list[re.Match[str]], place: re.Match[str]) -> tuple[str, str]:
    """Return the words around a place, and the initials among them: capital letters in a row are one word, small letters are none."""
    before = [word for word in words if word.end() <= place.start()][-BESIDE:]
    after = [word for word in words if word.start() >= place.end()][:BESIDE]
    names, initials = [], []
    for side in (before, after):
        said = [word.group() for word in side]
        names += [word for word in said if len(word) > 1]
        initials += [word for word in said if word.isupper() and INITIALS.fullmatch(word)]
        for single, letters in groupby(said, key=lambda word: len(word) == 1 and word.isupper()):
            if single:
                initials.append("".join(letters))
    return " ".join(names), " ".join(initials)


def _without_places(actor: Actor, text: str) -> str:
    """Return the text with the names of agencies and own units blanked out: a prison may be called what somebody is called."""
    places = [agency.name for agency in Agency.objects.only("name")]
    places += [unit.name for unit in Unit.objects.filter(agency_id=actor.agency_id).only("name")]
    for place in places:
        text = re.sub(rf"\b{re.escape(place)}\b", lambda match: " " * len(match.group()), text, flags=re.IGNORECASE)
    return text


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of places that follow each other."""
    for _key, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _number, place in group]
        yield run[0], run[-1]
