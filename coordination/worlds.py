"""The worlds, the reaches inside them and the database roles that follow.

Holds names only; what a role may do is declared by the walls beside the models.
"""

from enum import StrEnum


class World(StrEnum):
    """Where a record lives. A membership works in exactly one."""

    CUSTODY = "custody"
    MUNICIPAL_HEALTH = "municipal_health"
    SPECIALIST_HEALTH = "specialist_health"
    COOPERATION = "cooperation"


#: The worlds that hold personal data about people in custody.
PERSONAL_WORLDS = (World.CUSTODY, World.MUNICIPAL_HEALTH, World.SPECIALIST_HEALTH)


class Reach(StrEnum):
    """How far a membership reads: the whole agency, the people its units follow, no content at all, or what the log says of colleagues."""

    AGENCY = "agency"
    UNIT = "unit"
    ADMIN = "admin"
    LOG = "log"


#: Reaches that read no row about an inmate or a patient.
WITHOUT_CONTENT = (Reach.ADMIN, Reach.LOG)


def db_role(world: World, reach: Reach) -> str:
    """Return the PostgreSQL role of a world and a content reach."""
    return f"samvirke_{world}_{reach}"


#: Every database role that reads content, two per personal world.
CONTENT_ROLES = tuple(db_role(world, reach) for world in PERSONAL_WORLDS for reach in (Reach.AGENCY, Reach.UNIT))
ADMIN_ROLE = "samvirke_admin"
#: Runs the log's own functions and holds no privilege on any table.
PRIVACY_ROLE = "samvirke_privacy"
SWEEP_ROLE = "samvirke_sweep"
OWNER_ROLE = "samvirke_owner"
#: Owns the functions that delete what the law says must go, and nothing else may delete.
RETENTION_ROLE = "samvirke_retention"

#: The schema of ground tables (agencies, users, reference data), then one per world. Also the search path of every login.
BASE_SCHEMA = "base"
SCHEMAS = (BASE_SCHEMA, *World)
