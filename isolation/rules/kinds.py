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


class CoerciveGround(StrEnum):
    """Grounds of § 38 first paragraph, for cell and bed."""

    ATTACK_OR_INJURY = "attack_or_injury"  # a
    THREATS_OR_DAMAGE = "threats_or_damage"  # b
    RIOT = "riot"  # c
    ESCAPE = "escape"  # d
    INTRUSION = "intrusion"  # e
    BARRICADE = "barricade"  # f


EXCLUSIONS: Final = frozenset({Kind.EXCLUSION, Kind.IMMEDIATE_EXCLUSION, Kind.COURT_ISOLATION})
"""Whoever is excluded by decision of the prison or the court; the circular's duties on exclusion hold (R7.1.1-e)."""

COERCIVE: Final = frozenset({Kind.SECURITY_CELL, Kind.SECURITY_BED})

FORMAL: Final = EXCLUSIONS | COERCIVE
"""Measures with a decision behind them. The other two are facts, with the milder set of duties."""

_ADULT_ONLY_GROUNDS: Final = frozenset(
    {ExclusionGround.NEGATIVE_INFLUENCE, ExclusionGround.COLLECTIVE, ExclusionGround.BUILDING_OR_STAFF},
)
_ADULT_ONLY_KINDS: Final = frozenset({Kind.IMMEDIATE_EXCLUSION, Kind.COURT_ISOLATION})


def allowed_for(kind: Kind, *, minor: bool) -> bool:
    """Whether the law of today lets this kind be used. § 39 and strpl § 186 a never under 18; a bed still may be."""
    return not (minor and kind in _ADULT_ONLY_KINDS)


def exclusion_grounds(*, minor: bool) -> tuple[ExclusionGround, ...]:
    """The grounds to choose among, in the order of the law.

    Under 18: letters b to e (second paragraph), and acute building or staff reasons or own wish (tenth paragraph), only.
    """
    return tuple(ground for ground in ExclusionGround if not (minor and ground in _ADULT_ONLY_GROUNDS))
