"""The numbers that may be tightened, as data: what each counts, which way is stricter, and the mildest that holds.

Knows no agency and no decision; what holds where is told by `coordination.parameters`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy

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
