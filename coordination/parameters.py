"""The numbers that the circulars leave open, and what an agency or a unit has made of them: tightened, never loosened.

Knows what each number is and which way is stricter; what follows from it is decided by the rules of the app that reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.identity import Actor
from coordination.models import Parameter, Role, Unit
from coordination.people.anonymity import require_nameless
from coordination.refusals import Refused
from coordination.worlds import PERSONAL_WORLDS, World

Value = int | time


class Tighter(StrEnum):
    """Which way a number becomes stricter."""

    LOWER = "lower"
    HIGHER = "higher"


class Measure(StrEnum):
    """What a number counts. `clock` is a time of day in Oslo, `count` a number of people or of times."""

    MINUTES = "minutes"
    HOURS = "hours"
    MONTHS = "months"
    COUNT = "count"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One number. `default` holds where nobody has set anything; `limit` is the mildest that may be set, the default unless given.

    `rule` is the id in the deadline register and `obligation` in the register of duties; "" for what Samvirke itself asks. `whole` says
    that the number holds for an agency and never for a unit of it.
    """

    key: str
    label: Any
    hint: Any
    measure: Measure
    tighter: Tighter
    default: Value
    rule: str
    obligation: str
    worlds: tuple[World, ...] = (World.CUSTODY,)
    limit: Value | None = None
    whole: bool = False

    @property
    def mildest(self) -> Value:
        """Return the mildest value that may be set."""
        return self.default if self.limit is None else self.limit

    def loosens(self, value: Value, than: Value) -> bool:
        """Return whether `value` is milder than another."""
        milder_is_higher = self.tighter is Tighter.LOWER
        return (value > than) if milder_is_higher else (value < than)  # type: ignore[operator]

    def stored(self, value: Value) -> int | str:
        """Return a value as the database keeps it."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def read(self, stored: Any) -> Value:
        """Return a value from how the database keeps it."""
        return time.fromisoformat(stored) if self.measure is Measure.CLOCK else int(stored)

    def held(self, stored: Any) -> Value:
        """Return what holds when this was set: the rule's mildest where the rule became stricter afterwards."""
        value = self.read(stored)
        return self.mildest if self.loosens(value, self.mildest) else value


def _of_the_review(key: str, label: Any, hint: Any, measure: Measure, tighter: Tighter, default: Value) -> Definition:
    """Return a number of the privacy officer's weekly review: Samvirke's own, in every world, for the whole agency."""
    return Definition(
        key=key, label=label, hint=hint, measure=measure, tighter=tighter, default=default, rule="", obligation="",
        worlds=tuple(PERSONAL_WORLDS), whole=True,
    )  # fmt: skip


REVIEW_OPENED, REVIEW_REFUSED = "review_opened_in_an_hour", "review_refused_in_a_day"
REVIEW_NIGHT_FROM, REVIEW_NIGHT_TO = "review_night_from", "review_night_to"

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        d.key: d
        for d in (
            Definition(
                key="check_day_start",
                label=gettext_lazy("Dagtid begynner"),
                hint=gettext_lazy("Om dagen skal den som er utelukket, sees til oftere. Lengre dag er strengere."),
                measure=Measure.CLOCK,
                tighter=Tighter.LOWER,
                default=time(7),
                limit=time(8),
                rule="D20",
                obligation="R7.1.2-h",
            ),
            Definition(
                key="check_day_end",
                label=gettext_lazy("Dagtid slutter"),
                hint=gettext_lazy("Lengre dag er strengere. Midnatt skrives 23.59."),
                measure=Measure.CLOCK,
                tighter=Tighter.HIGHER,
                default=time(22),
                limit=time(20),
                rule="D20",
                obligation="R7.1.2-h",
            ),
            Definition(
                key="check_day_minutes",
                label=gettext_lazy("Tid mellom tilsyn om dagen, utelukkelse"),
                hint=gettext_lazy("Regnes fra forrige tilsyn."),
                measure=Measure.MINUTES,
                tighter=Tighter.LOWER,
                default=60,
                rule="D20",
                obligation="R7.1.2-h",
            ),
            Definition(
                key="check_night_minutes",
                label=gettext_lazy("Tid mellom tilsyn om natten, utelukkelse"),
                hint=gettext_lazy("Regnes fra forrige tilsyn."),
                measure=Measure.MINUTES,
                tighter=Tighter.LOWER,
                default=180,
                rule="D20",
                obligation="R7.1.2-h",
            ),
            Definition(
                key="check_cell_minutes",
                label=gettext_lazy("Tid mellom tilsyn i sikkerhetscelle"),
                hint=gettext_lazy("Hele døgnet."),
                measure=Measure.MINUTES,
                tighter=Tighter.LOWER,
                default=60,
                rule="D25",
                obligation="R7.1.2-t",
            ),
            Definition(
                key="watch_note_minutes",
                label=gettext_lazy("Tid mellom notater ved kontinuerlig tilsyn"),
                hint=gettext_lazy("Gjelder sikkerhetsseng og alle under 18 år."),
                measure=Measure.MINUTES,
                tighter=Tighter.LOWER,
                default=15,
                rule="D21",
                obligation="R7.1.2-i",
            ),
            Definition(
                key="contact_minutes",
                label=gettext_lazy("Meningsfull menneskelig kontakt per dag"),
                hint=gettext_lazy("Det ukeplanen minst må sikre."),
                measure=Measure.MINUTES,
                tighter=Tighter.HIGHER,
                default=120,
                rule="D23",
                obligation="R7.1.2-m",
            ),
            Definition(
                key="lock_in_minutes",
                label=gettext_lazy("Mindre tid enn dette ute av cella i et døgn vurderes som innlåsing uten vedtak"),
                hint=gettext_lazy("Gjelder dem som ikke er utelukket. Høyere tall er strengere."),
                measure=Measure.MINUTES,
                tighter=Tighter.HIGHER,
                default=120,
                rule="D32",
                obligation="R7.1.1-d",
            ),
            Definition(
                key="interview_hours",
                label=gettext_lazy("Innkomstsamtalen skal være holdt innen"),
                hint=gettext_lazy("Rundskrivet sier raskest mulig. Vaktleder varsles halvveis."),
                measure=Measure.HOURS,
                tighter=Tighter.LOWER,
                default=24,
                rule="D01",
                obligation="R5.1.1-a",
            ),
            _of_the_review(
                REVIEW_OPENED,
                gettext_lazy("Personer åpnet på en time, som personvernombudet skal se på"),
                gettext_lazy("Så mange eller flere kommer med i gjennomgangen. Lavere tall er strengere."),
                Measure.COUNT,
                Tighter.LOWER,
                30,
            ),
            _of_the_review(
                REVIEW_REFUSED,
                gettext_lazy("Avviste forsøk på en dag, som personvernombudet skal se på"),
                gettext_lazy("Så mange eller flere kommer med i gjennomgangen. Lavere tall er strengere."),
                Measure.COUNT,
                Tighter.LOWER,
                5,
            ),
            _of_the_review(
                REVIEW_NIGHT_FROM,
                gettext_lazy("Natten begynner, i personvernombudets gjennomgang"),
                gettext_lazy(
                    "Åpninger om natten utenom vakt kommer med. Lengre natt er strengere. Regnes i hele timer."
                ),
                Measure.CLOCK,
                Tighter.LOWER,
                time(23),
            ),
            _of_the_review(
                REVIEW_NIGHT_TO,
                gettext_lazy("Natten slutter, i personvernombudets gjennomgang"),
                gettext_lazy("Lengre natt er strengere. Regnes i hele timer."),
                Measure.CLOCK,
                Tighter.HIGHER,
                time(6),
            ),
        )
    }
)

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
        raise Refused("range", _("Skriv et tall."), {"value": [_("Skriv et tall.")]})
    if not isinstance(value, time) and not 0 < value <= CEILING[definition.measure]:
        message = _("Skriv et tall fra 1 til %(most)s.") % {"most": CEILING[definition.measure]}
        raise Refused("range", message, {"value": [message]})
    if definition.loosens(value, now.limit):
        message = _(
            "Dette er mildere enn kravet. Grensen her er %(limit)s: du kan gjøre kravet strengere, aldri mildere."
        ) % {"limit": shown(definition, now.limit)}
        raise Refused("loosens", message, {"value": [message]})
    if value == now.value:
        message = _("Dette er det som gjelder allerede.")
        raise Refused("unchanged", message, {"value": [message]})
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
