"""Instants, spans, kinds and grounds in words. Reads nothing."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination import clock, formats
from isolation.letters import GROUND_WORDS
from isolation.models import (
    Measure,
)


def moment_text(instant: datetime, at: datetime) -> str:
    """Return an instant told from `at`, always with its time: "kl. 13.02", "i går kl. 22.15", "22.11.2026 kl. 22.15"."""
    days = clock.local_date(at) - clock.local_date(instant)
    if days == timedelta():
        return _("kl. %(time)s") % {"time": formats.clock(instant)}
    if days == timedelta(days=1):
        return _("i går kl. %(time)s") % {"time": formats.clock(instant)}
    return formats.datetime_no(instant)


def grounds_text(measure: Measure) -> str:
    """Return the grounds in words."""
    words = {str(code.value): str(word) for code, word in GROUND_WORDS.items()}
    return "; ".join(words.get(code, code) for code in measure.grounds)


def kind_text(measure: Measure) -> str:
    """Return the kind in words, with the extent of an exclusion."""
    kind = str(measure.get_kind_display())
    return f"{measure.get_extent_display()} {kind.lower()}" if measure.extent else kind


def written_late(recorded_at: datetime | None, happened_at: datetime) -> str:
    """Return when something was written down, for a late entry; the date too when it was another."""
    if recorded_at is None:
        return ""
    if clock.local_date(recorded_at) == clock.local_date(happened_at):
        return _("Skrevet kl. %(time)s.") % {"time": formats.clock(recorded_at)}
    return _("Skrevet %(when)s.") % {"when": formats.datetime_no(recorded_at)}


def hours_text(hours: int | None) -> str:
    """Return an expected length in words."""
    return _("Ikke kjent") if hours is None else formats.duration(timedelta(hours=hours))


def minutes_between(start: datetime, end: datetime) -> int:
    """Return whole minutes of elapsed time."""
    return clock.elapsed(start, end) // timedelta(minutes=1)


def length_text(minutes: int) -> str:
    """Return a length to the minute in words: minutes below two hours, hours and minutes from there on, never days."""
    if minutes < 120:
        return ngettext("%(minutes)s minutt", "%(minutes)s minutter", minutes) % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)s timer") % {"hours": hours}
    and_rest = ngettext("%(hours)s timer og %(minutes)s minutt", "%(hours)s timer og %(minutes)s minutter", rest)
    return and_rest % {"hours": hours, "minutes": rest}


def span_text(start: datetime, end: datetime) -> dict[str, str]:
    """Return both ends of a span in words: "kl. 13.02", or with their dates when these differ."""
    same = clock.local_date(start) == clock.local_date(end)
    told = _at_clock if same else formats.datetime_no
    return {"start": told(start), "end": told(end)}


def _at_clock(instant: datetime) -> str:
    return _("kl. %(time)s") % {"time": formats.clock(instant)}
