"""What happened in a measure: read once, told as one list, for the page, the timeline and the protocol. Writes nothing."""

from isolation.history.exchange import of_letters, unanswered
from isolation.history.figure import contact_strip, strip
from isolation.history.reading import History, read
from isolation.history.telling import FILTERS, by_day, events
from isolation.history.told import Told
from isolation.history.words import grounds_text, hours_text, kind_text, minutes_between, moment_text

__all__ = [
    "FILTERS",
    "History",
    "Told",
    "by_day",
    "contact_strip",
    "events",
    "grounds_text",
    "hours_text",
    "kind_text",
    "minutes_between",
    "moment_text",
    "of_letters",
    "read",
    "strip",
    "unanswered",
]
