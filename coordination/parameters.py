"""The numbers that the circulars leave open, and what an agency or a unit has made of them: tightened, never loosened.

Knows what each number is and which way is stricter; what follows from it is decided by the rules of the app that reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.identity import Actor
from coordination.models import Parameter, Role, Unit
from coordination.parameter_definitions import DEFINITIONS, Definition, Measure, Value
from coordination.people.anonymity import require_nameless
from coordination.refusals import refused_at
from coordination.worlds import World

#: Before anything was set.
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
#: The most that makes sense, so that a slip of the finger is caught.
CEILING = {Measure.MINUTES: 24 * 60, Measure.HOURS: 24, Measure.MONTHS: 12, Measure.COUNT: 30}
#: Whose decision a number is, by world.
SETTERS = {
    World.CUSTODY: Role.WARDEN,
    World.MUNICIPAL_HEALTH: Role.HEALTH_LEADER,
    World.SPECIALIST_HEALTH: Role.TRUST_LEADER,
}


@dataclass(frozen=True)
class Setting:
    """What holds for one number in one place, and who last changed it there or for the whole agency (`change` None: nobody has).

    `own` says that the change was made for this place and not for the agency around it.
    """

    definition: Definition
    value: Value
    limit: Value
    change: Parameter | None = None
    own: bool = False


@dataclass(frozen=True)
class Settings:
    """All numbers that hold in one place."""

    rows: Mapping[str, Setting] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Value:
        """Return the value that holds. Raises KeyError for a number that does not exist in this world."""
        return self.rows[key].value

    def number(self, key: str) -> int:
        """Return a count. Raises TypeError for a time of day."""
        value = self[key]
        if isinstance(value, time):
            raise TypeError(key)
        return value

    def clock(self, key: str) -> time:
        """Return a time of day in Oslo. Raises TypeError for a count."""
        value = self[key]
        if not isinstance(value, time):
            raise TypeError(key)
        return value

    def span(self, key: str) -> timedelta:
        """Return minutes or hours as elapsed time. Raises TypeError for anything else."""
        measure = self.rows[key].definition.measure
        if measure is Measure.MINUTES:
            return timedelta(minutes=self.number(key))
        if measure is Measure.HOURS:
            return timedelta(hours=self.number(key))
        raise TypeError(key)


def definitions_for(world: World, unit_id: UUID | None = None) -> list[Definition]:
    """Return the numbers of a world in the order of the page; in a unit, those that a unit may have of its own."""
    return [d for d in DEFINITIONS.values() if world in d.worlds and not (unit_id and d.whole)]


def load(actor: Actor, unit: Unit | UUID | None) -> Settings:
    """Return every number that holds in a unit of the actor's agency (None: in the agency as such). One query."""
    return load_at(actor.agency_id, unit.pk if isinstance(unit, Unit) else unit, actor.world)


def load_through(actor: Actor, unit: Unit | UUID | None, until: datetime) -> list[tuple[datetime, Settings]]:
    """Return what held in a unit up to an instant: from when (the first: always), and every number. Oldest first; one query.

    For whoever judges what has happened by what was asked then, and not by what is asked today.
    """
    unit_id = unit.pk if isinstance(unit, Unit) else unit
    here = Q(unit_id=None) if unit_id is None else Q(unit_id=None) | Q(unit_id=unit_id)
    rows = list(Parameter.objects.filter(here, agency_id=actor.agency_id, set_at__lt=until).order_by("set_at", "id"))

    def held(at: datetime) -> Settings:
        # In order of time, so that the newest row of each place is the last one read.
        known = [row for row in rows if row.set_at <= at]
        return Settings(
            {
                d.key: _setting(d, unit_id, [row for row in known if row.key == d.key])
                for d in definitions_for(actor.world, unit_id)
            }
        )

    return [(at, held(at)) for at in (ALWAYS, *sorted({row.set_at for row in rows}))]


def load_at(agency_id: UUID, unit_id: UUID | None, world: World = World.CUSTODY) -> Settings:
    """As `load`, for code that knows the place and not the actor. The walls still show the acting agency's rows only."""
    here = Q(unit_id=None) if unit_id is None else Q(unit_id=None) | Q(unit_id=unit_id)
    rows = (
        Parameter.objects.filter(here, agency_id=agency_id)
        .order_by("key", "unit_id", "-set_at", "-id")
        .distinct("key", "unit_id")
    )
    return Settings(
        {d.key: _setting(d, unit_id, [r for r in rows if r.key == d.key]) for d in definitions_for(world, unit_id)}
    )


def value(agency_id: UUID, unit_id: UUID | None, key: str, world: World = World.CUSTODY) -> Value:
    """Return one number. Use `load` where several are needed. Raises KeyError for an unknown one."""
    return load_at(agency_id, unit_id, world)[key]


def _setting(definition: Definition, unit_id: UUID | None, rows: Iterable[Parameter]) -> Setting:
    """Return what holds from the newest rows of the agency and the unit: the unit's where it has one, but never milder than the agency's."""
    newest = {row.unit_id: row for row in rows}
    common, own = newest.get(None), newest.get(unit_id) if unit_id else None
    value, limit, change = definition.default, definition.mildest, None
    if common is not None:
        value = limit = definition.held(common.value)
        change = common
    if unit_id is None:
        return Setting(definition, value, definition.mildest, change, own=change is not None)
    if own is not None:
        mine = definition.read(own.value)
        if not definition.loosens(mine, limit):
            return Setting(definition, mine, limit, own, own=True)
    return Setting(definition, value, limit, change)


def may_set(actor: Actor) -> bool:
    """Return whether numbers are this membership's decision."""
    return actor.role is SETTERS.get(actor.world)


def history(actor: Actor, unit: Unit | None, limit: int = 30) -> list[Parameter]:
    """Return the newest changes in one place and, for a unit, in the agency around it."""
    here = Q(unit_id=None) | Q(unit_id=unit.pk) if unit else Q(unit_id=None)
    return list(
        Parameter.objects.filter(here, agency_id=actor.agency_id, key__in=DEFINITIONS)
        .select_related("unit")
        .order_by("-set_at", "-id")[:limit]
    )


def tighten(actor: Actor, unit: Unit | None, key: str, value: Value, *, reason: str, at: datetime) -> Parameter:
    """Set a number for a unit, or for the whole agency (None), and return the new row; earlier ones stay as history.

    Raises Http404 for whoever does not decide it, and `Refused`: "loosens" when milder than the rule (or than the agency has
    set, for a unit), "range", "unchanged". A place may go back from something stricter, down to that limit.
    """
    definition = DEFINITIONS.get(key)
    if not may_set(actor) or definition is None or actor.world not in definition.worlds:
        raise Http404
    if unit is not None and (unit.agency_id != actor.agency_id or unit.closed_on is not None or definition.whole):
        raise Http404
    now = load(actor, unit).rows[key]
    if isinstance(value, time) is not (definition.measure is Measure.CLOCK):
        raise refused_at("value", _("Skriv et tall."), code="range")
    if not isinstance(value, time) and not 0 < value <= CEILING[definition.measure]:
        raise refused_at(
            "value", _("Skriv et tall fra 1 til %(most)s.") % {"most": CEILING[definition.measure]}, code="range"
        )
    if definition.loosens(value, now.limit):
        message = _(
            "Dette er mildere enn kravet. Grensen her er %(limit)s: du kan gjøre kravet strengere, aldri mildere."
        ) % {"limit": shown(definition, now.limit)}
        raise refused_at("value", message, code="loosens")
    if value == now.value:
        raise refused_at("value", _("Dette er det som gjelder allerede."), code="unchanged")
    require_nameless(actor, {"reason": reason})
    row = Parameter(
        agency_id=actor.agency_id,
        unit=unit,
        key=key,
        value=definition.stored(value),
        reason=reason.strip(),
        set_at=at,
        set_by_name=actor.signature,
    )
    row.save(force_insert=True)
    return row


def shown(definition: Definition, value: Value) -> str:
    """Return a value in words, as on the page."""
    if isinstance(value, time):
        return _("kl. %(time)s") % {"time": f"{value:%H.%M}"}
    if definition.measure is Measure.MINUTES:
        words = ngettext("%(count)s minutt", "%(count)s minutter", value)
    elif definition.measure is Measure.HOURS:
        words = ngettext("%(count)s time", "%(count)s timer", value)
    elif definition.measure is Measure.COUNT:
        words = "%(count)s"
    else:
        words = ngettext("%(count)s måned", "%(count)s måneder", value)
    return words % {"count": value}
