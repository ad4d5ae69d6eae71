"""What the attention flag hangs in the page frame: its tag, links on the person page, the timeline, and the ground's own reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination import person_page, timeline
from coordination.forms.people import RESTRICTIONS
from coordination.identity import Actor
from coordination.models import Attention, AttentionReason, Criterion, LegalStatus, Person, Stay
from coordination.models.people import Named
from coordination.people import attention, hooks
from coordination.people.access import REGISTRARS
from coordination.worlds import World


@person_page.bulk_tags
def flagged(actor: Actor, people: Sequence[Named]) -> Mapping[UUID, Iterable[person_page.Tag]]:
    """Say of everybody with a flag that they need extra attention, and whom to ask."""
    if actor.world is not World.CUSTODY:
        return {}
    tag = person_page.Tag(text=str(attention.FLAG_WORDS), severity="warning", icon="HandHeart")
    if len(people) == 1:
        return {people[0].pk: [tag]} if person_page.once(actor, people[0], _standing) else {}
    return {pk: [tag] for pk in attention.standing_of(actor, [person.pk for person in people])}


def _standing(actor: Actor, person_id: UUID) -> Attention | None:
    return attention.standing_of(actor, [person_id]).get(person_id)


@person_page.links
def doings(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Offer the flag that stands, or to raise one."""
    if not isinstance(person, Person) or not actor.has_role(*REGISTRARS):
        return
    flag = person_page.once(actor, person, _standing)
    if flag is not None:
        yield person_page.Link(
            label=_("Ekstra oppmerksomhet"), url=reverse("attention", args=[flag.pk]), icon="HandHeart"
        )
    else:
        yield person_page.Link(
            label=_("Merk for ekstra oppmerksomhet"),
            url=reverse("attention_raise", args=[person.pk]),
            icon="HandHeart",
        )


@timeline.source
def happened(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Flags raised, kept and lifted."""
    if not isinstance(person, Person) or not actor.has_role(*REGISTRARS):
        return
    own = {"agency_id": actor.agency_id, "person_id": person.pk}
    for row in AttentionReason.objects.filter(**own, recorded_at__gte=since).order_by("recorded_at"):
        title = _("Ekstra oppmerksomhet: %(why)s") % {"why": Criterion(row.criterion).label} if row.criterion else ""
        yield timeline.Event(
            at=row.recorded_at,
            kind="decision",
            title=title or _("Ekstra oppmerksomhet vurdert på nytt"),
            text=row.note,
            who=row.by_name,
            url=reverse("attention", args=[row.attention_id]),
        )
    for flag in Attention.objects.filter(**own, lifted_at__gte=since):
        yield timeline.Event(
            at=flag.lifted_at or since,
            kind="decision",
            title=_("Ekstra oppmerksomhet opphevet"),
            text=flag.lift_reason,
            who=flag.lifted_by_name,
            url=reverse("attention", args=[flag.pk]),
        )


@attention.source
def standing(actor: Actor, people: Sequence[Person], at: datetime) -> Mapping[UUID, Iterable[attention.Concern]]:
    """Give why each standing flag stands."""
    flags = attention.standing_of(actor, [person.pk for person in people])
    reasons = attention.reasons_of(flags.values())
    found: dict[UUID, list[attention.Concern]] = {}
    for pk, flag in flags.items():
        codes = dict.fromkeys(row.criterion for row in reasons.get(flag.pk, []) if row.criterion)
        found[pk] = [
            attention.Concern(text=str(Criterion(code).label), weight=2, url=reverse("attention", args=[flag.pk]))
            for code in codes
        ]
    return found


@attention.source
def on_remand(actor: Actor, people: Sequence[Person], at: datetime) -> Mapping[UUID, Iterable[attention.Concern]]:
    """Name everybody on remand, above all those with restrictions."""
    rows = Stay.objects.filter(
        agency_id=actor.agency_id,
        person_id__in=[person.pk for person in people],
        ended_at=None,
        legal_status=LegalStatus.REMAND,
    )
    found: dict[UUID, list[attention.Concern]] = {}
    for stay in rows:
        names = ", ".join(str(RESTRICTIONS[code]).lower() for code in stay.remand_restrictions)
        text = _("Varetekt med restriksjoner: %(which)s") % {"which": names} if names else _("Varetekt")
        found[stay.person_id] = [attention.Concern(text=text, weight=2 if names else 1)]
    return found


@hooks.on_stay_ended
def stay_ended(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """A flag belongs to the stay."""
    attention.end_with_stay(actor, person, at)
