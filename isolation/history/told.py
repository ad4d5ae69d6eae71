"""One event of a measure as the page, the timeline and the protocol get it: words and instants. Reads nothing, and finds no words itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event, in words. `recorded_at` is set when it was written down later than it happened."""

    at: datetime
    type: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    word: str = ""
    is_new: bool = False
    recorded_at: datetime | None = None
