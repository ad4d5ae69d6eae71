"""Tells those a consent names that it is given, narrower or over. A neutral line: never why, and never who else is named."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consent.actions.letters import Undelivered, send_letter
from consent.documents import category_word
from consent.letters import CONSENT_NOTICE, identity_of
from consent.models import EVENTS, LETTERS, Consent, ConsentEvent, Letter
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import Agency
from coordination.worlds import World

GIVEN, NARROWED, ENDED = "given", "narrowed", "ended"


def basis_of(world: World) -> str:
    """Return the ground that rests on a consent given in this world."""
    return "LB01" if world is World.CUSTODY else "LB02"


def add_event(actor: Actor, consent: Consent, kind: ConsentEvent.Kind, at: datetime, text: str = "") -> None:
    """Write down something that happened to a consent."""
    EVENTS[actor.world](
        person_id=consent.person_id, consent=consent, kind=kind, text=text[:500], **signed(actor, at)
    ).save(force_insert=True)


def tell(actor: Actor, consent: Consent, person: Any, event: str, recipients: Iterable[UUID], at: datetime) -> None:
    """Send a notice to each of some recipients on the consent itself; call it while the consent still names them and stands.

    A withdrawal is never held up by a recipient that cannot be reached: that is written down instead. (obligation R6.3-e)
    """
    wanted = set(recipients)
    body: dict[str, Any] = {**identity_of(person), "event": event}
    if event != ENDED:
        body |= {
            "categories": [category_word(code) for code in consent.categories],
            "purpose": consent.purpose,
            "given_on": clock.local_date(consent.signed_at).isoformat(),
            "valid_from": consent.valid_from.isoformat(),
            "valid_to": consent.valid_to.isoformat(),
            "reference": consent.own_reference,
        }
    sent = LETTERS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, direction=Letter.Direction.OUT, consent_id=consent.pk, other_agency_id__in=wanted
    )
    if event != GIVEN and not consent.text_version:
        # Signed in a talk, everybody it names was told, also when the person has come from another prison since; one recorded from paper
        # was told to nobody, and who never heard of it is not told that it is over.
        wanted &= set(sent.values_list("other_agency_id", flat=True))
    notices = sent.filter(kind=CONSENT_NOTICE.code)
    told: dict[UUID, UUID] = dict(notices.order_by("sent_at").values_list("other_agency_id", "letter_id"))
    if event == ENDED:
        # It ran out before, and the sweep told them then.
        wanted -= set(notices.filter(body__event=ENDED).values_list("other_agency_id", flat=True))
    for agency in Agency.objects.filter(pk__in=wanted).order_by("pk"):
        try:
            send_letter(
                actor,
                CONSENT_NOTICE.code,
                to=agency.pk,
                person=person,
                body=body,
                basis=basis_of(actor.world),
                consent=consent.pk,
                inmate_informed=True,
                in_reply_to=told.get(agency.pk),
            )
        except Undelivered:
            words = _("%(agency)s kunne ikke få melding.") % {"agency": agency.name}
            add_event(actor, consent, ConsentEvent.Kind.UNTOLD, at, words)
