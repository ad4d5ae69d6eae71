"""What the health service was told, how soon it took it on, visits in time, and advice. Counts only, from its own rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Letter, MunicipalLetter
from coordination import figures
from coordination.figures import TOTAL, Figure, Median, Period, Table
from coordination.identity import Actor
from coordination.models import Agency
from coordination.models.deadlines import Strength
from coordination.worlds import World
from follow_up.models import HealthVisit, SupervisionCourse
from follow_up.rules import FIRST_TARGET, FIRST_TARGET_URGENT, MILD, first_visit, next_visit

#: Rows of the table of letters, and the kinds each holds.
RECEIVED = {
    "concern": ("health_contact",),
    "isolation": ("exclusion_notice", "coercive_means_notice"),
    "request": ("health_check_request",),
    "release": ("release_notice",),
}
#: The tables of visits: code, title, note, and the columns by key.
_DONE = {"on_time": gettext_lazy("I tide"), "late": gettext_lazy("For sent"), "none": gettext_lazy("Ikke gjort")}
VISITS = (
    (
        "first",
        gettext_lazy("Første tilsyn ved isolasjon"),
        gettext_lazy("Innen 24 timer etter at isolasjonen begynte."),
        {**_DONE, "not_due": gettext_lazy("Ikke pålagt eller ikke forfalt")},
    ),
    (
        "daily",
        gettext_lazy("Daglige tilsyn ved isolasjon"),
        gettext_lazy("Etter det første tilsynet, minst hvert døgn når den isolerte er innelåst 22 timer eller mer."),
        _DONE,
    ),
)
READ = (
    *("id", "agency_id", "person_id", "letter_id", "kind", "direction", "sent_at", "due_at"),
    *("acknowledged_at", "answered_at", "superseded_by"),
)


def count(actor: Actor, period: Period) -> Iterator[Figure]:
    """Return the figures of a municipality's prison health service. Four queries, whatever the number of rows."""
    letters = list(
        MunicipalLetter.objects.filter(
            agency_id=actor.agency_id, sent_at__gte=period.start, sent_at__lt=period.end, supersedes=None
        )
        .filter(kind__in=[*(kind for kinds in RECEIVED.values() for kind in kinds), "health_advice"])
        .only(*READ)
    )
    yield from _received([row for row in letters if row.direction == Letter.Direction.IN], period)
    yield from _visits(actor, period)
    yield from _advice([row for row in letters if row.direction == Letter.Direction.OUT], period)


def _received(letters: Sequence[MunicipalLetter], period: Period) -> Iterator[Figure]:
    """Letters from prisons and their receipts (D02R, D17R, D18R, D24R, D11R)."""
    row_of = {kind: row for row, kinds in RECEIVED.items() for kind in kinds}
    words = (_("Bekymring eller ønske"), _("Isolasjon"), _("Ønske om tilsyn"), _("Løslatelse"))
    seen, waits = [], []
    for letter in letters:
        # What was corrected before anybody took it on is told by the letter that came instead.
        taken = letter.acknowledged_at
        if taken is None or taken >= period.seen_at:
            seen.append((row_of[letter.kind], "none"))
            continue
        late = letter.due_at is not None and taken > letter.due_at
        seen.append((row_of[letter.kind], "late" if late else "on_time"))
        waits.append(figures.minutes(letter.sent_at, taken))
    yield Table(
        code="letters_received",
        title=_("Brev fra fengselet"),
        row_heading=_("Gjelder"),
        row_labels=words,
        column_labels=(_("Kvittert i tide"), _("Kvittert for sent"), _("Ikke kvittert")),
        counts=figures.tally(RECEIVED, ("on_time", "late", "none"), seen),
        strength=Strength.MUST,
        on_time=0,
        links={(1, TOTAL): "isolation_notices"},
        # The prison counts the same: what it told, by receipt, and its isolations.
        shared=(((0, 0), (0, 1), (0, 2), (0, TOTAL)), ((1, TOTAL),)),
    )
    yield Median(code="letter_wait", title=_("Middels tid før kvittering"), minutes=tuple(waits))


def visits_seen(course: SupervisionCourse, done: Sequence[datetime], at: datetime) -> Iterator[tuple[str, datetime]]:
    """Return what became of every visit a course asked for up to `at`, by its place: (row:column, the instant it counts at)."""
    stop = min(when for when in (course.ended_at, course.handed_over_at, at) if when is not None)
    # Where a lock-in first reached 22 hours after it began, the duty began then, and so does the counting.
    target = FIRST_TARGET_URGENT if course.urgent else FIRST_TARGET
    begun = max(course.effective_at, course.first_target_at - target)
    visits = sorted(when for when in done if begun <= when <= at)
    due = first_visit(begun, urgent=course.urgent).overdue_at
    if visits:
        yield ("first:on_time" if visits[0] <= due else "first:late"), visits[0]
    elif stop > due and course.required:
        yield "first:none", due
    else:
        yield "first:not_due", course.effective_at
    if not course.required:
        return
    for before, when in pairwise(visits):
        yield ("daily:on_time" if when <= next_visit(before).overdue_at else "daily:late"), when
    if visits and stop > (missed := next_visit(visits[-1]).overdue_at):
        yield "daily:none", missed


def _visits(actor: Actor, period: Period) -> Iterator[Figure]:
    """First and daily visits to isolated patients (D29, D30). First ones by when the measure began, daily ones by when they were made.

    By prison, each in a table of its own: then what is told to one prison is part of a table that was made safe as a whole.
    """
    courses = list(
        SupervisionCourse.objects.filter(agency_id=actor.agency_id, effective_at__lt=period.end)
        # What is only advised is no duty, and is never counted as one: those isolated without a decision.
        .exclude(kind__in=MILD)
        .only(
            *("id", "agency_id", "person_id", "prison_id", "urgent", "required", "effective_at", "first_target_at"),
            *("ended_at", "handed_over_at"),
        )
    )
    done: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for visit in HealthVisit.objects.filter(agency_id=actor.agency_id, course__isnull=False).only(
        "id", "agency_id", "person_id", "course_id", "done_at"
    ):
        assert visit.course_id is not None
        done[visit.course_id].append(visit.done_at)
    seen: dict[str, list[tuple[UUID, str]]] = {"first": [], "daily": []}
    for course in courses:
        for place, at in visits_seen(course, done[course.pk], period.end):
            row, column = place.split(":")
            if (course.effective_at if row == "first" else at) in period:
                seen[row].append((course.prison_id, column))
    met = {prison for rows in seen.values() for prison, _column in rows}
    served = Q(health_service_id=actor.agency_id, closed_on=None, kind=Agency.Kind.PRISON)
    prisons = {row.pk: row.name for row in Agency.objects.filter(served | Q(pk__in=met)).order_by("name", "id")}
    for which, title, note, columns in VISITS:
        yield Table(
            code=f"visits_{which}",
            title=str(title),
            row_heading=_("Fengsel"),
            row_labels=tuple(prisons.values()) or (_("Ingen fengsler"),),
            column_labels=tuple(str(label) for label in columns.values()),
            counts=figures.tally(prisons, columns, seen[which]) if prisons else ((0,) * len(columns),),
            note=str(note),
            strength=Strength.MUST,
            on_time=0,
            links={(TOTAL, TOTAL): "isolation_notices"} if which == "first" else {},
            # Each prison tells how many isolations it had.
            shared=((*((row, TOTAL) for row in range(max(len(prisons), 1))), (TOTAL, TOTAL)),)
            if which == "first"
            else (),
        )


def _advice(letters: Sequence[MunicipalLetter], period: Period) -> Iterator[Figure]:
    """Advice to prisons, and whether they answered (D31b)."""
    seen, waits = [], []
    for letter in letters:
        answered = letter.answered_at
        if answered is None or answered >= period.seen_at:
            seen.append(("advice", "none"))
            continue
        seen.append(("advice", "late" if letter.due_at and answered > letter.due_at else "on_time"))
        waits.append(figures.minutes(letter.sent_at, answered))
    yield Table(
        code="advice",
        title=_("Råd til fengselet"),
        row_heading=_("Råd"),
        row_labels=(_("Sendte råd"),),
        column_labels=(_("Besvart i tide"), _("Besvart for sent"), _("Ikke besvart")),
        counts=figures.tally(("advice",), ("on_time", "late", "none"), seen),
        strength=Strength.MUST,
        on_time=0,
    )
    yield Median(code="advice_wait", title=_("Middels ventetid på svar på råd"), minutes=tuple(waits))


figures.register((World.MUNICIPAL_HEALTH,), count)
