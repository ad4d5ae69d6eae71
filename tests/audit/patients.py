"""A patient behind the walls, made past the application: followed by nobody until somebody is given a grant."""

from uuid import UUID

from tests.cast import AT
from tests.walls.world import _insert

BORN = AT.date().replace(year=1988)


def make_patient(admin, cast, unit: str, family: str = "Nordlys") -> UUID:
    """Return the key of a new patient of the health service that a unit belongs to."""
    place = cast.units[unit]
    table = (
        "coordination_municipalpatient"
        if place.agency.world == "municipal_health"
        else "coordination_specialistpatient"
    )
    admin.execute(f"SET search_path = {place.agency.world}, base")
    key = _insert(
        admin,
        table,
        {
            "agency_id": place.agency_id,
            "unit_id": place.pk,
            "present": True,
            "birth_date": BORN,
            "family_name": family,
            "family_key": family.lower(),
            "given_name": "Stille",
            "place": "",
            "language": "",
            "national_id_masked": "",
        },
    )
    admin.execute("RESET search_path")
    return key
