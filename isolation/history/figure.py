"""The strip of checks over the last hours, for screen and paper. Reads nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coordination import charts, clock, formats
from coordination.clock import Span
from isolation.history.reading import History
from isolation.models import Measure
from isolation.rules.checks import Held
from isolation.rules.contact import contact_minutes_by_day

#: Minutes with others from which a square of the heat strip is darker; the third is the two hours that are the duty.
LEVELS = (1, 60, 120, 180)
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


def contact_strip(measure: Measure, sessions: Iterable[Span], at: datetime, days: int) -> SafeString | str:
    """Return minutes with others by local date, the last `days` dates of a measure, as a heat strip; nothing for cell and bed."""
    if measure.is_coercive:
        return ""
    last = clock.local_date(min(at, measure.ended_at or at))
    first = max(clock.local_date(measure.effective_at), last - timedelta(days=days - 1))
    minutes = contact_minutes_by_day(sessions)
    cells = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        found = minutes.get(day, 0)
        level = sum(found >= limit for limit in LEVELS)
        cells.append(charts.Heat(formats.shortdate(day)[:5], str(found), level))
    return charts.heat_strip(cells, title=_("Minutter med andre"))
