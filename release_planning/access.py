"""Release plans for an actor, and where each stands with the health service. Writes nothing; absent and hidden are the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from consent.access import outbox
from consent.models import Letter
from coordination.deadlines import RULES
from coordination.identity import Actor
from coordination.models import CustodyDeadline, LegalStatus, Role, Stay
from coordination.worlds import World
from release_planning.deadlines import COOPERATION, NOTICE, NOTICE_OUTSIDE, REMAND
from release_planning.letters import SENDERS
from release_planning.models import ReleaseDate, ReleaseNotice, ReleasePlan, RemandReleaseAssessment

READERS = (Role.RELEASE_CASEWORKER, Role.WARDEN, Role.DUTY_LEADER, Role.CONTACT_OFFICER)
NOTICE_RULES = (NOTICE, NOTICE_OUTSIDE)
TELLING_RULES = (*NOTICE_RULES, REMAND)


def may_read(actor: Actor) -> bool:
    """Return whether the role has anything to do with release plans."""
    return actor.world is World.CUSTODY and actor.has_role(*READERS)


def may_send(actor: Actor) -> bool:
    """Return whether the role tells health services about release."""
    return actor.world is World.CUSTODY and actor.has_role(*SENDERS)


def plans_for(actor: Actor) -> QuerySet[ReleasePlan]:
    """Return the plans of stays that are going on and have a date, what is due first, then by date. Empty for other roles."""
    if not may_read(actor):
        return ReleasePlan.objects.none()
    due = CustodyDeadline.objects.filter(
        agency_id=actor.agency_id, subject_id=OuterRef("stay_id"), rule__in=TELLING_RULES, closed_at=None
    )
    return (
        ReleasePlan.objects.filter(
            agency_id=actor.agency_id, closed_at=None, stay__ended_at=None, stay__expected_release_on__isnull=False
        )
        .select_related("person__unit", "stay")
        .annotate(notice_due_at=Subquery(due.values("due_at")[:1]), notice_rule=Subquery(due.values("rule")[:1]))
        .order_by("notice_due_at", "stay__expected_release_on", "pk")
    )


def access_plan(actor: Actor, pk: UUID) -> ReleasePlan:
    """Return the plan of a stay by the stay's key, or of a person's newest stay by the person's; raise Http404 otherwise."""
    if not may_read(actor):
        raise Http404
    plans = ReleasePlan.objects.filter(agency_id=actor.agency_id).select_related("person__unit", "stay")
    plan = plans.filter(stay_id=pk).first() or plans.filter(person_id=pk).order_by("-recorded_at").first()
    if plan is None:
        raise Http404
    return plan


def access_remand_stay(actor: Actor, pk: UUID) -> Stay:
    """Return a remand stay that is going on, by its own key or the person's, to one who may decide about notice; or raise Http404."""
    if not may_send(actor):
        raise Http404
    stays = Stay.objects.filter(
        agency_id=actor.agency_id, ended_at=None, legal_status=LegalStatus.REMAND
    ).select_related("person__unit")
    stay = stays.filter(pk=pk).first() or stays.filter(person_id=pk).first()
    if stay is None:
        raise Http404
    return stay


def assessments_of(actor: Actor, stay: Stay) -> QuerySet[RemandReleaseAssessment]:
    """Return the assessments made at release from remand, newest first."""
    return RemandReleaseAssessment.objects.filter(agency_id=actor.agency_id, stay=stay).order_by("-recorded_at")


def last_notice(actor: Actor, plan: ReleasePlan, recipient_id: UUID | None) -> ReleaseNotice | None:
    """Return the newest notice to one health service about one stay. Another service told before a transfer does not count."""
    return (
        ReleaseNotice.objects.filter(agency_id=actor.agency_id, plan=plan, recipient_id=recipient_id)
        .order_by("-recorded_at", "-pk")
        .first()
    )


@dataclass(frozen=True)
class Told:
    """A notice and the prison's own copy of its letter; the copy is missing when another prison sent it before a transfer."""

    notice: ReleaseNotice
    letter: Letter | None

    @property
    def overdue(self) -> datetime | None:
        """Return when the receipt was due, while it has not come."""
        return self.letter.due_at if self.letter and self.letter.settled_at is None else None


@dataclass(frozen=True)
class Line:
    """One release in the list: `due_at` is set while health must be told (again)."""

    plan: ReleasePlan
    due_at: datetime | None
    rule: str
    told: Told | None

    @property
    def strength(self) -> str:
        """Return how binding what is due is."""
        return RULES[self.rule].strength if self.rule else ""

    @property
    def status(self) -> str:
        """Return must_tell, assess (remand), waiting (for the receipt), acknowledged, or none where nothing is to be told."""
        if self.due_at is not None:
            return "assess" if self.rule == REMAND else "must_tell"
        if self.told is None:
            return "none"
        return "acknowledged" if self.told.letter is None or self.told.letter.acknowledged_at else "waiting"


def _letters(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Letter]:
    return {letter.letter_id: letter for letter in outbox(actor).filter(letter_id__in=list(ids))}


def lines(actor: Actor, *, until: date | None = None, limit: int = 200) -> list[Line]:
    """Return the releases ahead (until an Oslo date), what is due first, in three queries whatever their number."""
    found = plans_for(actor)
    if until is not None:
        found = found.filter(stay__expected_release_on__lte=until)
    plans = list(found[:limit])
    notices: dict[UUID, ReleaseNotice] = {}
    for notice in ReleaseNotice.objects.filter(agency_id=actor.agency_id, plan__in=[p.pk for p in plans]).order_by(
        "recorded_at", "pk"
    ):
        notices[notice.plan_id] = notice
    letters = _letters(actor, (n.letter_id for n in notices.values()))
    return [
        Line(
            plan,
            plan.notice_due_at,  # type: ignore[attr-defined]
            plan.notice_rule or "",  # type: ignore[attr-defined]
            Told(n, letters.get(n.letter_id)) if (n := notices.get(plan.pk)) else None,
        )
        for plan in plans
    ]


def told_about(actor: Actor, plan: ReleasePlan) -> list[Told]:
    """Return every notice of a plan with its letter, newest first."""
    notices = list(
        ReleaseNotice.objects.filter(agency_id=actor.agency_id, plan=plan)
        .select_related("recipient")
        .order_by("-recorded_at", "-pk")
    )
    letters = _letters(actor, (n.letter_id for n in notices))
    return [Told(n, letters.get(n.letter_id)) for n in notices]


def dates_of(actor: Actor, plan: ReleasePlan) -> QuerySet[ReleaseDate]:
    """Return the dates a plan went through, newest first."""
    return ReleaseDate.objects.filter(agency_id=actor.agency_id, plan=plan).order_by("-recorded_at", "-pk")


def open_deadlines(actor: Actor, stay_id: UUID) -> dict[str, CustodyDeadline]:
    """Return the open deadlines of this app about a stay, by rule."""
    rows = CustodyDeadline.objects.filter(
        agency_id=actor.agency_id, subject_id=stay_id, closed_at=None, rule__in=(*TELLING_RULES, COOPERATION)
    )
    return {row.rule: row for row in rows}
