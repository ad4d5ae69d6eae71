"""The letterbox for programs: the boxes, one letter, the receipts a recipient leaves, and a sender's correction. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import access, actions, documents, wording
from consent.forms.letters import REGISTERED
from consent.letters import ATTACHMENTS, DANGER_BASES, KINDS, Field
from consent.models import Letter
from coordination import step_up
from coordination.api.doors import Door, actor_in, asked, does, given, lists, reads
from coordination.api.fields import Instant, PageQuery
from coordination.api.pagination import LatestSent
from coordination.identity import Actor
from coordination.models import StaleWrite

TAG = "Post"
#: A letter may have to carry the identity number; a list of facts for programs need not.
UNTOLD = frozenset({"national_id", ATTACHMENTS.name})
SHOWN = ("new", "waiting")


class LetterLine(serializers.Serializer[Letter]):
    """The envelope of a letter as a box shows it."""

    id = serializers.UUIDField(help_text="Of the agency's own copy.")
    letter_id = serializers.UUIDField(help_text="The same on both sides.")
    thread_id = serializers.UUIDField()
    direction = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.SerializerMethodField()
    about = serializers.SerializerMethodField()
    other_agency = serializers.CharField(source="other_agency.name")
    sent_at = Instant()
    awaits = serializers.CharField(allow_blank=True)
    due_at = Instant(allow_null=True)
    settled_at = Instant(allow_null=True)
    read_at = Instant(allow_null=True)
    acknowledged_at = Instant(allow_null=True)
    answered_at = Instant(allow_null=True)
    filed_at = Instant(allow_null=True)
    superseded_by = serializers.UUIDField(allow_null=True)

    def get_title(self, letter: Letter) -> str:
        """Return the title of the kind."""
        return documents.title_of(letter)

    def get_about(self, letter: Letter) -> str:
        """Return whom the letter names."""
        return documents.name_in(letter)


class FactPart(serializers.Serializer[Any]):
    """One fact of a letter, as it was sent."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    value = serializers.JSONField(help_text="Text, number, yes or no, or a list of texts.")


class AttachmentPart(serializers.Serializer[Any]):
    """A file that went with a letter. Its bytes are fetched on the letter's page."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 in hexadecimal.")


class LetterWhole(LetterLine):
    """A letter with what it says, on what ground."""

    person_id = serializers.UUIDField(allow_null=True, help_text="The agency's own person, when it is known who.")
    sender = serializers.SerializerMethodField()
    basis = serializers.CharField()
    statute = serializers.CharField()
    necessity = serializers.CharField(allow_blank=True)
    supersedes = serializers.UUIDField(allow_null=True)
    in_reply_to = serializers.UUIDField(allow_null=True)
    acknowledged_by = serializers.CharField(allow_blank=True)
    filed_reference = serializers.CharField(allow_blank=True)
    facts = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()

    def get_sender(self, letter: Letter) -> str:
        """Return role and name."""
        return documents.sender_of(letter)

    @extend_schema_field(FactPart(many=True))
    def get_facts(self, letter: Letter) -> list[dict[str, Any]]:
        """Return every fact but the identity number."""
        kind = KINDS.get(letter.kind)
        fields = kind.fields if kind else tuple(Field(name, name) for name in letter.body)
        return [
            {"name": field.name, "label": str(field.label), "value": letter.body[field.name]}
            for field in fields
            if field.name not in UNTOLD and letter.body.get(field.name) not in (None, "", [])
        ]

    @extend_schema_field(AttachmentPart(many=True))
    def get_attachments(self, letter: Letter) -> list[dict[str, Any]]:
        """Return the files as the letter lists them."""
        return documents.attachment_rows(letter)


class BoxQuery(PageQuery):
    """Which letters."""

    show = serializers.ChoiceField(required=False, choices=SHOWN)
    kind = serializers.CharField(required=False, max_length=40)


class FilingBody(serializers.Serializer[Any]):
    """Where the recipient has filed the letter."""

    reference = serializers.CharField(max_length=60)


class CorrectionBody(serializers.Serializer[Any]):
    """What is to stand in the corrected letter; what is not named stands as it was sent."""

    facts = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text="By name, as `facts` of the letter tells them. Who the letter is about comes from the register.",
    )


class Box(Door):
    """One box of the actor's agency."""

    direction: Any = None
    paging = LatestSent

    def box(self, request: Request) -> Response:
        """Return a page of the box."""
        actor, query = actor_in(request), asked(request, BoxQuery)
        rows = access.boxed(actor, self.direction)
        if query.get("show") == "new":
            rows = access.unread(rows)
        elif query.get("show") == "waiting":
            rows = access.awaiting(rows)
        if "kind" in query:
            rows = rows.filter(kind=query["kind"])
        return self.page(request, rows, LetterLine)


class Inbox(Box):
    """Received letters."""

    direction = Letter.Direction.IN

    @lists("list_inbox", "Mottatte brev", LetterLine, query=BoxQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        return self.box(request)


class Outbox(Box):
    """Sent letters."""

    direction = Letter.Direction.OUT

    @lists("list_outbox", "Sendte brev", LetterLine, query=BoxQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        return self.box(request)


class OneLetter(Door):
    """One letter."""

    @reads("get_letter", "Ett brev; den som åpner et mottatt brev, leser det", LetterWhole, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the letter. As on its page, opening a received one for the first time leaves the receipt "read"."""
        return Response(LetterWhole(actions.opened(actor_in(request), pk)).data)


class Acknowledgement(Door):
    """The receipt that says that somebody has taken a letter on."""

    @does("acknowledge_letter", "Kvitter for et mottatt brev", LetterWhole, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Leave the receipt; twice changes nothing."""
        actor = actor_in(request)
        actions.acknowledge(access.access_received(actor, pk))
        return _answer(actor, pk)


class Filing(Door):
    """The receipt that says where the recipient has filed a letter."""

    @does("file_letter", "Journalfør et mottatt brev", LetterWhole, body=FilingBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Leave the receipt; the same reference again changes nothing, another is refused."""
        actor = actor_in(request)
        row = access.access_received(actor, pk)
        reference = given(request, FilingBody)["reference"]
        if row.filed_at is None or row.filed_reference != reference:
            actions.file_in_own_journal(row, reference)
        return _answer(actor, pk)


class Correction(Door):
    """The letter that stands in place of one that was sent."""

    @does("correct_letter", "Send et rettet brev", LetterWhole, body=CorrectionBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Send it and return the new letter. The same correction again returns it; another than the one that was sent gives 409."""
        actor = actor_in(request)
        row = access.access_correctable(actor, pk)
        facts = _known_facts(row, given(request, CorrectionBody)["facts"])
        if row.superseded_by:
            newer = access.own_copy(actor, row.superseded_by, Letter.Direction.OUT)
            if newer is None or any(newer.body.get(name) != value for name, value in facts.items()):
                raise StaleWrite("Letter")
            return _answer(actor, newer.pk)
        if row.basis in DANGER_BASES:
            step_up.require(request)
        person: Any = access.person_of(actor, row)
        sent = access.own_copy(actor, actions.correct(actor, row, person, facts).letter_id, Letter.Direction.OUT)
        assert sent is not None  # the postman wrote it in this transaction
        return _answer(actor, sent.pk)


def _known_facts(letter: Letter, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts. Raises ValidationError for what the kind of letter does not have, and for codes that mean nothing."""
    fields = {field.name for field in KINDS[letter.kind].fields} - REGISTERED
    errors: dict[str, list[str]] = {}
    for name, value in facts.items():
        codes = {code for code, _word in wording.choices_of(letter.kind, name)}
        sent = letter.body.get(name)
        codes |= set(sent if isinstance(sent, list) else [sent]) if codes else set()
        chosen = value if isinstance(value, list) else [value]
        if name not in fields:
            errors[name[:60]] = [_("Feltet er ukjent.")]
        elif codes and not all(one is None or (isinstance(one, str) and one in codes) for one in chosen):
            errors[name] = [_("Velg en av dem som kan velges her.")]
    if errors:
        raise serializers.ValidationError({"facts": errors})
    return facts


def _answer(actor: Actor, pk: UUID) -> Response:
    return Response(LetterWhole(access.access_letter(actor, pk)).data)


urlpatterns = [
    path("inbox/", Inbox.as_view(), name="api_inbox"),
    path("outbox/", Outbox.as_view(), name="api_outbox"),
    path("letters/<uuid:pk>/", OneLetter.as_view(), name="api_letter"),
    path("letters/<uuid:pk>/acknowledgement/", Acknowledgement.as_view(), name="api_letter_acknowledge"),
    path("letters/<uuid:pk>/correction/", Correction.as_view(), name="api_letter_correct"),
    path("letters/<uuid:pk>/filing/", Filing.as_view(), name="api_letter_file"),
]
