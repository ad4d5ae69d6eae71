"""How often somebody isolated is seen, by kind and age."""

from datetime import date

import pytest

from isolation.rules.kinds import Extent, Kind
from isolation.rules.regimes import (
    Mode,
    NoCheckDuty,
    regime,
)
from tests.rules.test_isolation_checks import ADULT, HOUR, MINOR, MINUTE, oslo

# The regime


@pytest.mark.parametrize(
    ("kind", "birth_date", "rule", "mode"),
    [
        (Kind.EXCLUSION, ADULT, "D20", Mode.ROLLING),
        (Kind.COURT_ISOLATION, ADULT, "D20", Mode.ROLLING),
        (Kind.EXCLUSION, MINOR, "D21", Mode.CONTINUOUS),
        (Kind.SECURITY_CELL, ADULT, "D25", Mode.ROLLING),
        (Kind.SECURITY_CELL, MINOR, "D21", Mode.CONTINUOUS),
        (Kind.SECURITY_BED, ADULT, "D26", Mode.CONTINUOUS),
        (Kind.SECURITY_BED, MINOR, "D26", Mode.CONTINUOUS),
    ],
)
def test_regime(kind: Kind, birth_date: date, rule: str, mode: Mode) -> None:
    now = regime(kind, None, birth_date, oslo(6, 1, 12))
    assert (now.rule, now.mode, now.note_interval) == (rule, mode, 15 * MINUTE)
    assert (now.day_interval is None) is (mode is Mode.CONTINUOUS)


@pytest.mark.parametrize("extent", [Extent.PARTIAL, Extent.FULL, None])
def test_the_extent_of_exclusion_makes_no_difference(extent: Extent | None) -> None:
    assert regime(Kind.EXCLUSION, extent, ADULT, oslo(6, 1)) == regime(Kind.EXCLUSION, None, ADULT, oslo(6, 1))


def test_a_cell_is_hourly_also_at_night_and_exclusion_is_not() -> None:
    cell, exclusion = (regime(kind, None, ADULT, oslo(6, 1)) for kind in (Kind.SECURITY_CELL, Kind.EXCLUSION))
    assert (cell.day_interval, cell.night_interval) == (HOUR, HOUR)
    assert (exclusion.day_interval, exclusion.night_interval) == (HOUR, 3 * HOUR)


def test_the_regime_of_a_minor_says_when_it_ends() -> None:
    born = date(2008, 6, 2)
    before = regime(Kind.EXCLUSION, None, born, oslo(6, 1, 23, 59))
    assert (before.mode, before.changes_at) == (Mode.CONTINUOUS, oslo(6, 2))
    assert regime(Kind.EXCLUSION, None, born, oslo(6, 2)).mode is Mode.ROLLING


def test_staff_may_choose_continuous_watch() -> None:
    for kind in (Kind.SECURITY_CELL, Kind.EXCLUSION):
        assert regime(kind, None, ADULT, oslo(6, 1), continuous_chosen=True).mode is Mode.CONTINUOUS


@pytest.mark.parametrize("kind", [Kind.SELF_ISOLATION, Kind.DE_FACTO])
def test_what_is_no_measure_has_no_fixed_checks(kind: Kind) -> None:
    with pytest.raises(NoCheckDuty):
        regime(kind, None, ADULT, oslo(6, 1))
