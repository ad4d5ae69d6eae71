"""What a model says about its wall. Holds no SQL and no database access.

Every model of ours names its wall in a class attribute `wall`; a model without one fails the system check.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from coordination.worlds import World


class Kind(StrEnum):
    """The closed list of wall shapes. Each has its policies in `operations`."""

    REFERENCE = "reference"  # facts about no inmate, read by every acting membership, written by the owner only
    LOGIN = "login"  # passwords and sessions: the login's own database role only
    STAFF = "staff"  # colleagues: read inside the agency, written by its administrator
    SUBJECT = "subject"  # the person or patient itself
    GRANT = "grant"  # who needs to know about a person
    PERSONAL = "personal"  # a row about a person
    AGENCY = "agency"  # a row of the agency about nobody in particular
    SYSTEM = "system"  # the sweep's own bookkeeping; no inmate in it
    LETTER = "letter"  # copies of disclosures: only the postman writes
    SHARED = "shared"  # on the ground between agencies, about no inmate: read by its owner and those it is shared with


@dataclass(frozen=True, kw_only=True)
class Wall:
    """The wall of one model.

    `person` is the column that names the person; `grants` the table that says who needs to know (read from the model registry);
    `appends` takes away UPDATE; `moves` says whether the rows follow a person to another prison; `unit_reads` opens an AGENCY
    table to need-to-know members; `author` is the column with the membership that alone reads a PERSONAL row, which with `nobody` may
    be about nobody; `desk` is the column
    with the unit on whose desk a PERSONAL row lies while it is about nobody known here; `agency_writes` lets whole-agency members add
    to a STAFF table; `postman` lists columns the postman may read as proof, `postman_adds` lets it add rows; `sweep` lists the columns
    the deadline sweeper may read, `sweep_writes` those it may set; `audit` lists columns the log's own functions may read to judge an
    opening; `named` lists kinds of LETTER that only those read who are named to ask for information; `behind` is the column with the letter
    without which a LETTER table's row is not read, or with the SHARED row that decides who reads this one; `parties` is the column with the
    agencies that a SHARED row is shared with, and `joins` lets them add rows behind it; `expires` says that a GRANT may have an end
    (`valid_until`); `retention` the columns beyond the keys that say when a row may be deleted.
    """

    kind: Kind
    world: World | None = None
    person: str = ""
    appends: bool = False
    moves: bool = True
    unit_reads: bool = True
    agency_writes: bool = False
    desk: str = ""
    author: str = ""
    nobody: bool = False
    named: tuple[str, ...] = ()
    behind: str = ""
    parties: str = ""
    joins: bool = False
    postman_adds: bool = False
    postman: tuple[str, ...] = ()
    sweep: tuple[str, ...] = ()
    sweep_writes: tuple[str, ...] = ()
    audit: tuple[str, ...] = ()
    expires: bool = False
    retention: tuple[str, ...] = ()


def personal(world: World, *, person: str = "person_id", **more: Any) -> Wall:
    """Return the wall of an ordinary row about a person."""
    return Wall(kind=Kind.PERSONAL, world=world, person=person, **more)


def shared(**more: Any) -> Wall:
    """Return the wall of a row on the ground between agencies. There is one such ground, and nobody's personal data lies on it."""
    return Wall(kind=Kind.SHARED, world=World.COOPERATION, **more)


REFERENCE = Wall(kind=Kind.REFERENCE)


def walled_models() -> list[type[models.Model]]:
    """Return every installed model that declares a wall, in table order."""
    return sorted((m for m in apps.get_models() if wall_of(m)), key=lambda m: m._meta.db_table)


def wall_of(model: type[models.Model]) -> Wall | None:
    """Return the wall a model declares, or None."""
    return getattr(model, "wall", None)


def grant_table(world: World) -> type[models.Model]:
    """Return the model of the need-to-know grants of a world."""
    return next(m for m in walled_models() if (w := wall_of(m)) and w.kind is Kind.GRANT and w.world is world)


def spelled_out(model: type[models.Model]) -> dict[str, Any]:
    """Return the wall of a model as the plain values a migration freezes.

    Parents are the columns that point at rows with walls of their own: a written row may only point at rows its writer can see,
    or a foreign key would tell hidden from absent.
    """
    wall = wall_of(model)
    assert wall is not None
    plain = Wall(kind=wall.kind)
    values: dict[str, Any] = {k: v for k, v in asdict(wall).items() if k == "kind" or v != getattr(plain, k)}
    values = {k: str(v) if isinstance(v, StrEnum) else v for k, v in values.items()}
    values["table"] = model._meta.db_table
    if wall.kind in (Kind.SUBJECT, Kind.PERSONAL, Kind.GRANT, Kind.LETTER) and wall.world:
        values["grants"] = grant_table(wall.world)._meta.db_table
    parents = []
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.column:
            target = wall_of(field.remote_field.model)
            if target and target.kind in (Kind.SUBJECT, Kind.PERSONAL, Kind.AGENCY, Kind.LETTER, Kind.SHARED):
                parents.append((field.column, field.remote_field.model._meta.db_table))
    if parents:
        values["parents"] = tuple(sorted(parents))
    return values
