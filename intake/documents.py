"""What admission puts on paper: the slip somebody in prison reaches the health service with. Blank; nothing on it is kept here."""

from datetime import datetime
from typing import Any

from coordination import clock
from coordination.identity import Actor
from coordination.reference import ConsentText, consent_text_on

#: The text's code among the forms people read (fixtures/consent_texts.yaml).
SLIP = "health_request"


def slip_text(at: datetime) -> ConsentText:
    """Return the slip's words as they stand at an instant, in every language."""
    return consent_text_on(SLIP, clock.local_date(at))


def slip(actor: Actor, language: str, at: datetime) -> dict[str, Any]:
    """Return the context of a blank slip in a language. Raises LookupError for one it is not in. (obligation R5.2.1-v)"""
    text = slip_text(at)
    words = text.languages[language]
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "words": words,
        "lines": [words.labels[label] for label in ("name", "place", "language", "day")],
        "what": list(words.points.values()),
        "version": text.key,
    }
