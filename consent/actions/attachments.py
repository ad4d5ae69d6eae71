"""Files that go with a letter: chosen, judged by their content, and listed in the letter by hash. The postman puts them in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consent import access
from consent.actions.papers import SignedDocument, document
from consent.letters import ATTACHMENTS
from consent.models import Letter
from coordination.identity import Actor
from coordination.refusals import Refused, refused_at

#: The most files one letter takes.
MOST = 5
#: What stands in a name of a file: no folder, no line break, nothing that cannot be seen.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
NAME_MAX = 120


@dataclass(frozen=True)
class Enclosure:
    """One file on its way: its name as the recipient sees it, and the judged document."""

    name: str
    file: SignedDocument

    @property
    def line(self) -> str:
        """Return how the letter lists it."""
        return f"{self.file.digest.hex()} {len(self.file.data)} {self.file.content_type} {self.name}"


def enclosures(uploads: Iterable[Any]) -> list[Enclosure]:
    """Return chosen files (with `name` and `read()`), judged. Raises `Refused` for the field `attachments`, naming the file."""
    found = []
    for number, upload in enumerate(uploads, start=1):
        if number > MOST:
            raise refused_at("attachments", _("Legg ved høyst %(count)s filer.") % {"count": MOST})
        name = _named(str(upload.name), number)
        try:
            found.append(Enclosure(name, document(upload.read())))
        except Refused as refused:
            raise refused_at("attachments", f"{name}: {refused}") from None
    return found


def _named(given: str, number: int) -> str:
    """Return the name of a file as it may stand in a letter, with its ending kept where it is too long."""
    name = " ".join(UNSEEN.sub("", re.split(r"[/\\]", given)[-1]).split())
    if len(name) > NAME_MAX:
        stem, dot, ending = name.rpartition(".")
        name = stem[: NAME_MAX - len(ending) - 1] + dot + ending if dot and len(ending) < 6 else name[:NAME_MAX]
    return name or _("Vedlegg %(number)s") % {"number": number}


def listed(body: dict[str, Any], files: Sequence[Enclosure]) -> dict[str, Any]:
    """Return the content of a letter with its files listed; without files it is unchanged."""
    return {**body, ATTACHMENTS.name: [one.line for one in files]} if files else body


def carried(actor: Actor, letter: Letter) -> list[Enclosure]:
    """Return the files of an own letter, to go with the one that stands in its place."""
    return [
        Enclosure(row.name, SignedDocument(bytes(row.data), row.content_type))
        for row in access.attachments_for(actor, letter)
    ]


def carried_by(actor: Actor, letter_id: UUID) -> list[Enclosure]:
    """Return the files of an own sent letter by the key both sides share; none when it is not there."""
    letter = access.own_copy(actor, letter_id, Letter.Direction.OUT)
    return carried(actor, letter) if letter else []
