"""A reason before somebody without a task is opened, and emergency access inside health: asked, given, used, reviewed.

The walls decide who may be read. This asks why, when nothing else says it, and keeps the answer where the person's own log can show it.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import clock
from coordination.deadlines import DEADLINES, Rule, Step, close_deadlines, open_deadline, register
from coordination.identity import Actor, signed
from coordination.models import (
    Alert,
    CustodyOpening,
    HealthOpening,
    MunicipalOpening,
    Opening,
    Role,
    SpecialistOpening,
    Stay,
)
from coordination.models.deadlines import Strength
from coordination.oversight import rules
from coordination.oversight.rules import Relation
from coordination.people import access, patients
from coordination.people.identifiers import lookup_hash
from coordination.refusals import Refused, refused_at
from coordination.worlds import Reach, World

OPENINGS: dict[World, Any] = {
    World.CUSTODY: CustodyOpening,
    World.MUNICIPAL_HEALTH: MunicipalOpening,
    World.SPECIALIST_HEALTH: SpecialistOpening,
}
#: Who may open in an emergency, and who looks at it afterwards.
CLINICIANS = (Role.PRISON_NURSE, Role.PRISON_DOCTOR, Role.TRUST_CLINICIAN)
REVIEWERS = {World.MUNICIPAL_HEALTH: Role.HEALTH_LEADER, World.SPECIALIST_HEALTH: Role.TRUST_LEADER}
REVIEW = {World.MUNICIPAL_HEALTH: "EA1", World.SPECIALIST_HEALTH: "EA2"}

register(
    *(
        Rule(
            code=code,
            world=world,
            title=gettext_lazy("Gå gjennom en nødtilgang"),
            strength=Strength.MUST,
            owners=(REVIEWERS[world],),
            steps=(
                # Told at once, again a day before, and when nobody has looked.
                Step(after=timedelta(), audience=(REVIEWERS[world],), severity=Alert.Severity.INFO, from_start=True),
                Step(after=-rules.EMERGENCY_REVIEWED / 3, audience=(REVIEWERS[world],), severity=Alert.Severity.WARNING),
                Step(after=timedelta(), audience=(REVIEWERS[world],), severity=Alert.Severity.OVERDUE),
            ),
            doing="emergency_review",
            doing_label=gettext_lazy("Gå gjennom"),
        )
        for world, code in REVIEW.items()
    )
)  # fmt: skip


# Is a reason needed?


def relation_of(actor: Actor, person_id: UUID) -> Relation | None:
    """Return what ties the agency to somebody now, None for whom the actor does not see. One question, and nothing of it is shown."""
    mine = {"agency_id": actor.agency_id, "person_id": OuterRef("pk")}
    task = Exists(DEADLINES[actor.world]._default_manager.filter(**mine, closed_at=None))
    here: Any
    if actor.world is World.CUSTODY:
        stays = Stay.objects.filter(**mine)
        # Somebody who was registered and not admitted yet has not left.
        here = Exists(stays.filter(ended_at=None)) | ~Exists(stays)
        left = stays.order_by("-ended_at").values("ended_at")[:1]
    else:
        here = F("present")
        left = (
            patients.CHANGES[actor.world]
            ._default_manager.filter(**mine)
            .order_by("-recorded_at")
            .values("recorded_at")[:1]
        )
    rows = access.people_for(actor).filter(pk=person_id).order_by()
    found = rows.annotate(task=task, here=here, left=Subquery(left)).values_list("task", "here", "left").first()
    return Relation(has_task=found[0], here=found[1], left_at=found[2]) if found else None


def own_opening(actor: Actor, person_id: UUID, at: datetime, **more: Any) -> Opening | None:
    """Return the actor's newest opening of a person that still holds, or None."""
    rows: QuerySet[Any] = OPENINGS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, person_id=person_id, by_id=actor.membership_id, valid_until__gt=at, **more
    )
    found: Opening | None = rows.order_by("-recorded_at").first()
    return found


def needs_reason(actor: Actor, person_id: UUID, at: datetime) -> bool:
    """Return whether the actor must say why before this person's page is shown."""
    relation = relation_of(actor, person_id)
    return relation is not None and rules.reason_needed(relation, at)


def give_reason(actor: Actor, person_id: UUID, *, code: str, text: str, at: datetime) -> Opening:
    """Keep why the actor opens somebody; it holds for twelve hours. Raises Http404, and `Refused` ("text")."""
    with transaction.atomic():
        person = access.access_person(actor, person_id)
        row: Opening = OPENINGS[actor.world](
            person_id=person.pk, code=code, text=_said(text), valid_until=clock.after(at, rules.REASON_HOLDS), **signed(actor, at)
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def _said(text: str) -> str:
    if not rules.says_enough(text):
        raise refused_at("text", _("Skriv hvorfor, med minst 15 tegn. Den du åpner kan få lese det."))
    return text.strip()


# Emergency


def may_open_in_emergency(actor: Actor) -> bool:
    """Return whether emergency access exists for the actor: clinicians in health who follow some patients. None in custody."""
    return actor.world in REVIEWERS and actor.has_role(*CLINICIANS) and actor.reach is Reach.UNIT


def open_in_emergency(
    actor: Actor, *, family_name: str, birth_date: date | None, national_id: str, code: str, text: str, at: datetime
) -> HealthOpening | None:
    """Give the actor one more patient of the own agency for four hours, and tell the leader. Return the opening.

    None when not exactly one patient is found; nothing tells none from many. Raises Http404 where there is no emergency access, and
    `Refused`: "text"; "followed" when the actor follows the patient already.
    """
    if not may_open_in_emergency(actor):
        raise Http404
    said = _said(text)
    number = lookup_hash(national_id, actor.world) if national_id else None
    who = {"national_id_lookup": number} if number else {"family_key": family_name.lower(), "birth_date": birth_date}
    with transaction.atomic():
        if access.people_for(actor).filter(**who).exists():
            raise Refused("followed", _("Du følger allerede denne pasienten. Søk pasienten opp på vanlig måte."))
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT letterbox.open_emergency(%s, %s, %s, %s)", [family_name, birth_date, number, code])
            row = cursor.fetchone()
        if row is None or row[0] is None:
            # Returned, not raised: the attempt stays in the log, which a refusal would undo with its savepoint.
            return None
        patient = access.access_person(actor, row[0])
        opening: HealthOpening = OPENINGS[actor.world](
            person_id=patient.pk, code=code, text=said, emergency=True,
            valid_until=clock.after(at, rules.EMERGENCY_LASTS), **signed(actor, at),
        )  # fmt: skip
        opening.save(force_insert=True)
        open_deadline(
            actor,
            REVIEW[actor.world],
            person=patient,
            subject_kind="emergency",
            subject_id=opening.pk,
            starts_at=at,
            due_at=review_due(opening),
        )
    return opening


def review_due(row: HealthOpening) -> datetime:
    """Return the instant by which somebody else must have looked at an emergency opening."""
    return clock.after(row.recorded_at, rules.EMERGENCY_REVIEWED)


def emergencies_for(actor: Actor) -> QuerySet[Any]:
    """Return the emergency openings of the agency for the one who reviews them: those that wait first, then the newest.

    Raises Http404 for others.
    """
    if actor.role is not REVIEWERS.get(actor.world):
        raise Http404
    rows: QuerySet[Any] = OPENINGS[actor.world]._default_manager.filter(agency_id=actor.agency_id, emergency=True)
    return rows.select_related("person").order_by(IsNull(F("reviewed_at"), False), "-recorded_at", "-id")


def emergencies_of(actor: Actor, person_id: UUID, since: datetime) -> QuerySet[Any]:
    """Return the emergency openings of one patient since an instant, newest first, for whoever may read the patient."""
    rows: QuerySet[Any] = OPENINGS[actor.world]._default_manager.filter(agency_id=actor.agency_id, emergency=True)
    return rows.filter(person_id=person_id, recorded_at__gte=since).order_by("-recorded_at")


def access_emergency(actor: Actor, pk: UUID) -> HealthOpening:
    """Return one emergency opening to review, or raise Http404."""
    row: HealthOpening = access.one_or_404(emergencies_for(actor).filter(pk=pk))
    return row


def review_emergency(actor: Actor, pk: UUID, *, finding: str, follow_up: str, at: datetime) -> HealthOpening:
    """Write down what the review of an emergency came to, once, and close its deadline.

    Raises Http404, `StaleWrite`, and `Refused`: "done"; "follow_up" when something was not right and nothing says what is done.
    """
    row = access_emergency(actor, pk)
    if row.reviewed_at is not None:
        raise Refused("done", _("Nødtilgangen er allerede gjennomgått."))
    if finding != HealthOpening.Finding.RIGHT and not rules.says_enough(follow_up):
        raise refused_at("follow_up", _("Skriv hva som følges opp, og hvordan."))
    with transaction.atomic():
        row.reviewed_at, row.reviewed_by_name = at, actor.signature
        row.finding, row.follow_up = finding, follow_up.strip()
        row.save_changes(["reviewed_at", "reviewed_by_name", "finding", "follow_up"])
        close_deadlines(actor, [REVIEW[actor.world]], row.pk, at=at)
    return row
