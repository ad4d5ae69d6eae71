"""The one letter this app sends: a request to the health service. Reads no world and decides nothing."""

from django.utils.translation import gettext_lazy as _

from consent import letters, wording
from consent.letters import IDENTITY, Field, LetterKind
from coordination.models import Role
from coordination.worlds import World
from intake.rules import ACKNOWLEDGEMENT_OVERDUE, Concern

#: Who holds the interview.
STAFF = (Role.OFFICER, Role.CONTACT_OFFICER, Role.DUTY_LEADER)
#: Who may put somebody in touch with the health service: everyone who works with inmates (obligation R4.1-c).
ANYONE = (*STAFF, Role.RELEASE_CASEWORKER, Role.WARDEN)

HEALTH_CONTACT = LetterKind(
    code="health_contact",
    title="Kontakt med helsetjenesten",
    senders=(World.CUSTODY,),
    recipients=(World.MUNICIPAL_HEALTH,),
    sender_roles=ANYONE,
    # A duty: no consent is asked and a withdrawn one stops nothing (obligation R6.1-d).
    bases=("LB04",),
    category="health_contact",
    fields=(
        *IDENTITY,
        Field("national_id", "Fødselsnummer", required=False),
        Field("cell", "Celle", required=False),
        Field("unit", "Avdeling"),
        Field("stage", "Når"),
        Field("reasons", "Grunner", "list"),
        Field("observation", "Hva er sett eller hørt", "long", required=False),
        Field("wish", "Personen ønsker selv kontakt", "boolean"),
        Field("urgent", "Haster", "boolean"),
        Field("minor", "Under 18 år", "boolean"),
        Field("language", "Språk", required=False),
        Field("interpreter", "Trenger tolk", "boolean"),
    ),
    awaits="acknowledgement",
    due=ACKNOWLEDGEMENT_OVERDUE,
    sender_rule="D02",
    recipient_rule="D02R",
)

letters.register(HEALTH_CONTACT)

REASONS = {
    Concern.SUICIDE_RISK: _("Fare for selvmord"),
    Concern.SELF_HARM: _("Fare for selvskading"),
    Concern.DETOX_NEED: _("Behov for avrusning"),
    Concern.ILLNESS_SIGN: _("Tegn til sykdom"),
    Concern.MENTAL_HEALTH: _("Bekymring for psykisk helse"),
    Concern.WISH_FOR_CONTACT: _("Ønsker kontakt med helsetjenesten"),
    Concern.MINOR: _("Under 18 år"),
}
wording.register("reasons", REASONS, kind="health_contact")
