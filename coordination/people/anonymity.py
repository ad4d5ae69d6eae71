"""Texts that are to be about nobody: finds names and numbers of the agency's own people in them, and refuses to save those.

Looks in the own register and no other, whoever writes: what another agency knows can neither be found nor guessed from here.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from coordination import audit, national_id
from coordination.identity import Actor
from coordination.models import Agency, Unit
from coordination.refusals import Refused

WORD = re.compile(r"[^\W_]+")
#: Eleven digits, however they are set.
NUMBER = re.compile(r"(?<!\d)\d(?:[\s.:/-]{0,3}\d){10}(?!\d)")


def names_in(actor: Actor, text: str) -> list[str]:
    """Return what in a text points at somebody, as it was typed and in its order: names and numbers of the agency's people, and any
    valid identity number, whoever's it is."""
    found = [(match.start(), match.group()) for match in NUMBER.finditer(text) if _is_identity(match.group())]
    words = list(WORD.finditer(_without_places(actor, text)))
    if words:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT letterbox.named_in(%s, %s)",
                [[word.group() for word in words], [word.group()[0].isupper() for word in words]],
            )
            row = cursor.fetchone()
        found += [
            (words[first].start(), text[words[first].start() : words[last].end()])
            for first, last in _runs([place - 1 for place in (row and row[0]) or ()])
        ]
    return [said for _place, said in sorted(found)]


def require_nameless(actor: Actor, texts: dict[str, str]) -> None:
    """Refuse texts, by field, that name somebody; each field is told which words. Nothing is saved. (obligation R6.2-i)"""
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


def _is_identity(typed: str) -> bool:
    digits = re.sub(r"\D", "", typed)
    try:
        national_id.parse(digits, allow_synthetic=settings.ALLOW_SYNTHETIC_IDS)
    except national_id.InvalidNationalId:
        return False
    return True


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
