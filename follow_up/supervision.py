"""The supervision of one isolated patient: begun by a notice, its clocks counted from the prison's letters and the visits made.

Read by pages, lists and figures alike. What ends here is the health service's own course; nothing touches the prison's measure.
"""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.actions import acknowledge
from consent.models import Letter, MunicipalLetter
from coordination import clock
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import Deadline, MunicipalPatient
from coordination.people.access import lock_person
from coordination.refusals import Refused
from follow_up import access
from follow_up.letters import NOTICES
from follow_up.models import HealthVisit, SupervisionCourse
from follow_up.rules import Measure, measure_of, visit_clock

VISIT_RULES = ("D29t", "D29", "D30")


def instant(text: Any, otherwise: datetime) -> datetime:
    """Return an instant as a letter carries it, in UTC; `otherwise` when it cannot be read."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
    return clock.in_utc(read) if read.tzinfo else read.replace(tzinfo=UTC)


def lock_patient(actor: Actor, pk: UUID) -> MunicipalPatient:
    """Return the patient locked; the first thing every verb about one does."""
    access.require_clinician(actor)
    return cast(MunicipalPatient, lock_person(actor, pk))


def measure_in(letter: Letter) -> Measure:
    """Return what a notice says of a measure, as the clocks read it."""
    body = letter.body
    hours = body.get("hours_out")
    return measure_of(
        str(body.get("means") or body.get("kind") or ""),
        instant(body.get("effective_at"), letter.sent_at),
        extent=str(body.get("extent") or ""),
        hours_out=float(hours) if isinstance(hours, int | float) else None,
        force_used=bool(body.get("force_used")),
    )


def begin_course(actor: Actor, letter: Letter, patient: MunicipalPatient, *, at: datetime) -> SupervisionCourse:
    """Begin the supervision that a notice asks for, its clocks counted from the measure's own start; return the course.

    One per thread: beginning it twice returns the first. (obligations R7.1.3-d, -e, -f)
    """
    with transaction.atomic():
        lock_patient(actor, patient.pk)
        if (before := access.course_of_thread(actor, letter.thread_id)) is not None:
            return before
        row = SupervisionCourse(
            person=patient,
            notice_id=letter.pk,
            thread_id=letter.thread_id,
            prison=letter.other_agency,
            **signed(actor, at),
        )
        _read_measure(row, measure_in(letter), [])
        row.save(force_insert=True)
        _set_clocks(actor, row, patient)
        catch_up(actor, row, at=at)
        return row


def _read_measure(course: SupervisionCourse, measure: Measure, visits: list[datetime]) -> None:
    """Put a notice's facts and the clock that follows from them on a course (not saved)."""
    at = visit_clock(measure, visits)
    course.kind, course.urgent, course.required = measure.kind[:30], measure.urgent, measure.required
    course.effective_at = measure.effective_at
    course.first_target_at = visit_clock(measure, []).target_at
    course.last_visit_at = max(visits, default=None)
    course.due_at = at.overdue_at if measure.required else None


def _set_clocks(actor: Actor, course: SupervisionCourse, patient: MunicipalPatient) -> None:
    """Open, move or close the deadlines of a running course so that they say what the course says."""
    if course.due_at is None:
        close_deadlines(actor, VISIT_RULES, course.pk, at=course.recorded_at, outcome=Deadline.Outcome.CANCELLED)
        return
    if course.last_visit_at is None:
        for rule, due_at in (("D29t", course.first_target_at), ("D29", course.due_at)):
            open_deadline(
                actor,
                rule,
                person=patient,
                subject_kind="supervision",
                subject_id=course.pk,
                starts_at=course.effective_at,
                due_at=due_at,
            )
    else:
        open_deadline(
            actor,
            "D30",
            person=patient,
            subject_kind="supervision",
            subject_id=course.pk,
            starts_at=course.last_visit_at,
            due_at=course.due_at,
        )


CLOCK_FIELDS = ["kind", "urgent", "required", "effective_at", "first_target_at", "due_at", "last_visit_at"]


def catch_up(actor: Actor, course: SupervisionCourse, *, at: datetime) -> SupervisionCourse:
    """Let a course follow what the prison has written since: a corrected notice moves the clocks, an ended measure stops them.

    Called when the letters are read. What ends here is the health service's own course; the measure is the prison's. Returns the course.
    """
    if course.ended_at is not None:
        return course
    letters = access.notices_in(actor, course.thread_id)
    newest = next((row for row in reversed(letters) if row.kind in NOTICES and row.superseded_by is None), None)
    ending = next((row for row in reversed(letters) if row.kind == "measure_ended" and row.superseded_by is None), None)
    if ending is None and (newest is None or newest.pk == course.notice_id):
        return course
    with transaction.atomic():
        patient = cast(MunicipalPatient, lock_person(actor, course.person_id))
        course.refresh_from_db()
        if newest is not None and newest.pk != course.notice_id:
            measure = measure_in(newest)
            course.notice = cast(MunicipalLetter, newest)
            _read_measure(course, measure, _done(course, measure))
            course.save_changes([*CLOCK_FIELDS, "notice"])
            close_deadlines(
                actor, VISIT_RULES, course.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Varselet er rettet")
            )
            _set_clocks(actor, course, patient)
        if ending is not None:
            course.ended_at = instant(ending.body.get("ended_at"), ending.sent_at)
            course.due_at = None
            course.save_changes(["ended_at", "due_at"])
            close_deadlines(
                actor, VISIT_RULES, course.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Tiltaket er over")
            )
    return course


def catch_up_all(actor: Actor, *, at: datetime) -> int:
    """Stop the clocks of every course whose measure the prison has written is over; return how many."""
    rows = list(access.told_over(actor))
    for row in rows:
        catch_up(actor, row, at=at)
    return len(rows)


def _done(course: SupervisionCourse, measure: Measure) -> list[datetime]:
    """Return when visits were made or offered, as far as they belong to the measure."""
    return [row.done_at for row in HealthVisit.objects.filter(course=course, done_at__gte=measure.effective_at)]


def record_visit(
    actor: Actor,
    patient_id: UUID,
    *,
    key: UUID,
    done_at: datetime,
    course: SupervisionCourse | None,
    letter: Letter | None = None,
    declined: bool = False,
    facts: dict[str, Any] | None = None,
    at: datetime,
) -> HealthVisit:
    """Record a visit and move the clock to the next; return the row. A visit the patient declined is recorded as offered.

    `facts` holds what was seen, by the model's fields. Written down late, it counts from when it was done. Raises `Refused`.
    (obligations R7.1.3-d, -e, -f, -k, -o, -p)
    """
    with transaction.atomic():
        patient = lock_patient(actor, patient_id)
        if (before := access.visits_for(actor).filter(key=key).first()) is not None:
            return before
        if course is not None:
            course = access.access_course(actor, course.pk)
            if course.person_id != patient.pk:
                raise Http404
        if done_at > at:
            words = _("Tidspunktet kan ikke være fram i tid.")
            raise Refused("done_at", words, {"done_at": [words]})
        if course is not None and done_at < course.effective_at:
            words = _("Tilsynet kan ikke være gjort før tiltaket startet.")
            raise Refused("done_at", words, {"done_at": [words]})
        row = HealthVisit(
            person=patient,
            course=course,
            letter_id=letter.pk if letter else None,
            key=key,
            done_at=done_at,
            declined=declined,
            **(facts or {}),
            **signed(actor, at),
        )
        row.save(force_insert=True)
        if letter is not None and letter.acknowledged_at is None and letter.awaits:
            acknowledge(letter)
        if course is not None and course.ended_at is None:
            _visited(actor, course, patient, at=at)
        return row


def _visited(actor: Actor, course: SupervisionCourse, patient: MunicipalPatient, *, at: datetime) -> None:
    """Move the clock of a course after a visit; an entry older than the newest visit changes nothing."""
    measure = Measure(
        kind=course.kind, effective_at=course.effective_at, urgent=course.urgent, required=course.required
    )
    was = course.last_visit_at
    _read_measure(course, measure, _done(course, measure))
    course.save_changes(CLOCK_FIELDS)
    if was is None:
        close_deadlines(actor, ["D29t", "D29"], course.pk, at=at)
    if was != course.last_visit_at:
        _set_clocks(actor, course, patient)
