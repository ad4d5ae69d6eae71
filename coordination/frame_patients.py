"""What was corrected of who a patient is, for the timeline. Holds no rule, and writes nothing."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import formats, timeline
from coordination.identity import Actor
from coordination.models import Patient
from coordination.models.people import Named
from coordination.people.patients import NUMBER, changes_of

WORDS = {
    "family_name": gettext_lazy("Etternavn"),
    "given_name": gettext_lazy("Fornavn"),
    "birth_date": gettext_lazy("Fødselsdato"),
    "language": gettext_lazy("Språk"),
    "interpreter_needed": gettext_lazy("Trenger tolk"),
    "prison": gettext_lazy("Fengsel"),
    "place": gettext_lazy("Sted i fengselet"),
    "present": gettext_lazy("Er i fengselet nå"),
    NUMBER: gettext_lazy("Fødselsnummer"),
}


@timeline.source
def patient_changes(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Corrections of name, number and where to find somebody."""
    if not isinstance(person, Patient):
        return
    for row in changes_of(actor, person.pk).filter(recorded_at__gte=since):
        lines = [
            _("%(what)s: fra %(before)s til %(after)s.")
            % {"what": WORDS.get(what, what), "before": _shown(what, before), "after": _shown(what, after)}
            for what, before, after in row.changes
        ]
        title = _("Opplysninger om pasienten er endret")
        yield timeline.Event(at=row.recorded_at, kind="stay", title=title, text=" ".join(lines), who=row.by_name)


def _shown(what: str, kept: str) -> str:
    if not kept:
        return _("ikke oppgitt")
    if what == "birth_date":
        return formats.shortdate(date.fromisoformat(kept))
    if what in ("interpreter_needed", "present"):
        return _("ja") if kept == "yes" else _("nei")
    return kept
