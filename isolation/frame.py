"""What isolation hangs in the page frame: menu, the timeline, links and tags on the person page, and the answer to advice on a letter.

Also what happens to a measure when a stay ends. Holds no rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import letter_page
from consent.models import Letter
from coordination import clock, formats, person_page, timeline, worklist
from coordination.identity import Actor
from coordination.models import Person, Role, Stay, UnitTransfer
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.people import attention, hooks
from coordination.worlds import World
from isolation.access import OPEN, minutes_by_person, open_informal, running_for
from isolation.actions import harm, moves
from isolation.actions.informal import end_open
from isolation.actions.measures import end_with_stay
from isolation.actions.proposals import open_proposal
from isolation.actions.requests import ADVICE
from isolation.history import kind_text
from isolation.letters import DECIDERS, STAFF
from isolation.models import (
    Check,
    HarmDecision,
    InformalIsolation,
    Measure,
    MeasureKind,
    MoveAdvice,
    Reassessment,
    SupervisionConsideration,
)
from isolation.rules.cell_time import little_time_out

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
    if len(people) == 1:
        one = person_page.once(actor, people[0], running_for)
        rows = [one] if one else []
    else:
        keys = [person.pk for person in people]
        rows = list(Measure.objects.filter(agency_id=actor.agency_id, person_id__in=keys, ended_at=None))
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


@person_page.bulk_tags
def informally_isolated(actor: Actor, people: Sequence[Named]) -> Mapping[UUID, Iterable[person_page.Tag]]:
    """Say of everybody who is isolated without a decision that they are."""
    if actor.world is not World.CUSTODY:
        return {}
    if len(people) == 1:
        one = person_page.once(actor, people[0], open_informal)
        rows = [one] if one else []
    else:
        keys = [person.pk for person in people]
        rows = list(InformalIsolation.objects.filter(agency_id=actor.agency_id, person_id__in=keys, state__in=OPEN))
    return {
        row.person_id: [person_page.Tag(text=str(row.get_kind_display()), severity="warning", icon="Door")]
        for row in rows
    }


@person_page.links
def doings(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Offer the running measure, a decision, and a request to the health service."""
    if not isinstance(person, Person) or actor.role not in VIEWERS:
        return
    measure = person_page.once(actor, person, running_for)
    if measure is not None:
        yield person_page.Link(
            label=_("Isolasjon"), url=reverse("measure", args=[measure.pk]), icon="Eye", primary=True, group="isolation"
        )
    if actor.has_role(*DECIDERS) and measure is None:
        yield person_page.Link(
            label=_("Vedtak om isolasjon"),
            url=reverse("measure_new", args=[person.pk]),
            icon="Gavel",
            group="isolation",
        )
    informal = person_page.once(actor, person, open_informal)
    if informal is not None:
        yield person_page.Link(
            label=_("Isolert uten vedtak"), url=reverse("informal", args=[informal.pk]), icon="Door", group="isolation"
        )
    if actor.has_role(*STAFF):
        proposal = open_proposal(actor, person.pk)
        if proposal is not None:
            yield person_page.Link(
                label=_("Forslag om isolasjon"),
                url=reverse("proposal", args=[proposal.pk]),
                icon="Gavel",
                group="isolation",
            )
        elif measure is None:
            yield person_page.Link(
                label=_("Foreslå isolasjon"),
                url=reverse("proposal_new", args=[person.pk]),
                icon="Pencil",
                group="isolation",
            )
        if measure is None and informal is None:
            yield person_page.Link(
                label=_("Isolert uten vedtak"),
                url=reverse("informal_new", args=[person.pk]),
                icon="Door",
                group="isolation",
            )
        yield person_page.Link(
            label=_("Tid ute av cella"), url=reverse("time_out", args=[person.pk]), icon="Clock", group="isolation"
        )
        yield person_page.Link(
            label=_("Be om helsetilsyn"),
            url=reverse("health_check_wish", args=[person.pk]),
            icon="Stethoscope",
            group="health",
        )
    if actor.has_role(*DECIDERS):
        yield person_page.Link(
            label=_("Be om helsefaglig råd"),
            url=reverse("advice_request", args=[person.pk]),
            icon="PersonChat",
            group="health",
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
                title=kind_text(measure),
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
    for decision in HarmDecision.objects.filter(**own, decided_at__gte=since):
        yield timeline.Event(
            at=decision.decided_at,
            kind="decision",
            title=_("Etter melding om skade: %(outcome)s") % {"outcome": str(decision.get_outcome_display()).lower()},
            text=decision.reason,
            who=decision.by_name,
            url=reverse("measure", args=[decision.measure_id]) if decision.measure_id else "",
        )
    yield from _informal(own, since)
    for move in MoveAdvice.objects.filter(**own, moved_at__gte=since).select_related("request"):
        yield timeline.Event(
            at=move.moved_at,
            kind="decision",
            title=(
                _("Flyttet til %(where)s etter helsefaglig råd")
                if move.advice_letter
                else _("Flyttet til %(where)s. Helsetjenesten var spurt om råd og hadde ikke svart")
            )
            % {"where": move.destination},
            text=move.request.question,
            who=move.by_name,
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


def _informal(own: Mapping[str, UUID], since: datetime) -> Iterator[timeline.Event]:
    """Isolation without a decision: seen, considered, ended."""
    for row in InformalIsolation.objects.filter(**own):
        url = reverse("informal", args=[row.pk])
        if row.flagged_at >= since:
            title = str(row.get_kind_display())
            yield timeline.Event(
                at=row.flagged_at, kind="decision", title=title, text=row.description, who=row.by_name, url=url
            )
        if row.ended_at is not None and row.ended_at >= since:
            title = _("Isolasjon uten vedtak avsluttet: %(why)s") % {"why": str(row.get_end_reason_display()).lower()}
            yield timeline.Event(at=row.ended_at, kind="decision", title=title, who=row.ended_by_name, url=url)
    for one in SupervisionConsideration.objects.filter(**own, considered_at__gte=since):
        yield timeline.Event(
            at=one.considered_at,
            kind="decision",
            title=_("Tilsyn og oppfølging vurdert: ja") if one.supervision else _("Tilsyn og oppfølging vurdert: nei"),
            text=one.reason,
            who=one.by_name,
            url=reverse("informal", args=[one.informal_id]),
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


@letter_page.letter_actions
def answer_reports(actor: Actor, letter: Letter) -> Iterator[letter_page.Link]:
    """Offer to decide after a report of harm, and to answer findings about a place."""
    if letter.direction != Letter.Direction.IN or letter.answered_at is not None or not actor.has_role(*DECIDERS):
        return
    if letter.kind == harm.REPORT and letter.person_id:
        yield letter_page.Link(
            label=_("Avgjør og svar"), url=reverse("harm_answer", args=[letter.pk]), icon="Gavel", primary=True
        )
    elif letter.kind == harm.FINDINGS:
        yield letter_page.Link(
            label=_("Svar på funnene"), url=reverse("environment_answer", args=[letter.pk]), icon="Pencil", primary=True
        )


@worklist.before_gathering
def start_harm_clocks(actor: Actor, at: datetime) -> None:
    """Open the two hours of reports of harm that have come, acknowledged or not."""
    harm.start_clocks(actor, at)


@attention.source
def isolated_or_alone(
    actor: Actor, people: Sequence[Person], at: datetime
) -> Mapping[UUID, Iterable[attention.Concern]]:
    """Name who is isolated, with or without a decision, and who has had little time out of the cell lately. Three queries."""
    keys, found = [person.pk for person in people], defaultdict(list)
    own = {"agency_id": actor.agency_id, "person_id__in": keys}
    for measure in Measure.objects.filter(**own, ended_at=None):
        found[measure.person_id].append(
            attention.Concern(
                text=str(TAGS[MeasureKind(measure.kind)]), weight=3, url=reverse("measure", args=[measure.pk])
            )
        )
    for row in InformalIsolation.objects.filter(**own, state__in=OPEN):
        found[row.person_id].append(
            attention.Concern(text=str(row.get_kind_display()), weight=3, url=reverse("informal", args=[row.pk]))
        )
    today = clock.local_date(at)
    for pk, minutes in minutes_by_person(actor, keys, today - timedelta(days=7)).items():
        mean = little_time_out(minutes, today)
        if mean is not None:
            text = _("Ute av cella %(time)s i snitt siste uke") % {"time": formats.duration(mean)}
            url = reverse("time_out", args=[pk]) if actor.has_role(*STAFF) else ""
            found[pk].append(attention.Concern(text=text, weight=2, url=url))
    return found


@hooks.on_stay_ended
def stay_ended(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """A measure ends with the stay, and so does isolation without one."""
    end_with_stay(actor, person, ended_at=stay.ended_at or at, at=at)
    end_open(actor, person, InformalIsolation.EndReason.LEFT, at)


@hooks.on_handed_over
def handed_over(actor: Actor, person: Person, stay: Stay | None, at: datetime) -> None:
    """A measure belongs to the prison that decided on it: it ends before the person changes owner."""
    moves.moved(actor, person, at, to=_("et annet fengsel"))
    end_with_stay(actor, person, ended_at=at, at=at)
    end_open(actor, person, InformalIsolation.EndReason.LEFT, at)


@hooks.on_moved
def moved(actor: Actor, person: Person, transfer: UnitTransfer, at: datetime) -> None:
    """A move is linked to the health advice that was asked for before it."""
    moves.moved(actor, person, at, to=str(transfer.to_unit), transfer=transfer.pk)


hooks.before_move(moves.before_move)
