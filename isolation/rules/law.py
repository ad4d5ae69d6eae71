"""The rule sets by law in force: which rows of the deadline register hold for a measure that began at an instant.

Rows are data; what a row means is in `limits`. Must not read a clock or a database: the date of the 2026 act is handed in.
Sources: fixtures/deadlines.yaml (D, B, N), strgjfl as consolidated 2 July 2026, lov 12. mai 2026 nr. 18 (adopted, not in force).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from coordination.clock import local_date

from .kinds import CONDUCT, EXCLUSIONS, PRISON_SIDE, ExclusionGround, Extent, Kind
from .limits import Act, Authority, Counts, Limit

_FULL, _PARTIAL = frozenset({Extent.FULL}), frozenset({Extent.PARTIAL})
_EXCLUSION = frozenset({Kind.EXCLUSION})
_IMMEDIATE = frozenset({Kind.IMMEDIATE_EXCLUSION})
_COURT = frozenset({Kind.COURT_ISOLATION})
_CELL, _BED = frozenset({Kind.SECURITY_CELL}), frozenset({Kind.SECURITY_BED})
_SELF = frozenset({Kind.SELF_ISOLATION})
_REGION, _KDI = Authority.REGION, Authority.DIRECTORATE
_SAME, _CHAIN = Counts.SAME, Counts.CHAIN
_COLLECTIVE_OR_ACUTE = frozenset({ExclusionGround.COLLECTIVE.value, ExclusionGround.ACUTE_BUILDING_OR_STAFF.value})
_ACUTE_OR_WISH = frozenset({ExclusionGround.ACUTE_BUILDING_OR_STAFF.value, ExclusionGround.OWN_WISH.value})
_CONDUCT = frozenset(ground.value for ground in CONDUCT)
_PRISON_SIDE = frozenset(ground.value for ground in PRISON_SIDE)
_INTAKE = frozenset({ExclusionGround.INTAKE.value})
_NOW = timedelta()


def _d(days: float) -> timedelta:
    return timedelta(days=days)


def _h(hours: int) -> timedelta:
    return timedelta(hours=hours)


_P37_5, _P37_6 = "strgjfl § 37 femte ledd", "strgjfl § 37 sjette ledd"
_P38_5, _P38_6 = "strgjfl § 38 femte ledd", "strgjfl § 38 sjette ledd"
_P37_8, _P37_10 = "strgjfl § 37 åttende ledd", "strgjfl § 37 tiende ledd"

STATUTE_2025: Final = (
    Limit("B01", "B01", _EXCLUSION, Act.DECIDE, _REGION, _d(14), _P37_5, _SAME, _FULL, minor=False),
    Limit("B02", "B02", _EXCLUSION, Act.REPORT, _KDI, _d(42), _P37_5, _CHAIN, then_every=_d(14), inferred=True),
    Limit("B03", "B03", _EXCLUSION, Act.MAXIMUM, Authority.PRISON, _d(365), _P37_5, _SAME, grounds=_CONDUCT),
    Limit("B04", "B04", _EXCLUSION, Act.REPORT, _REGION, _NOW, _P37_5, minor=True),
    Limit("B05A", "B05", _EXCLUSION, Act.DECIDE, _REGION, _d(3), _P37_5, _SAME, _FULL, minor=True),
    Limit("B05B", "B05", _EXCLUSION, Act.REPORT, _KDI, _d(5), _P37_5, _SAME, _FULL, minor=True),
    Limit("B06", "B06", _EXCLUSION, Act.REPORT, _REGION, _d(30), _P37_6, _SAME, _PARTIAL, minor=False),
    Limit("B07", "B07", _EXCLUSION, Act.DECIDE, _KDI, _d(7), _P37_6, _SAME, _PARTIAL, minor=True, then_every=_d(7)),
    Limit(
        *("B08", "B08", _EXCLUSION, Act.MAXIMUM, _REGION, _d(3), _P37_8, _SAME),
        grounds=_COLLECTIVE_OR_ACUTE,
        minor=False,
        extension=_d(3),
    ),
    Limit(
        *("B09", "B09", _EXCLUSION, Act.MAXIMUM, _REGION, _d(2), _P37_10, _SAME),
        grounds=_ACUTE_OR_WISH,
        minor=True,
        extension=_d(2),
    ),
    Limit(
        *("B09K", "B09", _EXCLUSION, Act.REPORT, _KDI, _NOW, _P37_10),
        grounds=_ACUTE_OR_WISH,
        minor=True,
        on_extension="B09",
    ),
    Limit("B10", "B10", _IMMEDIATE, Act.MAXIMUM, Authority.PRISON, _h(24), "strgjfl § 39", warn=_h(4)),
    Limit(
        *("B11A", "B11", _BED, Act.DECIDE, _REGION, _h(24), _P38_5, _SAME),
        minor=False,
        then_every=_h(24),
        warn=_h(4),
    ),
    Limit("B11B", "B11", _BED, Act.REPORT, _KDI, _d(3), _P38_5, _SAME, minor=False),
    Limit("B12A", "B12", _BED, Act.DECIDE, _REGION, _NOW, _P38_5, minor=True),
    Limit("B12B", "B12", _BED, Act.REPORT, _KDI, _h(24), _P38_5, _SAME, minor=True, warn=_h(4)),
    Limit("B13A", "B13", _CELL, Act.DECIDE, _REGION, _d(3), _P38_6, _SAME, minor=False),
    Limit("B13B", "B13", _CELL, Act.REPORT, _KDI, _d(6), _P38_6, _SAME, minor=False),
    Limit("B14A", "B14", _CELL, Act.DECIDE, _REGION, _h(24), _P38_6, _SAME, minor=True, warn=_h(4)),
    Limit("B14B", "B14", _CELL, Act.REPORT, _KDI, _d(3), _P38_6, _SAME, minor=True),
)
"""§§ 37 to 39 as they stand. The cap of seven days for minors that is printed in § 37 is not in force and is not here (B05)."""

OTHER_LAW: Final = (
    Limit(
        *("B15", "B15", _COURT, Act.ORDER_ENDS, Authority.COURT, _NOW, "strpl § 186 a"),
        warn=_h(48),
    ),
    Limit("B15M", "B15", _COURT, Act.MAXIMUM, Authority.COURT, _d(42), "strpl § 186 a", _SAME, warn=_d(7)),
    Limit(
        *("B16", "B16", EXCLUSIONS, Act.TELL, Authority.SUPERVISORY_BOARD, _d(30), "forskrift om tilsynsrådet § 4"),
        _CHAIN,
        inferred=True,
    ),
    Limit(
        *("B18", "B18", EXCLUSIONS, Act.TELL, Authority.GUARDIAN, _NOW, "straffegjennomføringsforskriften § 3-1 b"),
        minor=True,
        on_decision=True,
    ),
)
"""What the 2026 act does not touch."""

ACT_2026_ROWS: Final = (
    Limit(
        "N01A", "N01", _EXCLUSION, Act.RENEW, Authority.PRISON, _d(7), "strgjfl § 37 a", grounds=_CONDUCT, minor=False
    ),
    Limit(
        "N01B", "N01", _EXCLUSION, Act.DECIDE, _REGION, _d(14), "strgjfl § 37 a", _SAME, grounds=_CONDUCT, minor=False
    ),
    Limit(
        *("N01C", "N01", _EXCLUSION, Act.TELL, _KDI, _d(30), "strgjfl § 37 a", _SAME),
        grounds=_CONDUCT,
        minor=False,
        then_every=_d(14),
    ),
    Limit(
        *("N01D", "N01", _EXCLUSION, Act.MAXIMUM, Authority.PRISON, _d(181), "strgjfl § 37 a", _SAME),
        grounds=_CONDUCT,
        minor=False,
        warn=_d(7),
        inferred=True,
    ),
    Limit(
        "N02A", "N02", _EXCLUSION, Act.TELL, _REGION, _d(1), "strgjfl § 37 b", _SAME, grounds=_PRISON_SIDE, minor=False
    ),
    Limit(
        *("N02B", "N02", _EXCLUSION, Act.MAXIMUM, Authority.PRISON, _d(7), "strgjfl § 37 b", _SAME),
        grounds=_PRISON_SIDE,
        minor=False,
    ),
    Limit("N03", "N03", _EXCLUSION, Act.MAXIMUM, Authority.PRISON, _d(7), "strgjfl § 37 femte ledd", grounds=_INTAKE),
    Limit("N04A", "N04", _EXCLUSION, Act.TELL, _REGION, _NOW, "strgjfl § 37 c", minor=True),
    Limit("N04B", "N04", _EXCLUSION, Act.MAXIMUM, Authority.PRISON, _d(7), "strgjfl § 37 c", _SAME, minor=True),
    Limit("N05A", "N05", _SELF, Act.TELL, _REGION, _d(14), "strgjfl § 37 d"),
    Limit("N05B", "N05", _SELF, Act.TELL, _KDI, _d(30), "strgjfl § 37 d", then_every=_d(14)),
    Limit("N06", "N06", _EXCLUSION, Act.PLAN, Authority.PRISON, _d(7), "strgjfl § 37 e"),
    Limit("N07A", "N07", _CELL, Act.RENEW, Authority.PRISON, _h(24), "strgjfl § 38 c", warn=_h(4)),
    Limit("N07B", "N07", _CELL, Act.TELL, _REGION, _NOW, "strgjfl § 38 c"),
    Limit("N07C", "N07", _CELL, Act.DECIDE, _REGION, _h(48), "strgjfl § 38 c", _SAME, minor=False),
    Limit("N07D", "N07", _CELL, Act.TELL, _KDI, _d(6), "strgjfl § 38 c", _SAME, minor=False),
    Limit("N08A", "N08", _BED, Act.RENEW, Authority.PRISON, _h(12), "strgjfl § 38 d", warn=_h(2)),
    Limit("N08B", "N08", _BED, Act.TELL, _REGION, _NOW, "strgjfl § 38 d"),
    Limit("N08C", "N08", _BED, Act.DECIDE, _REGION, _h(12), "strgjfl § 38 d", _SAME, warn=_h(4)),
    Limit("N08D", "N08", _BED, Act.TELL, _KDI, _h(72), "strgjfl § 38 d", _SAME),
    Limit("N09A", "N09", _CELL, Act.DECIDE, _REGION, _h(24), "strgjfl § 38 e", _SAME, minor=True, warn=_h(4)),
    Limit("N09B", "N09", _CELL, Act.TELL, _KDI, _h(72), "strgjfl § 38 e", _SAME, minor=True),
    Limit("N10", "N10", _EXCLUSION, Act.DAILY, Authority.PRISON, _d(1), "strgjfl § 17"),
    Limit("N11", "N11", _CELL | _BED, Act.DAILY, Authority.HEALTH, _d(1), "hol § 3-9"),
)


@dataclass(frozen=True)
class RuleSet:
    """Rules that came together. Local dates in Oslo, both inclusive; `valid_to` None until further notice.

    `valid_from` None: adopted, and waiting for its date. `duties` are rows of the circular, which `duties()` computes.
    """

    code: str
    valid_from: date | None
    valid_to: date | None
    source: str
    limits: tuple[Limit, ...] = ()
    duties: bool = False

    def in_force(self, day: date) -> bool:
        """Whether the set holds on a local date."""
        return (
            self.valid_from is not None and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )


SINCE: Final = date(2025, 1, 1)
CIRCULAR: Final = RuleSet("circular", SINCE, None, "Rundskriv om samarbeid kriminalomsorg – helse, kap. 7", duties=True)
IN_FORCE: Final = RuleSet("statute", SINCE, None, "Straffegjennomføringsloven, konsolidert 2. juli 2026", STATUTE_2025)
OTHER: Final = RuleSet("other", SINCE, None, "Straffeprosessloven § 186 a og forskrifter", OTHER_LAW)
ACT_2026: Final = RuleSet("act_2026", None, None, "Lov 12. mai 2026 nr. 18", ACT_2026_ROWS)


def rule_sets(act_from: date | None) -> tuple[RuleSet, ...]:
    """Every set with its dates. `act_from` is the day the 2026 act takes effect, None while it has no date."""
    if act_from is None:
        return (CIRCULAR, IN_FORCE, OTHER, ACT_2026)
    ends = act_from - timedelta(days=1)
    return (CIRCULAR, replace(IN_FORCE, valid_to=ends), OTHER, replace(ACT_2026, valid_from=act_from))


def sets_for(effective_at: datetime, act_from: date | None) -> tuple[RuleSet, ...]:
    """The sets that hold for a measure that began at an instant, by the Oslo date of it, for as long as the measure lasts."""
    day = local_date(effective_at)
    return tuple(s for s in rule_sets(act_from) if s.in_force(max(day, SINCE)))


def limits_for(effective_at: datetime, act_from: date | None) -> tuple[Limit, ...]:
    """The limits of those sets."""
    return tuple(limit for s in sets_for(effective_at, act_from) for limit in s.limits)


def act_2026_holds(effective_at: datetime, act_from: date | None) -> bool:
    """Whether a measure that began at an instant is under the 2026 act."""
    return act_from is not None and local_date(effective_at) >= act_from


ALL_LIMITS: Final = {limit.code: limit for limit in (*STATUTE_2025, *OTHER_LAW, *ACT_2026_ROWS)}
