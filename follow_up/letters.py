"""The one letter this app sends: health advice to the prison, in words without a diagnosis. Reads no world and decides nothing."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent import letters
from consent.letters import IDENTITY, Field, LetterKind
from coordination.models import Role
from coordination.worlds import World

CLINICIANS = (Role.PRISON_NURSE, Role.PRISON_DOCTOR)

#: Letters from a prison that start or belong to this app's work.
NOTICES = ("exclusion_notice", "coercive_means_notice")
FROM_PRISON = (*NOTICES, "doctor_statement_request", "health_contact", "health_check_request")

HEALTH_ADVICE = LetterKind(
    code="health_advice",
    title="Helsefaglig råd",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=CLINICIANS,
    bases=("LB08", "LB02", "LB11"),
    category="health_advice",
    fields=(
        *IDENTITY,
        Field("about", "Gjelder"),
        Field("advice", "Råd", "long"),
        Field("recommend", "Anbefaling"),
    ),
    awaits="answer",
    due=timedelta(hours=24),
    sender_rule="D31S",
    recipient_rule="D31b",
)

letters.register(HEALTH_ADVICE)

#: What the prison's codes for measures are called here.
MEASURES: dict[str, str | Promise] = {
    "exclusion": _("Utelukkelse fra fellesskapet"),
    "immediate_exclusion": _("Utelukkelse straks"),
    "security_cell": _("Sikkerhetscelle"),
    "security_bed": _("Sikkerhetsseng"),
    "court_isolation": _("Isolasjon etter rettens kjennelse"),
    "self_isolation": _("Selvvalgt isolasjon"),
    "de_facto": _("Innlåst store deler av døgnet"),
}

#: Wording to begin from: what to do, never what is wrong with the patient.
WORDING: dict[str, str | Promise] = {
    "isolation": _(
        "Helsetjenesten har hatt tilsyn. Vi råder fengselet til å legge til rette for jevnlig menneskelig kontakt, dagslys, frisk luft og "
        "aktivitet hver dag, og til å kontakte oss straks hvis tilstanden endrer seg."
    ),
    "intake": _(
        "Helsetjenesten har vært i kontakt med personen. Vi råder fengselet til å se jevnlig til personen den første tiden og til å kontakte "
        "oss straks hvis tilstanden endrer seg."
    ),
}
