"""Clocks on what prison and health service tell each other about a measure: notice to the doctor, requests, advice, harm.

Must not hold what the messages say. Rules D17, D18, D19, D24, D31, D31b. The numbers are ours: the sources say "without undue delay"
and "at once".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from coordination.clock import after, elapsed

DOCTOR_NOTICE_TARGET: Final = timedelta(hours=1)
DOCTOR_NOTICE_OVERDUE: Final = timedelta(hours=4)
REQUEST_TARGET: Final = timedelta(minutes=30)
REQUEST_OVERDUE: Final = timedelta(hours=2)
HARM_ACKNOWLEDGEMENT: Final = timedelta(minutes=30)
HARM_DECISION: Final = timedelta(hours=2)


@dataclass(frozen=True)
class NoticeClock:
    """Instants in UTC: when it should be sent, and when it is overdue."""

    target_at: datetime
    overdue_at: datetime


def doctor_notice_clock(effective_at: datetime) -> NoticeClock:
    """Notice to the doctor of an exclusion (D17): one hour, overdue after four, round the clock.

    At the first the duty leader is alerted, at the second the warden.
    """
    return NoticeClock(after(effective_at, DOCTOR_NOTICE_TARGET), after(effective_at, DOCTOR_NOTICE_OVERDUE))


def doctor_notice_needs_reason(effective_at: datetime, sent_at: datetime) -> bool:
    """Sent after four hours: the delay is only not "undue" when it can be explained, so a reason must be given."""
    return elapsed(effective_at, sent_at) > DOCTOR_NOTICE_OVERDUE


def health_request_clock(arose_at: datetime) -> NoticeClock:
    """Asking for a visit after force (D18) or on the inmate's wish (D19), and telling a doctor of a cell or bed decided
    without a statement (D24): 30 minutes, overdue after two hours."""
    return NoticeClock(after(arose_at, REQUEST_TARGET), after(arose_at, REQUEST_OVERDUE))


def harm_report_clock(received_at: datetime) -> NoticeClock:
    """The prison's part of D31: acknowledge a harm report or recommendation to end within 30 minutes (target),
    decide within two hours (overdue)."""
    return NoticeClock(after(received_at, HARM_ACKNOWLEDGEMENT), after(received_at, HARM_DECISION))
