"""Court-ordered isolation, straffeprosessloven § 186 a: how long an order may run, and how long all of them together.

Must not hold the alert before the end (rule B15 in `law`). The court decides; this only catches what it cannot have meant.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import local_date

ORDER: Final = timedelta(weeks=2)
ORDER_RETEST_POINTLESS: Final = timedelta(weeks=4)
MOST: Final = timedelta(weeks=6)
MOST_SERIOUS: Final = timedelta(weeks=12)


class Penalty(StrEnum):
    """The heaviest penalty for what the person is charged with."""

    UP_TO_SIX = "up_to_six"  # six years or less
    OVER_SIX = "over_six"


class OrderFault(StrEnum):
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    OVER_MAXIMUM = "over_maximum"


def maximum(penalty: Penalty, *, weighty_reasons: bool) -> timedelta | None:
    """The most that orders may come to in a row; None where the court has found weighty reasons to go beyond."""
    if weighty_reasons:
        return None
    return MOST_SERIOUS if penalty is Penalty.OVER_SIX else MOST


def order_fault(
    first_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    penalty: Penalty,
    *,
    retest_pointless: bool,
    weighty_reasons: bool,
) -> OrderFault | None:
    """What is wrong with an order that runs from `starts_at` to `ends_at`, in a row that began at `first_at`. None: nothing.

    Weeks are calendar weeks of Oslo dates: an order from a Monday to the Monday two weeks later is two weeks whatever the clock did.
    """
    if ends_at <= starts_at:
        return OrderFault.BACKWARDS
    allowed = ORDER_RETEST_POINTLESS if retest_pointless else ORDER
    if local_date(ends_at) - local_date(starts_at) > allowed:
        return OrderFault.TOO_LONG
    most = maximum(penalty, weighty_reasons=weighty_reasons)
    if most is not None and local_date(ends_at) - local_date(first_at) > most:
        return OrderFault.OVER_MAXIMUM
    return None
