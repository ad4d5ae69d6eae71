"""What isolation hangs in the page frame: menu, the timeline, links and tags on the person page, and the answer to advice on a letter.

Also what happens to a measure when a stay ends. Holds no rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import letter_page
from consent.models import Letter
from coordination import person_page, timeline
from coordination.identity import Actor
from coordination.models import Person, Role, Stay
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.people import hooks
from coordination.worlds import World
from isolation.access import running_for
from isolation.actions.measures import end_with_stay
from isolation.actions.proposals import open_proposal
from isolation.actions.requests import ADVICE
from isolation.history import kind_text
from isolation.letters import DECIDERS, STAFF
from isolation.models import Check, Measure, MeasureKind, Reassessment

VIEWERS = (*STAFF, Role.RELEASE_CASEWORKER)
TAGS = {
    MeasureKind.EXCLUSION: gettext_lazy("Utelukket fra fellesskapet"),
    MeasureKind.IMMEDIATE_EXCLUSION: gettext_lazy("Utelukket fra fellesskapet"),
    MeasureKind.COURT_ISOLATION: gettext_lazy("Isolert etter rettens kjennelse"),
    MeasureKind.SECURITY_CELL: gettext_lazy("I sikkerhetscelle"),
    MeasureKind.SECURITY_BED: gettext_lazy("I sikkerhetsseng"),
}

register_menu(
    MenuItem(
        code="isolation",
        label=gettext_lazy("Isolasjon"),
        icon="Eye",
        url_name="isolation_board",
        order=30,
        worlds=(World.CUSTODY,),
        roles=VIEWERS,
    )
)

register_menu(
    MenuItem(
        code="law",
        label=gettext_lazy("Lov i kraft"),
        icon="Gavel",
        url_name="law_date",
        order=95,
        worlds=(World.CUSTODY,),
        roles=(Role.ADMINISTRATOR,),
    )
)


@person_page.bulk_tags
def isolated(actor: Actor, people: Sequence[Named]) -> Mapping[UUID, Iterable[person_page.Tag]]:
    """Say of everybody who is isolated now that they are."""
    if actor.world is not World.CUSTODY:
        return {}
    rows = Measure.objects.filter(
        agency_id=actor.agency_id, person_id__in=[person.pk for person in people], ended_at=None
    )
    return {
        row.person_id: [
            person_page.Tag(
                text=str(TAGS[MeasureKind(row.kind)]),
                severity="danger" if row.is_coercive else "warning",
                icon="PadlockLocked",
            )
        ]
        for row in rows
    }


@person_page.links
def doings(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Offer the running measure, a decision, and a request to the health service."""
    if not isinstance(person, Person) or actor.role not in VIEWERS:
        return
    measure = running_for(actor, person.pk)
    if measure is not None:
        yield person_page.Link(
            label=_("Isolasjon"), url=reverse("measure", args=[measure.pk]), icon="Eye", primary=True
        )
    if actor.has_role(*DECIDERS) and measure is None:
        yield person_page.Link(
            label=_("Vedtak om isolasjon"), url=reverse("measure_new", args=[person.pk]), icon="Gavel"
        )
    if actor.has_role(*STAFF):
        proposal = open_proposal(actor, person.pk)
        if proposal is not None:
            yield person_page.Link(
                label=_("Forslag om isolasjon"), url=reverse("proposal", args=[proposal.pk]), icon="Gavel"
            )
        elif measure is None:
            yield person_page.Link(
                label=_("Foreslå isolasjon"), url=reverse("proposal_new", args=[person.pk]), icon="Pencil"
            )
        yield person_page.Link(
            label=_("Be om helsetilsyn"), url=reverse("health_check_wish", args=[person.pk]), icon="Stethoscope"
        )


@timeline.source
def happened(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Decisions, endings, reassessments and worrying checks; the ordinary ones stand on the measure's own page."""
    if not isinstance(person, Person) or actor.role not in VIEWERS:
        return
    own = {"agency_id": actor.agency_id, "person_id": person.pk}
    for measure in Measure.objects.filter(**own).order_by("-effective_at"):
        url = reverse("measure", args=[measure.pk])
        if measure.effective_at >= since:
            yield timeline.Event(
                at=measure.effective_at,
                kind="decision",
                title=_("Vedtak: %(kind)s") % {"kind": kind_text(measure).lower()},
                who=measure.by_name,
                url=url,
            )
        if measure.ended_at is not None and measure.ended_at >= since:
            title = _("Avsluttet: %(kind)s") % {"kind": kind_text(measure).lower()}
            yield timeline.Event(
                at=measure.ended_at,
                kind="decision",
                title=title,
                text=str(measure.get_end_reason_display()),
                who=measure.ended_by_name,
                url=url,
            )
    for row in Reassessment.objects.filter(**own, assessed_at__gte=since):
        url = reverse("measure", args=[row.measure_id])
        yield timeline.Event(
            at=row.assessed_at,
            kind="decision",
            title=str(row.get_outcome_display()),
            text=row.reason,
            who=row.by_name,
            url=url,
        )
    for check in Check.objects.filter(**own, occurred_at__gte=since, state__in=Check.WORRYING, corrections=None):
        url = reverse("measure", args=[check.measure_id])
        late = check.recorded_at if check.recorded_at != check.occurred_at else None
        yield timeline.Event(
            at=check.occurred_at,
            kind="check",
            title=str(check.get_state_display()),
            text=check.note,
            who=check.observer_name,
            url=url,
            recorded_at=late,
        )


@letter_page.letter_actions
def answer(actor: Actor, letter: Letter) -> Iterator[letter_page.Link]:
    """Offer to answer advice, to those who decide."""
    if (
        letter.kind == ADVICE
        and letter.direction == Letter.Direction.IN
        and letter.answered_at is None
        and actor.has_role(*DECIDERS)
    ):
        yield letter_page.Link(
            label=_("Svar på rådet"), url=reverse("advice_answer", args=[letter.pk]), icon="Pencil", primary=True
        )


@hooks.on_stay_ended
def stay_ended(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """A measure ends with the stay."""
    end_with_stay(actor, person, ended_at=stay.ended_at or at, at=at)


@hooks.on_handed_over
def handed_over(actor: Actor, person: Person, stay: Stay | None, at: datetime) -> None:
    """A measure belongs to the prison that decided on it: it ends before the person changes owner."""
    end_with_stay(actor, person, ended_at=at, at=at)
