"""Sharing on a ground somebody chooses, for programs. What the page's forms ask is asked here; holds no rule."""

from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import access, actions
from consent.api.letters import TAG, LetterLine
from consent.forms.consents import NO, YES
from consent.forms.sharing import ChooseForm, ShareForm
from consent.letters import DANGER_BASES
from consent.models import Letter
from coordination import clock, step_up
from coordination.api.doors import Door, actor_in, does, given
from coordination.api.fields import Words
from coordination.refusals import Refused

F = TypeVar("F", bound=forms.Form)


class ShareBody(serializers.Serializer[Any]):
    """With whom, what, and on what ground."""

    recipient = serializers.UUIDField()
    kind = serializers.CharField(max_length=40, help_text="Of the letters that the actor's role may share.")
    basis = serializers.CharField(max_length=10, help_text="Only one that can be used now is taken.")
    necessity = Words(max_length=2000, help_text="Where the ground asks for it.")
    about = serializers.CharField(max_length=300)
    content = serializers.CharField(max_length=8000)
    verified = serializers.BooleanField(required=False, default=False)
    informed = serializers.BooleanField(help_text="Whether the person knows.")
    untold = Words(max_length=300, help_text="Why not, where the person has a right to know.")


class SharedLetter(Door):
    """A letter about one person, on a ground that was chosen."""

    @does("share_information", "Del opplysninger", LetterLine, body=ShareBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Share. The very same content from the same sender within ten minutes is the same letter. On danger the session must be confirmed."""
        actor = actor_in(request)
        person: Any = access.access_subject(actor, pk)
        kinds = access.may_share(actor)
        if not kinds:
            raise Http404
        said = given(request, ShareBody)
        chosen = {"til": str(said["recipient"]), "type": said["kind"]}
        choose = _valid(ChooseForm(chosen, partners=access.share_partners(actor), kinds=kinds))
        recipient, kind = choose.partners[chosen["til"]], choose.kinds[chosen["type"]]
        found = access.offers(actor, kind, recipient, person.pk, clock.local_date(clock.now()))
        form = _valid(ShareForm({**said, "informed": YES if said["informed"] else NO}, offers=found))
        if said["basis"] in DANGER_BASES:
            step_up.require(request)
        words = {name: form.cleaned_data[name] for name in ("about", "content", "verified")}
        sent = actions.share(actor, person, recipient, kind, **words, files=[], ground=form.ground())
        return Response(LetterLine(access.own_copy(actor, sent, Letter.Direction.OUT)).data)


def _valid(form: F) -> F:
    """Return a form that is whole. Raises `Refused` with what it says, by the names of the body."""
    if not form.is_valid():
        names = {"til": "recipient", "type": "kind"}
        errors = {names.get(field, field): [str(text) for text in texts] for field, texts in form.errors.items()}
        raise Refused("share", next(iter(errors.values()))[0], errors)
    return form


urlpatterns = [path("people/<uuid:pk>/shared-letter/", SharedLetter.as_view(), name="api_share")]
