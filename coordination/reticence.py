"""How errors are written in the log: what broke and where, never what it was about.

An exception's own words may quote a row ("Key (family_name)=(…) already exists") or a form. They are left out, also those that a queue's
worker puts into its message; the class, the file and the line remain, through every exception it came from.
"""

import logging
from types import TracebackType
from typing import Any

_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
#: Names under which libraries pass an exception's words into a message.
_SPEAKING = ("exc", "traceback")


def places(error: BaseException) -> str:
    """Return an exception as class and places, outermost first, one line each, and whatever it came from before it."""
    lines: list[str] = []
    seen: set[int] = set()
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    for link in reversed(chain):
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        step = link.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            lines.append(f"  {code.co_filename}:{step.tb_lineno} {code.co_qualname}")
            step = step.tb_next
    return "\n".join(lines)


class Reticent(logging.Formatter):
    """A formatter for every handler of the application and its worker."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text, without the words of any exception."""
        plain = logging.makeLogRecord(record.__dict__)
        # What another handler has made of the exception is not taken over.
        plain.exc_text = None
        if isinstance(plain.args, dict):
            plain.args = {name: "" if name in _SPEAKING else _quiet(value) for name, value in plain.args.items()}
        elif isinstance(plain.args, tuple):
            plain.args = tuple(_quiet(value) for value in plain.args)
        return super().format(plain)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name is the library's)
        """Return class and places of an exception."""
        info: _Info = ei
        return places(info[1]) if info[1] is not None else ""


def _quiet(value: Any) -> Any:
    """Return a value that may be written: an exception as its class."""
    return type(value).__qualname__ if isinstance(value, BaseException) else value
