"""What health follow-up hangs in the page frame, in the health world only: menu, links on people and letters, events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import letter_page
from consent.models import Letter
from coordination import page_frame, person_page, timeline, worklist
from coordination.identity import Actor
from coordination.models.people import Named
from coordination.worlds import World
from follow_up import access, supervision
from follow_up.letters import FROM_PRISON, MEASURES, NOTICES
from follow_up.rules import is_late_entry


def overdue(actor: Actor, at: datetime) -> int:
    """Return how many patients have waited longer for a visit than the duty allows."""
    return access.running(actor).filter(due_at__lt=at).count()


page_frame.register_menu(
    page_frame.MenuItem(
        code="supervision",
        label=gettext_lazy("Tilsyn"),
        icon="Stethoscope",
        url_name="supervision_list",
        order=30,
        worlds=(World.MUNICIPAL_HEALTH,),
        roles=access.STAFF,
        count=overdue,
    )
)


@worklist.before_gathering
def follow_ended_measures(actor: Actor, at: datetime) -> None:
    """Stop the clocks of measures that the prison has written are over."""
    if actor.world is World.MUNICIPAL_HEALTH and access.is_clinician(actor):
        supervision.catch_up_all(actor, at=at)


@person_page.links
def links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """The running supervision, and the admission consultation."""
    if actor.world is not World.MUNICIPAL_HEALTH or not actor.has_role(*access.STAFF):
        return
    course = access.running_course_of(actor, person.pk)
    if course is not None:
        yield person_page.Link(
            label=_("Tilsyn"), url=reverse("supervision", args=[course.pk]), icon="Stethoscope", primary=True
        )
    if access.is_clinician(actor):
        yield person_page.Link(
            label=_("Innkomstkonsultasjon"),
            url=reverse("consultation_new", args=[person.pk]),
            icon="ClipboardCheckmark",
        )


@person_page.bulk_tags
def tags(actor: Actor, people: Sequence[Named]) -> Mapping[UUID, Iterable[person_page.Tag]]:
    """Say that a patient is isolated, as the prison's letter told; in the health world only. One query for any number."""
    if actor.world is not World.MUNICIPAL_HEALTH or not actor.has_role(*access.STAFF):
        return {}
    found: dict[UUID, list[person_page.Tag]] = {}
    for course in access.running(actor).filter(person_id__in=[person.pk for person in people]):
        words = str(MEASURES.get(course.kind, course.kind))
        found.setdefault(course.person_id, []).append(person_page.Tag(text=words, icon="Door"))
    return found


@letter_page.letter_actions
def letter_links(actor: Actor, letter: Letter) -> Iterator[person_page.Link]:
    """What health personnel may do about a letter from a prison."""
    if not access.is_clinician(actor) or letter.direction != Letter.Direction.IN:
        return
    if letter.kind == "measure_ended" and (course := access.course_of_thread(actor, letter.thread_id)) is not None:
        yield person_page.Link(
            label=_("Se tilsynet"), url=reverse("supervision", args=[course.pk]), icon="Stethoscope", primary=True
        )
    if letter.kind not in FROM_PRISON:
        return
    person_id = letter.person_id
    if person_id is None:
        yield person_page.Link(
            label=_("Opprett pasient"),
            url=reverse("patient_from_letter", args=[letter.pk]),
            icon="Person",
            primary=True,
        )
        return
    if letter.kind in NOTICES:
        yield person_page.Link(
            label=_("Åpne tilsyn"),
            url=reverse("supervision_from_letter", args=[letter.pk]),
            icon="Stethoscope",
            primary=True,
        )
    elif letter.kind == "health_check_request":
        yield person_page.Link(
            label=_("Registrer tilsyn"),
            url=reverse("visit_for_letter", args=[letter.pk]),
            icon="Stethoscope",
            primary=True,
        )
    elif letter.kind != "doctor_statement_request":
        yield person_page.Link(
            label=_("Innkomstkonsultasjon"),
            url=reverse("consultation_new", args=[person_id]),
            icon="ClipboardCheckmark",
            primary=True,
        )
    yield person_page.Link(
        label=_("Gi råd til fengselet"), url=reverse("advice_new", args=[letter.pk]), icon="PersonChat"
    )


@timeline.source
def events(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Visits, consultations and courses; what was found only for health personnel, and nothing outside the health world."""
    if actor.world is not World.MUNICIPAL_HEALTH or not actor.has_role(*access.STAFF):
        return
    for course in access.courses_for(actor).filter(person_id=person.pk):
        url = reverse("supervision", args=[course.pk])
        measure = str(MEASURES.get(course.kind, course.kind))
        if course.effective_at >= since:
            yield timeline.Event(
                at=course.effective_at,
                kind="health",
                title=_("Tilsyn startet: %(measure)s") % {"measure": measure},
                url=url,
            )
        if course.ended_at is not None and course.ended_at >= since:
            yield timeline.Event(
                at=course.ended_at, kind="health", title=_("Tilsyn slutt: %(measure)s") % {"measure": measure}, url=url
            )
    if not access.is_clinician(actor):
        return
    for visit in access.visits_for(actor).filter(person_id=person.pk, done_at__gte=since):
        late = visit.recorded_at if is_late_entry(visit.done_at, visit.recorded_at) else None
        title = _("Tilsyn tilbudt, pasienten takket nei") if visit.declined else _("Tilsyn av helsepersonell")
        yield timeline.Event(
            at=visit.done_at,
            kind="health",
            title=title,
            who=visit.by_name,
            url=reverse("visit", args=[visit.pk]),
            recorded_at=late,
        )
    for row in access.consultations_for(actor).filter(person_id=person.pk, held_at__gte=since):
        yield timeline.Event(
            at=row.held_at,
            kind="health",
            title=_("Innkomstkonsultasjon"),
            text=row.get_outcome_display(),
            who=row.by_name,
            url=reverse("consultation", args=[row.pk]),
            recorded_at=row.recorded_at if is_late_entry(row.held_at, row.recorded_at) else None,
        )
