"""What referrals hang in the frame of both health services: menu, links on the patient page, timeline, links on letters.

Nothing here is shown in custody: every source asks for the world first.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import letter_page
from consent.models import Letter
from coordination import person_page, timeline
from coordination.identity import Actor
from coordination.models import MunicipalPatient, SpecialistPatient
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.worlds import World
from referrals import access
from referrals.letters import ASSESSORS, DECISION, REFERRAL

register_menu(
    MenuItem(
        code="referrals",
        label=gettext_lazy("Henvisninger"),
        icon="Hospital",
        url_name="referral_list",
        order=50,
        worlds=(World.MUNICIPAL_HEALTH,),
        roles=access.MUNI_READERS,
    ),
    MenuItem(
        code="referrals",
        label=gettext_lazy("Henvisninger"),
        icon="Hospital",
        url_name="referral_intake",
        order=25,
        worlds=(World.SPECIALIST_HEALTH,),
        roles=ASSESSORS,
    ),
)


@person_page.links
def links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Offer to refer a patient."""
    if isinstance(person, MunicipalPatient) and access.may_refer(actor):
        yield person_page.Link(label=_("Ny henvisning"), url=reverse("referral_new", args=[person.pk]), icon="Hospital")


@timeline.source
def events(actor: Actor, person: Named, since: datetime) -> Iterable[timeline.Event]:
    """Tell when a patient was referred, received, assessed. The letters tell the rest themselves."""
    if isinstance(person, MunicipalPatient) and access.may_read_sent(actor):
        return list(_sent(actor, person, since))
    if isinstance(person, SpecialistPatient) and access.may_read_received(actor):
        return list(_received(actor, person, since))
    return []


def _sent(actor: Actor, person: MunicipalPatient, since: datetime) -> Iterator[timeline.Event]:
    for sent in access.sent_of(actor, person.pk):
        row = sent.referral
        url = reverse("referral", args=[row.pk])
        if row.recorded_at >= since:
            title = _("Henvisning skrevet: %(service)s") % {"service": row.get_service_type_display()}
            yield timeline.Event(
                at=row.recorded_at, kind="health", title=title, text=sent.label, who=row.by_name, url=url
            )
        if row.withdrawn_at is not None and row.withdrawn_at >= since:
            title = _("Henvisning trukket tilbake")
            yield timeline.Event(
                at=row.withdrawn_at, kind="decision", title=title, who=row.get_withdrawn_by_display(), url=url
            )


def _received(actor: Actor, person: SpecialistPatient, since: datetime) -> Iterator[timeline.Event]:
    for case in access.cases_for(actor).filter(person=person):
        url = reverse("referral_case", args=[case.pk])
        if case.received_at >= since:
            title = _("Henvisning mottatt: %(service)s") % {"service": case.get_service_type_display()}
            yield timeline.Event(
                at=case.received_at, kind="health", title=title, text=case.referrer.name, who=case.by_name, url=url
            )
        if case.decided_at is not None and case.decided_at >= since:
            title = _("Henvisning vurdert: %(state)s") % {"state": case.get_state_display()}
            yield timeline.Event(at=case.decided_at, kind="decision", title=title, who=case.decided_by_name, url=url)


@letter_page.letter_actions
def letter_links(actor: Actor, letter: Letter) -> Iterator[letter_page.Link]:
    """From a letter of a referral to the referral itself, or to registering receipt."""
    if letter.kind not in (REFERRAL, DECISION):
        return
    if access.may_read_sent(actor):
        row = access.referrals_for(actor).filter(thread_id=letter.thread_id).first()
        if row is not None:
            yield letter_page.Link(label=_("Åpne henvisningen"), url=reverse("referral", args=[row.pk]), primary=True)
    elif access.may_read_received(actor):
        case = access.case_of_thread(actor, letter.thread_id)
        new = letter.direction == Letter.Direction.IN and letter.kind == REFERRAL and letter.superseded_by is None
        if new and access.may_receive(actor) and (case is None or case.letter_id != letter.letter_id):
            yield letter_page.Link(
                label=_("Registrer mottak"), url=reverse("referral_received", args=[letter.pk]), primary=True
            )
        elif case is not None:
            yield letter_page.Link(
                label=_("Åpne henvisningen"), url=reverse("referral_case", args=[case.pk]), primary=True
            )
