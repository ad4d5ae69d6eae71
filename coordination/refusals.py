"""How a verb says no: a code for programs, a sentence for people, and the fields it concerns. Holds no rule."""


class Refused(Exception):
    """A rule refuses. Nothing was saved.

    `code` is stable; the message is plain Norwegian; `errors` maps field names to messages where the form can show them.
    """

    def __init__(self, code: str, message: str, errors: dict[str, list[str]] | None = None) -> None:
        """Keep code, message and fields."""
        super().__init__(message)
        self.code = code
        self.errors = errors or {}


def refused_at(field: str, words: str, *, code: str = "") -> Refused:
    """Return the refusal about one field: the same sentence for the whole and beside it. `code` is the field's name where none is given."""
    return Refused(code or field, words, {field: [words]})


def said(text: str, field: str, words: str) -> str:
    """Return a text without edges. Raises `Refused` beside its field when nothing was written."""
    text = text.strip()
    if not text:
        raise refused_at(field, words, code="missing")
    return text
