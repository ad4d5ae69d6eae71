"""Who may ask for information, and what the health service missed, as plain values. Asks no database."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from consent import wording
from consent.models import Letter, RequestAuthorisation


def authorisation_rows(rows: Iterable[RequestAuthorisation], on: date) -> list[dict[str, Any]]:
    """Return what the warden sees of each authorisation, those that hold or are to come first."""
    lines = [{"row": row, "open": not row.ended and row.valid_to >= on, "coming": row.valid_from > on} for row in rows]
    return sorted(lines, key=lambda line: not line["open"])


def missing_words(letter: Letter) -> list[str]:
    """Return what the health service asks the prison to say more about, in words."""
    return [wording.word(letter.kind, "missing", str(code)) for code in letter.body.get("missing") or ()]
