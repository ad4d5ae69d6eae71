"""The invented inmates: names nobody has, birth dates, synthetic identity numbers. Same every time."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from coordination import national_id

GIVEN = (
    "Blid",
    "Kreativ",
    "Ivrig",
    "Tapper",
    "Rolig",
    "Vennlig",
    "Stille",
    "Lys",
    "Klok",
    "Snar",
    "Modig",
    "Mild",
    "Kvikk",
    "Sindig",
    "Glad",
)
FAMILY = (
    "Fiolin",
    "Trompet",
    "Sjiraff",
    "Måke",
    "Lampe",
    "Tiger",
    "Sofa",
    "Kaktus",
    "Paraply",
    "Bille",
    "Planke",
    "Sykkel",
    "Drue",
    "Hatt",
    "Kanin",
)
LANGUAGES = ("", "", "", "", "polsk", "tigrinja", "engelsk", "litauisk", "arabisk")


@dataclass(frozen=True)
class Invented:
    """One invented inmate."""

    number: str
    family_name: str
    given_name: str
    birth_date: date
    national_id: str
    language: str
    cell: str


def wing(number: int, count: int) -> str:
    """Return the department of an inmate by number: every other one, and the newest in A, where the first officer works."""
    return "A" if number % 2 == 0 or number == count - 1 else "B"


def invent(count: int, today: date) -> list[Invented]:
    """Return `count` people with different names; the third is a minor whose age follows today, so that the rules for minors show."""
    chance = random.Random(2026)  # noqa: S311 - the same people every time, not a secret
    names = [(family, given) for family in FAMILY for given in GIVEN]
    chance.shuffle(names)
    people = []
    for number in range(count):
        family, given = names[number]
        born = date(1960 + chance.randrange(45), 1 + chance.randrange(12), 1 + chance.randrange(28))
        if number == 2:
            born = today.replace(day=1) - timedelta(days=365 * 17)
        language = LANGUAGES[chance.randrange(len(LANGUAGES))]
        people.append(
            Invented(
                number=f"S-{20400 + number}",
                family_name=family,
                given_name=given,
                birth_date=born,
                national_id=national_id.generate_synthetic(born, number),
                language=language,
                cell=f"{wing(number, count)}-{101 + number}",
            )
        )
    return people
