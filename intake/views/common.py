"""What the pages of admission share: who it is about, the frame of a form, and the way on. Holds no rule."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consent.access import letters_for
from consent.models import Letter
from coordination import clock
from coordination.identity import Actor
from coordination.models import Person
from coordination.people.access import access_person, must_have_health_service
from coordination.views.people_common import banner_of, crumbs_of
from intake import access, actions
from intake.letters import REASONS
from intake.models import HealthContactRequest
from intake.rules import EMERGENCY_CLINIC_PHONE, Recipient, recipient


def person_of(actor: Actor, pk: UUID) -> Person:
    """Return somebody in custody the actor may see, or raise Http404."""
    access.require_custody(actor)
    return cast(Person, access_person(actor, pk))


def page(request: HttpRequest, template: str, actor: Actor, person: Person, heading: str, **more: Any) -> HttpResponse:
    """Return a page about somebody; 422 when it shows a form with errors."""
    form = more.get("form")
    context = {
        "person": banner_of(actor, person),
        "crumbs": crumbs_of(person, heading),
        "heading": heading,
        "cancel_url": reverse("person", args=[person.pk]),
        **more,
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def letter_url(letter: Letter | None) -> str:
    """Return where a letter is read, "" without one."""
    return reverse("letter", args=[letter.pk]) if letter else ""


def sent(actor: Actor, contact: HealthContactRequest) -> dict[str, Any]:
    """Return what a receipt says of the letter: to whom it went, when, and whom to call when nobody is there."""
    letter = letters_for(actor).filter(letter_id=contact.letter_id, direction=Letter.Direction.OUT).first()
    service = letter.other_agency if letter else must_have_health_service(actor)
    sent_at = letter.sent_at if letter else contact.recorded_at
    now = clock.now()
    closed = recipient(now, actions.hours_of(service)) is Recipient.EMERGENCY_CLINIC
    return {
        "letter": letter,
        "letter_url": letter_url(letter),
        "recipient_kind": service.world,
        "recipient_name": service.name,
        "sent_at": sent_at,
        "closed": closed,
        "phone": service.emergency_phone or EMERGENCY_CLINIC_PHONE,
        "reasons": [REASONS[reason] for reason in REASONS if reason.value in contact.reasons],
        "urgent": contact.urgent,
    }
