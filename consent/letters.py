"""Kinds of disclosure as data: typed fields, permitted bases, who may send and what the sender then waits for. Reads no world.

Each app registers the kinds it sends in its own `letters.py`; `manage.py load_reference` writes them where the postman checks them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from coordination.models import Role
from coordination.worlds import World

FieldType = Literal["text", "long", "date", "instant", "boolean", "number", "list", "files"]
JSON_TYPES = {
    "text": "string",
    "long": "string",
    "date": "string",
    "instant": "string",
    "boolean": "boolean",
    "number": "number",
    "list": "array",
    "files": "array",
}


@dataclass(frozen=True)
class Field:
    """One fact a letter may carry: a stable name, a bokmål label, its type. Dates and instants travel as ISO 8601 text (instants in UTC)."""

    name: str
    label: Any  # text or lazy translation
    type: FieldType = "text"
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class LetterKind:
    """One kind of letter. `awaits` is "", "acknowledgement" or "answer"; `due` counts from sending.

    `doing` is the URL name of the page where the recipient does what is asked, called with the key of its own copy; without one it is
    the letter's page. `waiting_reason` gives the sender a line while it waits (whom to ring when the other side has closed): called
    with the sender's copy (`other_agency` is loaded) and the instant, "" for nothing. `routine` says that the necessity is the same in
    every such letter, and so may be written once for all. `shared` offers the kind on the page where somebody shares information.
    """

    code: str
    title: Any
    senders: tuple[World, ...]
    recipients: tuple[World, ...]
    sender_roles: tuple[Role, ...]
    bases: tuple[str, ...]
    category: str
    fields: tuple[Field, ...]
    awaits: Literal["", "acknowledgement", "answer"] = ""
    due: timedelta | None = None
    sender_rule: str = ""
    recipient_rule: str = ""
    doing: str = ""
    doing_label: Any = ""
    waiting_reason: Callable[[Any, datetime], str] | None = None
    routine: bool = False
    shared: bool = False


#: Facts that say which human being a letter is about; part of every letter about a person.
IDENTITY = (
    Field("family_name", "Etternavn"),
    Field("given_name", "Fornavn"),
    Field("birth_date", "Fødselsdato", "date"),
)

#: Files that go with a letter: a line for each, with its hash, size, type and name. A kind with this field takes attachments.
ATTACHMENTS = Field("attachments", "Vedlegg", "files", required=False)

#: The grounds that rest on a consent: given to the prison, given to the health service.
CONSENT_BASES = frozenset({"LB01", "LB02"})

KINDS: dict[str, LetterKind] = {}


def register(*kinds: LetterKind) -> None:
    """Add kinds to the registry. Raises ValueError on a code that is taken by a different kind."""
    for kind in kinds:
        if KINDS.setdefault(kind.code, kind) != kind:
            raise ValueError(f"two kinds of letter are called {kind.code}")


def sent_from(world: World) -> list[LetterKind]:
    """Return the kinds that somebody in a world may send, by title."""
    return sorted((kind for kind in KINDS.values() if world in kind.senders), key=lambda kind: str(kind.title))


def received_in(world: World) -> list[LetterKind]:
    """Return the kinds that an agency of a world may get, by title."""
    return sorted((kind for kind in KINDS.values() if world in kind.recipients), key=lambda kind: str(kind.title))


def identity_of(person: Any) -> dict[str, str]:
    """Return the identity facts of a person or patient."""
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date.isoformat(),
    }


def postman_fields(kind: LetterKind) -> list[dict[str, Any]]:
    """Return the fields as the postman checks them: the JSON type, and the form of a text that is a date or an instant."""
    return [{"name": f.name, "type": JSON_TYPES[f.type], "form": f.type, "required": f.required} for f in kind.fields]


# The kinds of this app: what tells a named recipient about a consent, and information shared on a ground somebody chooses.

CUSTODY_STAFF = (Role.OFFICER, Role.CONTACT_OFFICER, Role.DUTY_LEADER, Role.RELEASE_CASEWORKER, Role.WARDEN)
HEALTH_STAFF = (Role.PRISON_NURSE, Role.PRISON_DOCTOR, Role.HEALTH_LEADER)
TRUST_STAFF = (Role.TRUST_INTAKE, Role.TRUST_CLINICIAN, Role.TRUST_LEADER)
#: Health personnel: who decide on competence to consent and set an objection aside.
MUNICIPAL_CLINICIANS = (Role.PRISON_NURSE, Role.PRISON_DOCTOR)
CLINICIANS = (*MUNICIPAL_CLINICIANS, Role.TRUST_INTAKE, Role.TRUST_CLINICIAN)
WORLDS = (World.CUSTODY, World.MUNICIPAL_HEALTH, World.SPECIALIST_HEALTH)

#: Category of what tells about a consent itself. Every consent covers it: the text that is signed says so.
ABOUT_CONSENT = "consent"

CONSENT_NOTICE = LetterKind(
    code="consent_notice",
    title="Melding om samtykke",
    senders=WORLDS,
    recipients=WORLDS,
    sender_roles=(*CUSTODY_STAFF, *HEALTH_STAFF, *TRUST_STAFF),
    bases=("LB01", "LB02"),
    category=ABOUT_CONSENT,
    fields=(
        *IDENTITY,
        Field("event", "Hva det gjelder"),
        Field("categories", "Opplysninger som kan deles", "list", required=False),
        Field("purpose", "Formål", required=False),
        Field("given_on", "Samtykket er gitt", "date", required=False),
        Field("valid_from", "Gjelder fra og med", "date", required=False),
        Field("valid_to", "Gjelder til og med", "date", required=False),
        Field("reference", "Avsenderens arkivreferanse", required=False),
    ),
    awaits="acknowledgement",
    due=timedelta(hours=24),
    sender_rule="D07S",
    recipient_rule="D07R",
)


def _shared(code: str, title: str, senders: Any, recipients: Any, roles: Any, bases: Any, category: str) -> LetterKind:
    return LetterKind(
        code=code,
        title=title,
        senders=senders,
        recipients=recipients,
        sender_roles=roles,
        bases=bases,
        category=category,
        fields=(*IDENTITY, Field("about", "Hva det gjelder"), Field("content", "Opplysninger", "long"), ATTACHMENTS),
        shared=True,
    )


PRISON, MUNICIPALITY, TRUST = (World.CUSTODY,), (World.MUNICIPAL_HEALTH,), (World.SPECIALIST_HEALTH,)
HEALTH = (*MUNICIPALITY, *TRUST)
register(
    CONSENT_NOTICE,
    _shared("needs_summary", "Behov fra kartleggingen", PRISON, HEALTH, CUSTODY_STAFF, ("LB01",), "needs_mapping"),
    _shared(
        "follow_up_information", "Opplysninger om oppfølging i fengselet", PRISON, HEALTH, CUSTODY_STAFF, ("LB01", "LB03", "LB06"),
        "sentence_follow_up",
    ),
    _shared(
        "release_information", "Opplysninger om planer for løslatelsen", PRISON, HEALTH, CUSTODY_STAFF, ("LB01", "LB03"), "release_planning",
    ),
    _shared("recovery_information", "Opplysninger om rusmestring", PRISON, HEALTH, CUSTODY_STAFF, ("LB01",), "recovery"),
    _shared(
        "health_information", "Helseopplysninger til fengselet", HEALTH, PRISON, CLINICIANS, ("LB02", "LB11"), "health_information",
    ),
    _shared(
        "treatment_information", "Opplysninger om behandling", HEALTH, HEALTH, CLINICIANS, ("LB02", "LB10", "LB12"), "treatment_information",
    ),
    # What the circulars tell of beside consent: dates, danger, compulsory care. Each is written on the page where information is shared.
    _shared("transfer_notice", "Overføring: hvor og når", PRISON, HEALTH, CUSTODY_STAFF, ("LB03",), "transfer"),
    _shared("escort_notice", "Framstilling: avlyst eller ny tid", PRISON, HEALTH, CUSTODY_STAFF, ("LB03",), "transfer"),
    _shared("danger_information", "Tegn til sykdom eller fare", PRISON, HEALTH, CUSTODY_STAFF, ("LB04", "LB06"), "danger"),
    _shared(
        "release_now", "Løslates nå", PRISON, HEALTH, CUSTODY_STAFF, ("LB01", "LB03", "LB04", "LB06"), "release_planning",
    ),
    _shared(
        "petition", "Begjæring om tvungen undersøkelse", (*PRISON, *MUNICIPALITY), HEALTH, (Role.DUTY_LEADER, Role.WARDEN, *MUNICIPAL_CLINICIANS), ("LB05",),
        "petition",
    ),
    _shared(
        "petition_outcome", "Utfallet av en begjæring", TRUST, (*PRISON, *MUNICIPALITY), TRUST_STAFF, ("LB16",), "petition",
    ),
    _shared(
        "appointment", "Time utenfor fengselet: tid, sted og behov", HEALTH, PRISON, CLINICIANS, ("LB02", "LB10"), "health_information",
    ),
    _shared(
        "medication_handout", "Legemidler som skal deles ut", MUNICIPALITY, PRISON, MUNICIPAL_CLINICIANS, ("LB10", "LB02"),
        "health_information",
    ),
    _shared(
        "coordinator_need", "Behov for koordinator eller individuell plan", HEALTH, HEALTH, CLINICIANS, ("LB13",), "coordination",
    ),
)  # fmt: skip
