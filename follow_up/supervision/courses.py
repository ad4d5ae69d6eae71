"""The supervision of one isolated patient: begun by a notice, its clocks counted from the prison's letters and the visits made.

Read by pages, lists and figures alike. What ends here is the health service's own course; nothing touches the prison's measure.
"""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.actions import acknowledge
from consent.letters import instant
from consent.models import Letter, MunicipalLetter
from coordination import clock
from coordination.clock import after
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import Deadline, MunicipalDeadline, MunicipalPatient
from coordination.people.access import lock_person
from coordination.refusals import refused_at
from follow_up import access
from follow_up.letters import LOCK_IN, LOCK_IN_CHANGED, NOTICES
from follow_up.models import FrequencyPlan, HealthVisit, LockInChange, SupervisionCourse
from follow_up.rules import (
    CONSIDER_ADVISED,
    MILD,
    MOTIVATE_AGAIN,
    PLAN_ADVISED,
    Measure,
    advised_visit,
    daily_visit_required,
    days_after,
    first_visit,
    measure_of,
    planned_visit,
    regime_of,
    visit_clock,
)
from follow_up.supervision.telling import tell_prison

Regime = SupervisionCourse.Regime
#: Every clock of a course. At most one of the visit rules with a duty is open, and what is advised is never a breach.
CLOCKS = ("D29t", "D29", "D30", "D29b", "D32v", "D32", "D32r", "D32k", "D27h", "D27i")
#: Codes of the letters that say that a lock-in is chosen by the patient.
CHOSEN = "self_isolation"


def lock_patient(actor: Actor, pk: UUID) -> MunicipalPatient:
    """Return the patient locked; the first thing every verb about one does."""
    access.require_clinician(actor)
    return cast(MunicipalPatient, lock_person(actor, pk))


def measure_in(letter: Letter) -> Measure:
    """Return what a notice says of a measure, as the clocks read it."""
    body = letter.body
    return measure_of(
        str(body.get("means") or body.get("kind") or ""),
        _since(body.get("since"), letter.sent_at)
        if letter.kind == LOCK_IN
        else instant(body.get("effective_at"), letter.sent_at),
        extent=str(body.get("extent") or ""),
        hours_out=hours_in(letter),
        force_used=bool(body.get("force_used")),
        illness=bool(body.get("illness")),
    )


def _since(text: Any, otherwise: datetime) -> datetime:
    """Return the start of the local date from which somebody is locked in, never after the letter itself."""
    try:
        return min(clock.at_local(date.fromisoformat(str(text)), 0), otherwise)
    except ValueError:
        return otherwise


def hours_in(letter: Letter) -> float | None:
    """Return how many hours out of the cell a day a letter says, or None."""
    hours = letter.body.get("hours_out")
    return float(hours) if isinstance(hours, int | float) else None


def begin_course(actor: Actor, letter: Letter, patient: MunicipalPatient, *, at: datetime) -> SupervisionCourse:
    """Begin the supervision that a notice asks for, its clocks counted from the measure's own start; return the course.

    One per thread: beginning it twice returns the first. Whoever is isolated, by whatever decision or none, is in the same queue.
    (obligations R7.1.1-e, R7.1.3-d, -e, -f, R5.2.2-i)
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
        _read_notice(row, letter)
        row.first_target_at = first_visit(row.effective_at, urgent=row.urgent).target_at
        row.save(force_insert=True)
        refresh(actor, row, patient, at=at)
        catch_up(actor, row, at=at)
        return row


def _read_notice(course: SupervisionCourse, letter: Letter) -> None:
    """Put a notice's facts on a course (not saved)."""
    measure = measure_in(letter)
    course.kind, course.urgent, course.hours_out = measure.kind[:30], measure.urgent, hours_in(letter)
    course.effective_at = measure.effective_at
    course.regime = regime_of(measure.kind, daily=measure.required, supervise=course.supervise)
    course.required = course.regime == Regime.DUTY


CLOCK_FIELDS = [
    *("kind", "urgent", "required", "regime", "hours_out", "supervise", "effective_at", "first_target_at"),
    *("due_at", "planned_at", "last_visit_at", "handed_over_at", "ended_at"),
]
Span = tuple[datetime, datetime]


def refresh(
    actor: Actor,
    course: SupervisionCourse,
    patient: MunicipalPatient,
    *,
    at: datetime,
    met: tuple[str, ...] = (),
    reason: str = "",
) -> None:
    """Put the clocks of a course in step with all that is known of it, and save. The caller holds the patient.

    `met` names the rules that close as done; what else no longer holds falls away with `reason`.
    """
    told_at = max(course.effective_at, access.letter_sent_at(course))
    turned = access.turned_daily_at(course)
    plan = course.frequency_plans.order_by("-planned_at", "-id").first()
    visits = _done(course)
    course.last_visit_at = max(visits, default=None)
    course.required = course.regime == Regime.DUTY
    course.due_at = course.planned_at = None
    wanted: dict[str, Span] = {}
    if course.ended_at is None and course.handed_over_at is None:
        wanted = _wanted(course, visits, told_at=told_at, turned=turned, plan=plan)
        wanted |= _advised(course, told_at)
    course.save_changes(CLOCK_FIELDS)
    rows = {
        row.rule: row
        for row in MunicipalDeadline.objects.select_for_update().filter(subject_id=course.pk, closed_at=None)
    }
    for code in CLOCKS:
        row = rows.get(code)
        if code in wanted:
            starts_at, due_at = wanted[code]
            if row is None or row.due_at != due_at:
                open_deadline(
                    actor,
                    code,
                    person=patient,
                    subject_kind="supervision",
                    subject_id=course.pk,
                    starts_at=starts_at,
                    due_at=due_at,
                )
        elif row is not None:
            outcome = Deadline.Outcome.MET if code in met else Deadline.Outcome.CANCELLED
            close_deadlines(actor, [code], course.pk, at=at, outcome=outcome, reason="" if code in met else reason)


def _wanted(
    course: SupervisionCourse,
    visits: list[datetime],
    *,
    told_at: datetime,
    turned: datetime | None,
    plan: FrequencyPlan | None,
) -> dict[str, Span]:
    """Return the clocks of the next visit, and put their instants on the course: a duty, a recommendation, or the doctor's plan."""
    start = max(course.effective_at, turned) if turned else course.effective_at
    last = course.last_visit_at
    if course.regime == Regime.DUTY:
        at = visit_clock(Measure(course.kind, start, course.urgent, True), visits)
        course.first_target_at = first_visit(start, urgent=course.urgent).target_at
        course.due_at = at.overdue_at
        if last is None or last < start:
            return {"D29t": (start, course.first_target_at), "D29": (start, at.overdue_at)}
        return {"D30": (last, at.overdue_at)}
    if course.regime == Regime.ADVISED:
        told = max(told_at, start)
        seen = last if last is not None and last >= start else None
        course.planned_at = advised_visit(told, seen)
        return {"D29b": (seen or told, course.planned_at)}
    if course.regime == Regime.PLAN:
        if plan is None:
            listed = max(told_at, turned) if turned else told_at
            return {"D32": (listed, days_after(listed, PLAN_ADVISED))}
        since = last if last is not None and last >= course.effective_at else None
        course.planned_at = planned_visit(plan.planned_at, plan.interval_days, since)
        return {
            "D32v": (since or plan.planned_at, course.planned_at),
            "D32r": (plan.planned_at, plan.review_at),
        }
    return {}


def _advised(course: SupervisionCourse, told_at: datetime) -> dict[str, Span]:
    """Return the clocks of considering supervision, informing and motivating, for somebody isolated without a decision."""
    if course.kind not in MILD:
        return {}
    wanted: dict[str, Span] = {}
    if course.supervise is None:
        wanted["D32k"] = (told_at, after(told_at, CONSIDER_ADVISED))
    if course.kind == CHOSEN:
        said = access.motivated(course)
        if "informed" not in said:
            wanted["D27i"] = (told_at, after(told_at, CONSIDER_ADVISED))
        last = said.get("motivated")
        wanted["D27h"] = (
            last or told_at,
            days_after(last, MOTIVATE_AGAIN) if last else after(told_at, CONSIDER_ADVISED),
        )
    return wanted


def catch_up(actor: Actor, course: SupervisionCourse, *, at: datetime) -> SupervisionCourse:
    """Let a course follow what the prison has written since: a corrected notice moves the clocks, an ended measure stops them.

    A letter that the lock-in changed switches between daily visits and a doctor's plan, and its instant is kept (rule D32). Called when
    the letters are read. What ends here is the health service's own course; the measure is the prison's. Returns the course.
    """
    if course.ended_at is not None:
        return course
    letters = [row for row in access.notices_in(actor, course.thread_id) if row.superseded_by is None]
    newest = next((row for row in reversed(letters) if row.kind in NOTICES), None)
    ending = next((row for row in reversed(letters) if row.kind == "measure_ended"), None)
    changes = [row for row in letters if row.kind == LOCK_IN_CHANGED]
    if changes:
        known = access.changes_known(course)
        changes = [row for row in changes if row.letter_id not in known]
    corrected = newest is not None and newest.pk != course.notice_id
    if ending is None and not corrected and not changes:
        return course
    with transaction.atomic():
        patient = cast(MunicipalPatient, lock_person(actor, course.person_id))
        course.refresh_from_db()
        reason = ""
        if corrected and newest is not None:
            course.notice = cast(MunicipalLetter, newest)
            _read_notice(course, newest)
            course.save_changes(["notice"])
            reason = _("Varselet er rettet")
        for letter in sorted(changes, key=lambda row: instant(row.body.get("changed_at"), row.sent_at)):
            if letter.letter_id not in access.changes_known(course):
                _change(actor, course, letter, at=at)
                reason = _("Tiden innelåst er endret")
        if ending is not None:
            course.ended_at = instant(ending.body.get("ended_at"), ending.sent_at)
            reason = _("Tiltaket er over")
        refresh(actor, course, patient, at=at, reason=reason)
    return course


def _change(actor: Actor, course: SupervisionCourse, letter: Letter, *, at: datetime) -> None:
    """Keep what a letter says of the lock-in, and switch the course's regime by it."""
    before, hours = course.regime, hours_in(letter)
    daily = daily_visit_required(course.kind, "", hours)
    course.hours_out = hours
    course.regime = regime_of(course.kind, daily=daily, supervise=course.supervise)
    row = LockInChange(
        person_id=course.person_id,
        course=course,
        letter_id=letter.letter_id,
        changed_at=instant(letter.body.get("changed_at"), letter.sent_at),
        hours_out=hours,
        regime_before=before,
        regime_after=course.regime,
        **signed(actor, at),
    )
    row.save(force_insert=True)


def catch_up_all(actor: Actor, *, at: datetime) -> int:
    """Let every course follow the letters that have come about it; return how many did."""
    rows = list(access.told_more(actor))
    for row in rows:
        catch_up(actor, row, at=at)
    return len(rows)


def _done(course: SupervisionCourse) -> list[datetime]:
    """Return when visits were made or offered, as far as they belong to the measure."""
    return [row.done_at for row in HealthVisit.objects.filter(course=course, done_at__gte=course.effective_at)]


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
    tell: bool = False,
    at: datetime,
) -> HealthVisit:
    """Record a visit and move the clock to the next; return the row. A visit the patient declined is recorded as offered.

    `facts` holds what was seen, by the model's fields. Written down late, it counts from when it was done. `tell`: the prison is told that
    it was made, and when, where there is a ground for that; a visit that was declined is not told of. Raises `Refused`.
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
            raise refused_at("done_at", _("Tidspunktet kan ikke være fram i tid."))
        if course is not None and done_at < course.effective_at:
            raise refused_at("done_at", _("Tilsynet kan ikke være gjort før tiltaket startet."))
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
        if tell and course is not None and not declined:
            tell_prison(actor, course, patient, done_at, at=at)
        if course is not None and course.ended_at is None:
            refresh(actor, course, patient, at=at, met=("D29t", "D29"))
        return row
