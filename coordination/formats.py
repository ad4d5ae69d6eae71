"""How instants, dates, spans and deadlines read on screen and paper, always on the wall clock in Europe/Oslo.

Must not hold rules (when something is due), read the clock, or touch the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

OSLO = ZoneInfo("Europe/Oslo")
SOON = timedelta(minutes=60)

State = Literal["overdue", "soon", "later", "done", "advised"]
# Duties are "skal"; these two words of the circulars advise, and advice is never shown as a breach.
ADVICE = frozenset({"bør", "anbefalt"})


def local(value: datetime | date) -> datetime | date:
    """An instant as wall clock time in Oslo; a plain date as it is.

    Raises ValueError for a datetime without a time zone: guessing one has cost an hour twice a year in many systems.
    """
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("An instant without a time zone cannot be shown")
    return value.astimezone(OSLO)


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time from `start` to `end`. Through UTC: aware datetimes in one zone subtract by wall clock."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def clock(value: datetime) -> str:
    """The time of day: "13.02"."""
    return dateformat.format(local(value), "H.i")


def day(value: datetime | date) -> str:
    """Weekday and date: "mandag 23. november"."""
    return dateformat.format(local(value), "l j. F")


def weekdays() -> list[str]:
    """The names of the days, Monday first: "Mandag", "Tirsdag", …"""
    monday = date(2024, 1, 1)
    return [dateformat.format(monday + timedelta(days=number), "l").capitalize() for number in range(7)]


def shortdate(value: datetime | date) -> str:
    """The date in figures: "23.11.2026"."""
    return dateformat.format(local(value), "d.m.Y")


def datetime_no(value: datetime) -> str:
    """Date and time: "23.11.2026 kl. 13.02". In the hour that comes twice in October, which of the two is said."""
    shown = local(value)
    text = _("{date} kl. {time}").format(date=shortdate(value), time=clock(value))
    if isinstance(shown, datetime) and is_doubled(shown):
        return f"{text} ({_('normaltid') if shown.fold else _('sommertid')})"
    return text


def is_doubled(value: datetime) -> bool:
    """Whether this wall clock time in Oslo happens twice (the night summer time ends)."""
    early, late = value.replace(tzinfo=OSLO, fold=0), value.replace(tzinfo=OSLO, fold=1)
    return early.utcoffset() != late.utcoffset() and early.astimezone(UTC) < late.astimezone(UTC)


def iso(value: datetime | date) -> str:
    """For the datetime attribute of <time>: local time with its offset, so scripts can count from it."""
    shown = local(value)
    return shown.isoformat(timespec="seconds") if isinstance(shown, datetime) else shown.isoformat()


def duration(value: timedelta | int | float) -> str:
    """A span (timedelta, or minutes) in words: "14 t 47 min"; from two days on "3 døgn 5 t". The sign is dropped.

    A døgn is 24 hours of real time.
    """
    minutes = int(abs(value if isinstance(value, timedelta) else timedelta(minutes=value)) // timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        return (
            _("{days} døgn {hours} t").format(days=days, hours=hours) if hours else _("{days} døgn").format(days=days)
        )
    if hours:
        if not minutes:
            return _("{hours} t").format(hours=hours)
        return _("{hours} t {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Badge:
    """What a deadline badge shows: its state (for colour), icon name and words."""

    state: State
    icon: str
    text: str


def badge(due: datetime | date, *, now: datetime, done: datetime | date | None = None, strength: str = "skal") -> Badge:
    """The badge of a deadline at the instant `now`. A date is due at the end of that day in Oslo.

    Advice (`strength` "bør" or "anbefalt") is never overdue, only recommended for a time.
    """
    if done is not None:
        return Badge("done", "CheckmarkCircleFill", _("Gjort {when}").format(when=when(done, now)))
    if strength in ADVICE:
        text = _("Anbefalt innen {when}").format(when=when(due, now, prefix=True).lower())
        return Badge("advised", "Clock", text)
    today = _day_of(now)
    if isinstance(due, datetime):
        left = elapsed(now, due)
        if left < timedelta(0):
            return Badge(
                "overdue", "ExclamationmarkTriangleFill", _("{duration} over fristen").format(duration=_rough(left))
            )
        if left <= SOON:
            return Badge("soon", "TimerFill", _("Om {duration}").format(duration=duration(left)))
    elif due < today:
        late = _("{duration} over fristen").format(duration=_days((today - due).days))
        return Badge("overdue", "ExclamationmarkTriangleFill", late)
    return Badge("later", "Clock", when(due, now, prefix=True))


def when(value: datetime | date, now: datetime, *, prefix: bool = False) -> str:
    """A moment told from today: "12.04" (or "Kl. 12.04"), "I morgen 15.30", "25. nov", "4. jan 2027"."""
    shown, today = local(value), _day_of(now)
    on = _day_of(value)
    if on == today:
        if not isinstance(shown, datetime):
            return _("I dag")
        return _("Kl. {time}").format(time=clock(shown)) if prefix else clock(shown)
    if on == today + timedelta(days=1):
        if not isinstance(shown, datetime):
            return _("I morgen")
        return _("I morgen {time}").format(time=clock(shown))
    return dateformat.format(on, "j. b" if on.year == today.year else "j. b Y")


def _day_of(value: datetime | date) -> date:
    shown = local(value)
    return shown.date() if isinstance(shown, datetime) else shown


def _rough(span: timedelta) -> str:
    """Over a day late, whole days say enough."""
    span = abs(span)
    return _days(span.days) if span >= timedelta(days=1) else duration(span)


def _days(count: int) -> str:
    return ngettext("{count} dag", "{count} dager", count).format(count=count)
