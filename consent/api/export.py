"""Letters and papers taken out, for programs: one letter, all about a person, and what a person gets about themselves. Holds no rule.

A file is told in JSON, its bytes in base64, so that a refusal and a file have the same form.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers

from consent import access, actions
from consent.access import insight as reading
from consent.actions import export, insight
from consent.api.insight import TAG
from coordination import clock
from coordination.api.declared import Reading, Verb, door
from coordination.api.fields import Base64File, Instant
from coordination.identity import Actor
from coordination.jobs import Progress, progress_of
from coordination.models.people import Named


class JobLine(serializers.Serializer[Progress]):
    """Work that was asked for. When `state` is done its file can be fetched, by the one who asked, for seven days."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    asked_at = Instant()
    state = serializers.CharField(help_text="waiting, running, done, failed or expired")
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class FileWhole(serializers.Serializer[Any]):
    """A file with what is in it."""

    content_type = serializers.CharField()
    size = serializers.IntegerField()
    digest = serializers.SerializerMethodField(help_text="SHA-256 in hexadecimal.")
    data = Base64File()  # type: ignore[assignment]  # a field of that name

    def get_digest(self, file: Any) -> str:
        """Return the hash of exactly these bytes."""
        return hashlib.sha256(bytes(file["data"])).hexdigest()


def _file(content_type: str, data: bytes) -> dict[str, Any]:
    return {"content_type": content_type, "size": len(data), "data": data}


def _letter(actor: Actor, pk: UUID) -> dict[str, Any]:
    return _file("application/zip", export.export_letter(actor, actions.opened(actor, pk), at=clock.now()))


def _job(actor: Actor, pk: UUID) -> Progress:
    found = progress_of(pk)
    if found.kind not in (insight.KIND, export.KIND):
        raise Http404
    return found


def _made(actor: Actor, pk: UUID) -> dict[str, Any]:
    found = _job(actor, pk)
    if not found.result:
        raise Http404
    row = export.take_out(actor, UUID(found.result), at=clock.now())
    return _file(row.content_type, bytes(row.data))


def _exporter(actor: Actor, pk: UUID) -> Named:
    if not export.may_export_all(actor):
        raise Http404
    return access.access_subject(actor, pk)


def _asking(ask: Callable[..., UUID]) -> Callable[..., Progress]:
    """Return the verb that asks the worker; the same key again makes no second file."""

    def do(actor: Actor, person: Named, *, key: UUID, at: datetime) -> Progress:
        return progress_of(ask(actor, person.pk, key=key))

    return do


urlpatterns = [
    path(
        "letters/<uuid:pk>/export/",
        door(TAG, get=Reading("export_letter", "Ett brev til eget arkiv", FileWhole, _letter, confirmed=True)),
        name="api_letter_export",
    ),
    path(
        "people/<uuid:pk>/letter-exports/",
        door(
            TAG,
            post=Verb(
                "export_letters",
                "Be om alle brev om en person til eget arkiv",
                JobLine,
                may=_exporter,
                do=_asking(export.ask_for_export),
                confirmed=True,
            ),
        ),
        name="api_export_letters",
    ),
    path(
        "people/<uuid:pk>/insight-papers/",
        door(
            TAG,
            post=Verb(
                "print_insight",
                "Be om innsynet på papir",
                JobLine,
                may=reading.access_told,
                do=_asking(insight.ask_for_insight),
            ),
        ),
        name="api_print_insight",
    ),
    path(
        "jobs/<uuid:pk>/",
        door(TAG, get=Reading("get_job", "Hvor langt et arbeid er kommet", JobLine, _job)),
        name="api_job",
    ),
    path(
        "jobs/<uuid:pk>/file/",
        door(TAG, get=Reading("get_made_file", "Filen som arbeidet laget", FileWhole, _made, confirmed=True)),
        name="api_made_file",
    ),
]
