"""The kinds of isolation measure, their extents and grounds in law, and who may not be subjected to which.

Must not hold clocks or time limits. Source: straffegjennomføringsloven §§ 37-39, straffeprosessloven § 186 a, circular 7.1.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    EXCLUSION = "exclusion"  # utelukkelse, § 37
    SECURITY_CELL = "security_cell"  # sikkerhetscelle, § 38
    SECURITY_BED = "security_bed"  # sikkerhetsseng, § 38
    IMMEDIATE_EXCLUSION = "immediate_exclusion"  # § 39
    COURT_ISOLATION = "court_isolation"  # strpl § 186 a; the prison only registers it
    SELF_ISOLATION = "self_isolation"  # registered, no decision
    DE_FACTO = "de_facto"  # locked in without a decision, computed from cell time


class Extent(StrEnum):
    PARTIAL = "partial"
    FULL = "full"


class ExclusionGround(StrEnum):
    """Grounds of § 37. The prison must choose; the law's letter stands beside."""

    NEGATIVE_INFLUENCE = "negative_influence"  # first paragraph a
    HARM_OR_VIOLENCE = "harm_or_violence"  # b: hurting oneself, violence or threats
    MATERIAL_DAMAGE = "material_damage"  # c
    CRIMINAL_ACTS = "criminal_acts"  # d
    ORDER_AND_SECURITY = "order_and_security"  # e
    COLLECTIVE = "collective"  # eighth paragraph: an unknown number have done, or are doing, such acts
    ACUTE_BUILDING_OR_STAFF = "acute_building_or_staff"  # eighth and, for minors, tenth paragraph
    BUILDING_OR_STAFF = "building_or_staff"  # ninth paragraph
    OWN_WISH = "own_wish"  # ninth and, for minors, tenth paragraph
    INTAKE = "intake"  # § 37 fifth paragraph of the 2026 act; not law before it


class CoerciveGround(StrEnum):
    """Grounds of § 38 first paragraph, for cell and bed."""

    ATTACK_OR_INJURY = "attack_or_injury"  # a
    THREATS_OR_DAMAGE = "threats_or_damage"  # b
    RIOT = "riot"  # c
    ESCAPE = "escape"  # d
    INTRUSION = "intrusion"  # e
    BARRICADE = "barricade"  # f


class ImmediateGround(StrEnum):
    """The one ground of § 39."""

    BREACH_LIKELY = "breach_likely"  # the rules on order and discipline have probably been broken


class CourtGround(StrEnum):
    """Court isolation rests on the order alone; the prison judges no ground of its own."""

    COURT_ORDER = "court_order"


EXCLUSIONS: Final = frozenset({Kind.EXCLUSION, Kind.IMMEDIATE_EXCLUSION, Kind.COURT_ISOLATION})
"""Whoever is excluded by decision of the prison or the court; the circular's duties on exclusion hold (R7.1.1-e)."""

COERCIVE: Final = frozenset({Kind.SECURITY_CELL, Kind.SECURITY_BED})

FORMAL: Final = EXCLUSIONS | COERCIVE
"""Measures with a decision behind them. The other two are facts, with the milder set of duties."""

_ADULT_ONLY_GROUNDS: Final = frozenset(
    {ExclusionGround.NEGATIVE_INFLUENCE, ExclusionGround.COLLECTIVE, ExclusionGround.BUILDING_OR_STAFF},
)
_ADULT_ONLY_KINDS: Final = frozenset({Kind.IMMEDIATE_EXCLUSION, Kind.COURT_ISOLATION})

CONDUCT: Final = frozenset(
    {
        ExclusionGround.NEGATIVE_INFLUENCE,
        ExclusionGround.HARM_OR_VIOLENCE,
        ExclusionGround.MATERIAL_DAMAGE,
        ExclusionGround.CRIMINAL_ACTS,
        ExclusionGround.ORDER_AND_SECURITY,
    }
)
"""Letters a to e: what the inmate did or is feared to do."""

PRISON_SIDE: Final = frozenset(
    {
        ExclusionGround.COLLECTIVE,
        ExclusionGround.ACUTE_BUILDING_OR_STAFF,
        ExclusionGround.BUILDING_OR_STAFF,
    }
)
"""What the inmate personally has no part in, or is not known to."""


def allowed_for(kind: Kind, *, minor: bool, act_2026: bool = False) -> bool:
    """Whether the law lets this kind be used. § 39 and strpl § 186 a never under 18; a bed still may be.

    Under the 2026 act (`act_2026`) § 39 is gone (B10) and a bed is never for anybody under 18 (N08).
    """
    if act_2026 and (kind is Kind.IMMEDIATE_EXCLUSION or (minor and kind is Kind.SECURITY_BED)):
        return False
    return not (minor and kind in _ADULT_ONLY_KINDS)


def exclusion_grounds(*, minor: bool, act_2026: bool = False) -> tuple[ExclusionGround, ...]:
    """The grounds to choose among, in the order of the law.

    Under 18: letters b to e (second paragraph), and acute building or staff reasons or own wish (tenth paragraph), only.
    The 2026 act adds intake and makes keeping to oneself a registration instead of a decision.
    """
    gone = {ExclusionGround.OWN_WISH} if act_2026 else {ExclusionGround.INTAKE}
    return tuple(g for g in ExclusionGround if g not in gone and not (minor and g in _ADULT_ONLY_GROUNDS))


def grounds_for(kind: Kind, *, minor: bool, act_2026: bool = False) -> tuple[StrEnum, ...]:
    """The grounds a decision of a kind may rest on."""
    if kind in COERCIVE:
        return tuple(CoerciveGround)
    if kind is Kind.IMMEDIATE_EXCLUSION:
        return tuple(ImmediateGround)
    if kind is Kind.COURT_ISOLATION:
        return tuple(CourtGround)
    return exclusion_grounds(minor=minor, act_2026=act_2026)
