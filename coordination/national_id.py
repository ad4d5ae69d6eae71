"""Norwegian person numbers: fødselsnummer, D-number, H-number and FH-number, real and synthetic.

Must not hold words for the screen (the form maps `Reason` to text), and never put a number into an error message.

python-stdnum cleans the input and computes the check digits. It does not know the synthetic series, nor the numbers that
will be given out from 1 January 2032, so the rest is ours. A birth date is never *derived* for storage: from 2032 the
number does not say the century, nor the sex.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from stdnum.no import fodselsnummer
from stdnum.util import isdigits


class Kind(StrEnum):
    FNR = "fnr"  # fødselsnummer
    DNR = "dnr"  # D-number: day + 40
    HNR = "hnr"  # help number of a health institution: month + 40
    FH = "fh"  # shared help number of the health services: first digit 8 or 9, no birth date in it


class Series(StrEnum):
    ORDINARY = "ordinary"
    TENOR = "tenor"  # the tax administration's test persons: month + 80
    NHN = "nhn"  # Norsk helsenett's test persons: month + 65
    NAV = "nav"  # Nav's test persons: month + 40, the same digits as an H-number


class Reason(StrEnum):
    """Why a number was refused."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    CHECK_DIGITS = "check_digits"
    DATE = "date"
    SYNTHETIC = "synthetic"  # a real system must not hold test persons


class InvalidNationalId(ValueError):
    """Not a person number that may be used here; `reason` says why. The message never holds the number."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True)
class NationalId:
    """A checked number: eleven digits without separators."""

    number: str
    kind: Kind
    synthetic: bool
    series: Series

    def __repr__(self) -> str:
        return f"NationalId({masked(self.number)!r}, {self.kind.value}, {self.series.value})"

    __str__ = __repr__


LENGTH: Final = 11
_WEIGHTS_1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_D_DAY: Final = 40
_MONTH_SHIFTS: Final = ((80, Series.TENOR), (65, Series.NHN), (40, Series.NAV))
_REMAINDERS_2032: Final = frozenset({0, 1, 2, 3})


def parse(number: str, *, allow_synthetic: bool) -> NationalId:
    """Check a typed number; spaces, hyphens and colons are ignored. Raises `InvalidNationalId`.

    `allow_synthetic` is the setting `ALLOW_SYNTHETIC_IDS`. Month + 40 means two things: where test persons are allowed it is
    Nav's, so that no demonstration person passes for a real patient; where they are not it is an H-number.

    Tolerance: the first check digit of a fødselsnummer or D-number may leave remainder 0, 1, 2 or 3, as all numbers given out
    from 2032 may. Old and new cannot be told apart, so the rule has no date; the second digit still catches every single wrong
    digit. Test series of those two kinds are read the same way, so that 2032 can be rehearsed before it comes. H- and
    FH-numbers are not part of the change and stay strict.
    """
    compact = fodselsnummer.compact(number)
    if not compact:
        raise InvalidNationalId(Reason.EMPTY)
    if not isdigits(compact):
        raise InvalidNationalId(Reason.NOT_DIGITS)
    if len(compact) != LENGTH:
        raise InvalidNationalId(Reason.LENGTH)
    remainder = _first_remainder(compact)
    if remainder not in _REMAINDERS_2032 or compact[10] != fodselsnummer.calc_check_digit2(compact):
        raise InvalidNationalId(Reason.CHECK_DIGITS)
    found = _classify(compact, allow_synthetic=allow_synthetic)
    if remainder != 0 and found.kind not in (Kind.FNR, Kind.DNR):
        raise InvalidNationalId(Reason.CHECK_DIGITS)
    if found.synthetic and not allow_synthetic:
        raise InvalidNationalId(Reason.SYNTHETIC)
    return found


def birth_date_hint(national_id: NationalId) -> date | None:
    """A birth date to *offer* in a form that is otherwise empty, or None when the number does not tell.

    Never to be stored unseen: a number from 2032 that happens to leave remainder 0 can give the wrong century.
    """
    if national_id.kind is Kind.FH or _first_remainder(national_id.number) != 0:
        return None
    day, month, year = _date_parts(national_id.number, national_id.series, national_id.kind)
    century = _century(int(national_id.number[6:9]), year)
    return None if century is None else _date_or_none(century + year, month, day)


def masked(number: str) -> str:
    """For lists and logs: `150591 *****`. The five last digits are what opens doors elsewhere.

    An FH-number's first six digits are no date but half its secret, so only the first is shown; anything that is not eleven
    digits is hidden whole.
    """
    compact = fodselsnummer.compact(number)
    if len(compact) != LENGTH or not isdigits(compact):
        return "*" * LENGTH
    shown = 1 if compact[0] in "89" else 6
    return f"{compact[:shown]}{'*' * (6 - shown)} *****"


def generate_synthetic(birth_date: date, seed: int) -> str:
    """A Tenor-style number (month + 80) for demonstration data: same input, same number; next seed, next number.

    Strict check digits, so that any reader of test numbers accepts it. Seeds repeat after some four hundred people with one
    birth date. Raises `ValueError` for birth years outside 1900-2039, which the old series do not cover.
    """
    numbers = _synthetic_numbers(birth_date)
    return numbers[seed % len(numbers)]


@lru_cache(maxsize=512)
def _synthetic_numbers(birth_date: date) -> tuple[str, ...]:
    if not 1900 <= birth_date.year <= 2039:
        raise ValueError("no old series covers this birth year")
    start = f"{birth_date.day:02}{birth_date.month + 80:02}{birth_date.year % 100:02}"
    individuals = range(500) if birth_date.year < 2000 else range(500, 1000)
    numbers = []
    for individual in individuals:
        body = f"{start}{individual:03}"
        first = fodselsnummer.calc_check_digit1(body)
        second = fodselsnummer.calc_check_digit2(body + first)
        if len(first) == len(second) == 1:  # "10" is no digit: the number is never given out
            numbers.append(body + first + second)
    return tuple(numbers)


def _first_remainder(number: str) -> int:
    """What is left of the first check: 0 for every number of today, 0-3 from 2032."""
    return (sum(weight * int(digit) for weight, digit in zip(_WEIGHTS_1, number, strict=False)) + int(number[9])) % 11


def _classify(number: str, *, allow_synthetic: bool) -> NationalId:
    if number[0] in "89":
        return NationalId(number, Kind.FH, synthetic=False, series=Series.ORDINARY)
    month = int(number[2:4])
    series = next((series for shift, series in _MONTH_SHIFTS if shift < month <= shift + 12), Series.ORDINARY)
    kind = Kind.DNR if int(number[:2]) > _D_DAY else Kind.FNR
    if series is Series.NAV and not allow_synthetic:
        if kind is Kind.DNR:  # nobody has both shifts but a test person
            raise InvalidNationalId(Reason.SYNTHETIC)
        kind = Kind.HNR
    day, month, year = _date_parts(number, series, kind)
    # The century is unknown from 2032, so any that makes the date real will do (29 February of '00 was only in 2000).
    if not any(_date_or_none(century + year, month, day) for century in (1900, 2000)):
        raise InvalidNationalId(Reason.DATE)
    synthetic = series is not Series.ORDINARY and kind is not Kind.HNR
    return NationalId(number, kind, synthetic, series if synthetic else Series.ORDINARY)


def _date_parts(number: str, series: Series, kind: Kind) -> tuple[int, int, int]:
    shift = {Series.TENOR: 80, Series.NHN: 65, Series.NAV: 40, Series.ORDINARY: 40 if kind is Kind.HNR else 0}[series]
    day = int(number[:2]) - (_D_DAY if kind is Kind.DNR else 0)
    return day, int(number[2:4]) - shift, int(number[4:6])


def _century(individual: int, year: int) -> int | None:
    """By the table of today. Born before 1900 is left out: nobody is, but a number from 2032 may look so."""
    if individual < 500 or (individual >= 900 and year >= 40):
        return 1900
    if year < 40:
        return 2000
    return None


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
