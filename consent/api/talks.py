"""What comes before and after a signature, for programs: is consent needed, what was explained, yes on paper or no, filed and narrowed.

Signing on the screen belongs to whoever signs and has no door here; a program sends the document that was signed. Holds no rule.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent import access, actions, documents
from consent.api.consents import MOST, TAG, ConsentLine, chosen
from consent.models import Consent, ConsentQuestion, ConsentTalk, Giver
from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Base64File, Day, Instant, RecordedLine, Version, Words
from coordination.identity import Actor
from coordination.models.people import Named
from coordination.people.access import require


class ConsentTalkBody(serializers.Serializer[Any]):
    """What somebody is asked to agree to, how it was explained, and who answers."""

    recipients = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
    categories = serializers.ListField(child=serializers.CharField(max_length=40), max_length=MOST)
    purpose = serializers.CharField(max_length=300)
    valid_from = Day()
    valid_to = Day()
    told = serializers.ListField(
        child=serializers.CharField(max_length=30),
        max_length=MOST,
        help_text="Points of the text that were gone through.",
    )
    language = serializers.CharField(max_length=20, help_text="Of the text that was read, as nb, nn, en or plain.")
    interpreter = serializers.ChoiceField(choices=ConsentTalk.Interpreter.values)
    given_by = serializers.ChoiceField(choices=Giver.values)
    giver_name = Words(max_length=120)
    giver_relation = Words(max_length=120)
    doubt = serializers.BooleanField(
        required=False, default=False, help_text="Whether anybody doubts the competence to consent."
    )
    replaces = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The consent a signed one is to stand in place of."
    )


class ConsentTalkLine(RecordedLine):
    """A talk, and how it ended."""

    recipients = serializers.ListField(child=serializers.UUIDField())
    categories = serializers.ListField(child=serializers.CharField())
    purpose = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    text_version = serializers.CharField()
    language = serializers.CharField()
    interpreter = serializers.CharField()
    given_by = serializers.CharField()
    doubt = serializers.BooleanField()
    competent = serializers.BooleanField(allow_null=True)
    competence_at = Instant(allow_null=True)
    competence_by = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(allow_blank=True, help_text="Empty while an answer is awaited.")
    outcome_at = Instant(allow_null=True)
    outcome_note = serializers.CharField(allow_blank=True)
    consent_id = serializers.UUIDField(allow_null=True)


class RefusalBody(serializers.Serializer[Any]):
    """What was said with a no; nobody must give a reason."""

    note = Words(max_length=300)


class CompetenceBody(serializers.Serializer[Any]):
    """What health personnel decided, and why."""

    competent = serializers.BooleanField()
    reason = Words(max_length=2000)


class SignatureBody(serializers.Serializer[Any]):
    """The signed document, and where the agency has filed it if it has."""

    document = Base64File(max_bytes=actions.MAX_BYTES, help_text="A PDF, PNG or JPEG of at most 10 MB, in base64.")
    own_reference = Words(max_length=60)


class OwnReferenceBody(serializers.Serializer[Any]):
    """Where the agency has filed the consent."""

    reference = serializers.CharField(max_length=60)


class NarrowBody(serializers.Serializer[Any]):
    """What is left of a consent. Nothing can be added."""

    recipients = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
    categories = serializers.ListField(child=serializers.CharField(max_length=40), max_length=MOST)
    valid_to = Day()
    version = Version(help_text="Of the consent.")


class ConsentQuestionLine(RecordedLine):
    """Where it was asked whether consent is needed, and what was answered."""

    point = serializers.CharField()
    answered_at = Instant(allow_null=True)
    answered_by = serializers.CharField(allow_blank=True)
    needed = serializers.BooleanField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class ConsentAnswerBody(serializers.Serializer[Any]):
    """Whether it is, and why."""

    needed = serializers.BooleanField()
    reason = Words(max_length=500)


def _talks(actor: Actor, pk: UUID) -> Any:
    return access.talks_for(actor, access.access_subject(actor, pk).pk)


def _questions(actor: Actor, pk: UUID) -> Any:
    return access.questions_for(actor, access.access_subject(actor, pk).pk)


def _start(actor: Actor, person: Named, *, recipients: list[UUID], categories: list[str], **said: Any) -> ConsentTalk:
    whom = chosen(actor, recipients, categories, documents.category_words(actor.world))
    return actions.start_talk(actor, person, **whom, **said)


def _decider(actor: Actor, pk: UUID) -> ConsentTalk:
    require(actions.may_decide_competence(actor))
    return access.access_talk(actor, pk)


def _refuse(actor: Actor, talk: ConsentTalk, *, note: str, at: datetime) -> None:
    if talk.outcome != ConsentTalk.Outcome.REFUSED:
        actions.refuse_consent(actor, talk, note=note, at=at)


def _sign(actor: Actor, talk: ConsentTalk, *, document: bytes, own_reference: str, at: datetime) -> Consent:
    signed = actions.document(document)
    return actions.sign(actor, talk, document=signed, reference_number=own_reference, at=at)


def _file(actor: Actor, row: Consent, *, reference: str, at: datetime) -> None:
    if row.own_reference != reference:
        actions.journal_consent(actor, row, reference, at=at)


def _narrow(actor: Actor, row: Consent, *, version: int, at: datetime, **left: Any) -> None:
    if any(getattr(row, name) != value for name, value in left.items()):
        row.version = version
        actions.narrow_consent(actor, row, at=at, **left)


def _answer(actor: Actor, question: ConsentQuestion, *, needed: bool, reason: str, at: datetime) -> None:
    if question.answered_at is None or question.needed != needed:
        actions.answer_question(actor, question, needed=needed, reason=reason, at=at)


urlpatterns = [
    path(
        "people/<uuid:pk>/consent-talks/",
        door(
            TAG,
            get=Listing("list_consent_talks", "Samtaler om samtykke", ConsentTalkLine, _talks),
            post=Verb(
                "explain_consent",
                "Før at personen er forklart hva samtykket gjelder",
                ConsentTalkLine,
                may=access.access_subject,
                do=_start,
                body=ConsentTalkBody,
            ),
        ),
        name="api_consent_talks",
    ),
    path(
        "consent-talks/<uuid:pk>/refusal/",
        door(
            TAG,
            put=Verb(
                "refuse_consent",
                "Før at personen sa nei",
                ConsentTalkLine,
                may=access.access_talk,
                do=_refuse,
                body=RefusalBody,
                again=access.access_talk,
            ),
        ),
        name="api_refuse_consent",
    ),
    path(
        "consent-talks/<uuid:pk>/competence/",
        door(
            TAG,
            put=Verb(
                "decide_competence",
                "Avgjør samtykkekompetanse",
                ConsentTalkLine,
                may=_decider,
                do=actions.decide_competence,
                body=CompetenceBody,
                again=access.access_talk,
            ),
        ),
        name="api_decide_competence",
    ),
    path(
        "consent-talks/<uuid:pk>/signature/",
        door(
            TAG,
            put=Verb(
                "sign_consent",
                "Legg ved det signerte skjemaet",
                ConsentLine,
                may=access.access_talk,
                do=_sign,
                body=SignatureBody,
            ),
        ),
        name="api_sign_consent",
    ),
    path(
        "consents/<uuid:pk>/filing/",
        door(
            TAG,
            put=Verb(
                "file_consent",
                "Journalfør et samtykke",
                ConsentLine,
                may=access.access_consent,
                do=_file,
                body=OwnReferenceBody,
                again=access.access_consent,
            ),
        ),
        name="api_file_consent",
    ),
    path(
        "consents/<uuid:pk>/narrowing/",
        door(
            TAG,
            put=Verb(
                "narrow_consent",
                "Innsnevre et samtykke",
                ConsentLine,
                may=access.access_consent,
                do=_narrow,
                body=NarrowBody,
                again=access.access_consent,
            ),
        ),
        name="api_narrow_consent",
    ),
    path(
        "people/<uuid:pk>/consent-questions/",
        door(
            TAG, get=Listing("list_consent_questions", "Spørsmål om samtykke trengs", ConsentQuestionLine, _questions)
        ),
        name="api_consent_questions",
    ),
    path(
        "consent-questions/<uuid:pk>/answer/",
        door(
            TAG,
            put=Verb(
                "answer_consent_question",
                "Svar på om samtykke trengs",
                ConsentQuestionLine,
                may=access.access_question,
                do=_answer,
                body=ConsentAnswerBody,
                again=access.access_question,
            ),
        ),
        name="api_answer_consent_question",
    ),
]
