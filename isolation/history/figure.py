"""The strip of checks over the last hours, for screen and paper. Reads nothing."""

from datetime import datetime, timedelta

from django.utils.safestring import SafeString

from coordination import charts
from isolation.history.reading import History
from isolation.rules.checks import Held

BACK, AHEAD = timedelta(hours=8), timedelta(hours=3)


def strip(history: History, at: datetime, held: Held) -> SafeString | str:
    """Return the strip of checks: the last hours and a few to come, or the last hours of a measure that is over."""
    measure = history.measure
    end = measure.ended_at or at + AHEAD
    start = max(measure.effective_at, (measure.ended_at or at) - BACK)
    if end <= start:
        return ""
    seen = [check.occurred_at for check in history.standing_checks] + [note.noted_at for note in history.notes]
    gaps = [charts.Gap(gap.due_at, gap.end) for gap in history.gaps(at, held)]
    return charts.check_strip(seen, gaps, start=start, end=end, now=at)
