"""The letter of this app: figures of health visits, from the health service to a prison. About nobody, and safe before it is written.

Reads no world. Every count is text as a report shows it: digits, or a dash where it is withheld.
"""

from django.utils.translation import gettext_lazy as _

from consent.letters import Field, LetterKind, register
from coordination.models import Role
from coordination.worlds import World

#: What stands where a figure is withheld.
HIDDEN = "–"
BASIS = "LB15"

#: The counts of first and of daily visits, in the order of the report's columns: field and label.
FIRST = (
    Field("first_on_time", _("Første tilsyn i tide")),
    Field("first_late", _("Første tilsyn for sent")),
    Field("first_missing", _("Første tilsyn ikke gjort")),
    Field("first_not_due", _("Første tilsyn ikke pålagt eller ikke forfalt")),
    Field("courses", _("Isolasjoner i alt")),
)
DAILY = (
    Field("daily_on_time", _("Daglige tilsyn i tide")),
    Field("daily_late", _("Daglige tilsyn for sent")),
    Field("daily_missing", _("Daglige tilsyn ikke gjort")),
    Field("daily_total", _("Daglige tilsyn i alt")),
)

SUPERVISION_FIGURES = LetterKind(
    code="supervision_figures",
    title="Tall for tilsyn ved isolasjon",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=(Role.HEALTH_LEADER,),
    bases=(BASIS,),
    category="figures",
    fields=(
        Field("period_start", _("Fra og med"), "date"),
        Field("period_end", _("Til og med"), "date"),
        *FIRST,
        *DAILY,
    ),
)
register(SUPERVISION_FIGURES)
