"""What admission hangs in the page frame: links, the tag of a feared suicide, and events. Reads only the prison's own records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination import person_page, timeline
from coordination.identity import Actor
from coordination.models import CustodyDeadline, LegalStatus
from coordination.models.people import Named
from coordination.worlds import World
from intake import access
from intake.models import ActionPlanDecision
from intake.rules import Concern


@person_page.links
def links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """The interview while it is not held, contact always, the plan when there is one or one is asked for."""
    if actor.world is not World.CUSTODY:
        return
    if access.may_contact(actor):
        yield person_page.Link(
            label=_("Kontakt helsetjenesten"),
            url=reverse("health_contact", args=[person.pk]),
            icon="FirstAid",
            group="health",
        )
        yield person_page.Link(
            label=_("Vil snakke med helsetjenesten"),
            url=f"{reverse('health_contact', args=[person.pk])}?grunn=onske",
            icon="ChatElipsis",
            group="health",
        )
    stay = person_page.stay_of(actor, person)
    if stay is None:
        return
    interview = access.newest_interview(actor, stay.pk)
    if access.may_interview(actor) and (interview is None or not interview.complete):
        yield person_page.Link(
            label=_("Innkomstsamtale"),
            url=reverse("intake_interview", args=[person.pk]),
            icon="PersonChat",
            primary=True,
        )
    elif interview is not None:
        yield person_page.Link(
            label=_("Innkomstsamtale"), url=reverse("intake_receipt", args=[interview.pk]), icon="PersonChat"
        )
    feared = interview is not None and not {Concern.SUICIDE_RISK.value, Concern.SELF_HARM.value}.isdisjoint(
        interview.concerns
    )
    if feared or access.newest_decision(actor, stay.pk) is not None:
        yield person_page.Link(
            label=_("Tiltaksplan"), url=reverse("action_plan_decide", args=[stay.pk]), icon="Tasklist"
        )
    if access.may_read_mappings(actor) and stay.legal_status != LegalStatus.REMAND:
        yield person_page.Link(
            label=_("Behovskartlegging"), url=reverse("mapping_offer", args=[stay.pk]), icon="ClipboardCheckmark"
        )


@person_page.bulk_tags
def tags(actor: Actor, people: Sequence[Named]) -> Mapping[UUID, Iterable[person_page.Tag]]:
    """Say that suicide is feared or that a plan runs: what the prison itself knows, never a diagnosis. Two queries for any number."""
    if actor.world is not World.CUSTODY:
        return {}
    keys = [person.pk for person in people]
    found: dict[UUID, list[person_page.Tag]] = {}
    asked = CustodyDeadline.objects.filter(agency_id=actor.agency_id, person_id__in=keys, rule="D05", closed_at=None)
    for deadline in asked:
        found.setdefault(deadline.person_id, []).append(
            person_page.Tag(text=_("Selvmordsrisiko vurderes"), severity="danger")
        )
    for plan in _newest_plans(actor, keys):
        high = plan.risk == ActionPlanDecision.Risk.HIGH
        text = _("Tiltaksplan – høy risiko") if high else _("Tiltaksplan")
        found.setdefault(plan.person_id, []).append(
            person_page.Tag(text=text, severity="danger" if high else "warning")
        )
    return found


def _newest_plans(actor: Actor, people: list[UUID]) -> list[ActionPlanDecision]:
    """Return the plans that run: the newest decision of each stay that goes on, where it was yes."""
    rows = (
        access.decisions_for(actor)
        .filter(person_id__in=people, stay__ended_at=None)
        .order_by("stay_id", "-recorded_at", "-id")
        .distinct("stay_id")
    )
    return [row for row in rows if row.needed]


@timeline.source
def events(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Interviews held and plans decided; letters tell of themselves."""
    if actor.world is not World.CUSTODY:
        return
    for row in access.interviews_for(actor).filter(person_id=person.pk, held_at__gte=since):
        yield timeline.Event(
            at=row.held_at,
            kind="contact",
            title=_("Innkomstsamtale"),
            text=_("Sendt til helsetjenesten") if row.health_contact_id else "",
            who=row.by_name,
            url=reverse("intake_receipt", args=[row.pk]),
            recorded_at=row.recorded_at if (row.recorded_at - row.held_at).total_seconds() > 900 else None,
        )
    for plan in access.decisions_for(actor).filter(person_id=person.pk, decided_at__gte=since):
        yield timeline.Event(
            at=plan.decided_at,
            kind="plan",
            title=_("Tiltaksplan: ja") if plan.needed else _("Tiltaksplan: nei"),
            text=plan.measures or plan.reason,
            who=plan.by_name,
            url=reverse("action_plan", args=[plan.pk]),
        )
    if access.may_read_mappings(actor):
        yield from _mapped(actor, person, since)


def _mapped(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Tell when a mapping was offered, answered and done."""
    for row in access.mappings_for(actor).filter(person_id=person.pk):
        answered = (
            _("Takket nei til kartlegging") if row.state == row.State.DECLINED else _("Takket ja til kartlegging")
        )
        happened = (
            (row.recorded_at, _("Kartlegging tilbudt"), row.by_name),
            (row.answered_at, answered, row.answered_to),
            (row.done_at, _("Kartlegging gjennomført"), row.done_by),
        )
        url = reverse("mapping", args=[row.pk])
        for at, title, who in happened:
            if at is not None and at >= since:
                yield timeline.Event(at=at, kind="plan", title=title, who=who, url=url)
