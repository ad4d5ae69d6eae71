"""Kinds of disclosure as data: typed fields, permitted bases, who may send and what the sender then waits for. Reads no world.

Each app registers the kinds it sends in its own `letters.py`; `manage.py load_reference` writes them where the postman checks them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from consent import wording
from coordination.clock import in_utc
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
    every such letter, and so may be written once for all. `shared` offers the kind on the page where somebody shares information. In a
    prison only those who are named to ask for information read a `named` letter. A `receipt` says that something was done and asks for
    nothing: it is read where the work is, is not counted as unread, and stands in the recipient's box only for who looks for its kind.
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
    named: bool = False
    receipt: bool = False


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

#: The grounds of danger: whoever shares on them says again who they are.
DANGER_BASES = frozenset({"LB06", "LB09", "LB11"})

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


def receipts() -> list[str]:
    """Return the kinds that only say that something was done."""
    return [kind.code for kind in KINDS.values() if kind.receipt]


def day_in(text: object) -> date | None:
    """Return the date a letter carries as text, or None when it is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def identity_of(person: Any) -> dict[str, str]:
    """Return the identity facts of a person or patient."""
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date.isoformat(),
    }


def instant(text: Any, otherwise: datetime) -> datetime:
    """Return an instant as a letter carries it, in UTC; `otherwise` when it cannot be read."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
    return in_utc(read) if read.tzinfo else read.replace(tzinfo=UTC)


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


# Requests for information, and the health service's answers. Who may ask is named by the warden; who asks also receives.

#: What was done first: consent or cooperation is sought before anybody asks (straffegjennomføringsloven § 7 a first paragraph).
SOUGHT = {
    "consents": _("Personen samtykker til at opplysningene gis"),
    "cooperates": _("Personen samarbeider, men kan ikke gi opplysningene selv"),
    "refused": _("Personen er spurt og sa nei"),
    "not_possible": _("Det var ikke mulig å spørre"),
}
#: What the health service may ask for before it answers; codes only, so that the question tells nothing about anybody.
MISSING = {
    "who": _("Hvem anmodningen gjelder"),
    "danger": _("Hva faren består i, og for hvem"),
    "wanted": _("Hvilke opplysninger dere ber om"),
    "necessity": _("Hvorfor opplysningene er nødvendige"),
    "sought": _("Hvordan samtykke eller samarbeid er søkt først"),
    "urgency": _("Når opplysningene trengs"),
}
#: The one code that each kind of answer carries.
RESULTS = {
    "information_answer": "given",
    "information_declined": "not_released",
    "information_question": "more",
}


def _request(code: str, title: str, basis: str, due: timedelta, letter: str) -> LetterKind:
    return LetterKind(
        code=code,
        title=title,
        senders=PRISON,
        recipients=HEALTH,
        sender_roles=CUSTODY_STAFF,
        bases=(basis,),
        category="information_request",
        fields=(
            *IDENTITY,
            Field("national_id", "Fødselsnummer eller D-nummer", required=False),
            Field("facts", "Hva saken gjelder", "long"),
            Field("wanted", "Opplysninger det bes om", "long"),
            Field("sought", "Samtykke eller samarbeid"),
            Field("sought_how", "Hvordan det er søkt, eller hvorfor ikke", "long"),
            Field("authorised", "Fullmakt til å be om opplysninger"),
            Field("reference", "Referanse", required=False),
        ),
        awaits="answer",
        due=due,
        sender_rule=f"R61{letter}S",
        recipient_rule=f"R61{letter}R",
        doing="request_answer",
        doing_label=_("Svar på anmodningen"),
    )


DANGER_REQUEST = _request(
    "danger_information_request", "Anmodning om opplysninger ved fare", "LB06", timedelta(hours=4), "D"
)
INFORMATION_REQUEST = _request(
    "information_request", "Anmodning om opplysninger", "LB03", timedelta(hours=72), "O"
)  # fmt: skip
REQUESTS = (DANGER_REQUEST.code, INFORMATION_REQUEST.code)


def _answer(code: str, title: str, bases: tuple[str, ...], *fields: Field) -> LetterKind:
    return LetterKind(
        code=code,
        title=title,
        senders=HEALTH,
        recipients=PRISON,
        sender_roles=CLINICIANS,
        bases=bases,
        category="health_information",
        fields=fields,
        named=True,
    )


INFORMATION_ANSWER = _answer(
    "information_answer",
    "Svar på anmodning om opplysninger",
    ("LB02", "LB09", "LB11"),
    *IDENTITY,
    Field("result", "Svar"),
    Field("advice", "Råd", "long", required=False),
    Field("items", "Opplysninger", "list", required=False),
    ATTACHMENTS,
)
# About nobody: neither says that the person is a patient, and so neither tells more than its one code.
INFORMATION_DECLINED = _answer("information_declined", "Anmodning ikke imøtekommet", ("LB15",), Field("result", "Svar"))
INFORMATION_QUESTION = _answer(
    "information_question",
    "Spørsmål om en anmodning",
    ("LB15",),
    Field("result", "Svar"),
    Field("missing", "Skriv mer om", "list"),
)
for _kind in (DANGER_REQUEST, INFORMATION_REQUEST):
    wording.register("sought", SOUGHT, kind=_kind.code)
wording.register("missing", MISSING, kind=INFORMATION_QUESTION.code)
for _code, _word in (
    (INFORMATION_ANSWER.code, _("Utlevert")),
    (INFORMATION_DECLINED.code, _("Ikke utlevert")),
    (INFORMATION_QUESTION.code, _("Helsetjenesten trenger å vite mer før den svarer")),
):
    wording.register("result", {RESULTS[_code]: _word}, kind=_code)
register(DANGER_REQUEST, INFORMATION_REQUEST, INFORMATION_ANSWER, INFORMATION_DECLINED, INFORMATION_QUESTION)
#: Letters that only those read who may ask.
NAMED = tuple(kind.code for kind in KINDS.values() if kind.named)


# Practical messages between the services, about nobody: opening hours, equipment, how something is done. Always with an answer.

TOPICS = {
    "hours": _("Åpningstider og bemanning"),
    "rooms": _("Lokaler og utstyr"),
    "routines": _("Rutiner og samarbeid"),
    "escorts": _("Framstilling og transport, uten å nevne noen"),
    "medication": _("Legemiddelhåndtering, uten å nevne noen"),
    "other": _("Annet"),
}


def _message(code: str, title: str, *fields: Field, **more: Any) -> LetterKind:
    return LetterKind(
        code=code,
        title=title,
        senders=WORLDS,
        recipients=WORLDS,
        sender_roles=(*CUSTODY_STAFF, *HEALTH_STAFF, *TRUST_STAFF),
        # About nobody: a text that names somebody of the sender's register is refused before it is sent.
        bases=("LB15",),
        category="practical",
        fields=(*fields, Field("text", "Melding", "long"), Field("reference", "Referanse", required=False)),
        **more,
    )


PRACTICAL_MESSAGE = _message(
    "practical_message",
    "Praktisk melding",
    Field("topic", "Gjelder"),
    awaits="answer",
    due=timedelta(hours=72),
    sender_rule="R521S",
    recipient_rule="R521R",
    doing="message_answer",
    doing_label=_("Svar på meldingen"),
)
PRACTICAL_ANSWER = _message("practical_answer", "Svar på praktisk melding")
wording.register("topic", TOPICS, kind=PRACTICAL_MESSAGE.code)
register(PRACTICAL_MESSAGE, PRACTICAL_ANSWER)
