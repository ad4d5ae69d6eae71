"""What health follow-up hangs in the page frame, in the health world only: menu, links on people and letters, events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import letter_page
from consent.models import Letter
from coordination import journal, page_frame, person_page, timeline, worklist
from coordination.counting import Countable
from coordination.identity import Actor
from coordination.models.people import Named
from coordination.worlds import World
from follow_up import access, supervision
from follow_up.actions import reports, specialist, transfers
from follow_up.documents.signed import municipal_entries, specialist_entries
from follow_up.letters import CLINICIANS, FROM_PRISON, LOCK_IN_CHANGED, MEASURES, NOTICES, QUESTION, TRUST_STAFF
from follow_up.rules import is_late_entry


def overdue(actor: Actor, at: datetime) -> Countable:
    """Return the patients who have waited longer for a visit than the duty allows, to be counted."""
    return access.running(actor).filter(due_at__lt=at)


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
    ),
    page_frame.MenuItem(
        code="environment",
        label=gettext_lazy("Omgivelser"),
        icon="Door",
        url_name="environment_list",
        order=60,
        worlds=(World.MUNICIPAL_HEALTH,),
        roles=CLINICIANS,
    ),
    page_frame.MenuItem(
        code="specialist_follow_up",
        label=gettext_lazy("Oppfølging"),
        icon="Stethoscope",
        url_name="specialist_list",
        order=26,
        worlds=(World.SPECIALIST_HEALTH,),
        roles=TRUST_STAFF,
    ),
)


@worklist.before_gathering
def follow_ended_measures(actor: Actor, at: datetime) -> None:
    """Let clocks follow what has come: measures over, lock-ins changed, harm answered, agreements answered or in force."""
    if access.is_clinician(actor):
        supervision.catch_up_all(actor, at=at)
        reports.settle_harm(actor, at=at)
        transfers.read_answers(actor, at=at)
    elif access.is_trust(actor):
        specialist.catch_up(actor, at=at)


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
        if letter.kind in (LOCK_IN_CHANGED, "harm_answer", "follow_up_answer"):
            yield from answer_links(actor, letter)
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
    elif letter.kind not in (QUESTION, "doctor_statement_request"):
        yield person_page.Link(
            label=_("Innkomstkonsultasjon"),
            url=reverse("consultation_new", args=[person_id]),
            icon="ClipboardCheckmark",
            primary=True,
        )
    yield person_page.Link(
        label=_("Gi råd til fengselet"), url=reverse("advice_new", args=[letter.pk]), icon="PersonChat"
    )


def answer_links(actor: Actor, letter: Letter) -> Iterator[person_page.Link]:
    """Lead from what the others have answered to where it belongs: the report of harm, or the course."""
    if letter.in_reply_to is None:
        return
    if letter.kind == "harm_answer":
        report = access.harm_reports_for(actor).filter(letter_id=letter.in_reply_to).first()
        if report is not None:
            yield person_page.Link(
                label=_("Se meldingen"), url=reverse("harm_report", args=[report.pk]), icon="Stethoscope", primary=True
            )
        return
    if letter.kind == "follow_up_answer":
        transfer = access.transfers_for(actor).filter(letter_id=letter.in_reply_to).first()
        course_id = transfer.course_id if transfer else None
    else:
        course = access.course_of_thread(actor, letter.thread_id)
        course_id = course.pk if course else None
    if course_id is not None:
        yield person_page.Link(
            label=_("Åpne tilsyn"), url=reverse("supervision", args=[course_id]), icon="Stethoscope", primary=True
        )


@letter_page.letter_actions
def proposal_links(actor: Actor, letter: Letter) -> Iterator[person_page.Link]:
    """Offer the trust to answer a proposal, and to open what it follows up."""
    if not access.is_trust(actor) or letter.direction != Letter.Direction.IN:
        return
    if letter.kind == "follow_up_proposal":
        yield person_page.Link(
            label=_("Svar på forslaget"),
            url=reverse("specialist_proposal", args=[letter.pk]),
            icon="Stethoscope",
            primary=True,
        )
    elif letter.kind == "follow_up_responsible":
        course = access.specialist_courses(actor).filter(thread_id=letter.thread_id).first()
        if course is not None:
            yield person_page.Link(
                label=_("Åpne oppfølging"),
                url=reverse("specialist_course", args=[course.pk]),
                icon="Stethoscope",
                primary=True,
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
    for report in access.harm_reports_for(actor).filter(person_id=person.pk, recorded_at__gte=since):
        yield timeline.Event(
            at=report.recorded_at,
            kind="health",
            title=_("Meldt til fengselet: %(finding)s") % {"finding": report.get_finding_display()},
            who=report.by_name,
            url=reverse("harm_report", args=[report.pk]),
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


journal.source(municipal_entries)
journal.source(specialist_entries)
