"""The rows of a measure, read once; the number of queries does not grow with them. Writes nothing, and tells nothing in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from consent.models import CustodyLetter
from isolation.access import HEALTH_VISIT, letters_of, visited_at, watched
from isolation.models import (
    AdviceAnswer,
    AuthorityStep,
    Check,
    CheckCorrection,
    ContactCorrection,
    ContactSession,
    ContinuousWatch,
    CourtOrder,
    ExtentChange,
    Forecast,
    HarmDecision,
    LockInSwitch,
    Measure,
    MeasureKind,
    Mitigation,
    Reassessment,
    WardenReview,
    WatchNote,
    WatchOrder,
    WeeklyPlan,
)
from isolation.rules import checks as rules
from isolation.rules.regimes import Watched


@dataclass(frozen=True, kw_only=True)
class History:
    """The rows of a measure from `since` on (None: all), in order. `before` is when the person was last seen earlier than that.

    The few rows by which it is decided what stands now are here whole, however old (`all_*`).
    """

    measure: Measure
    since: datetime | None
    before: datetime | None
    noted_before: datetime | None
    checks: list[Check]
    corrections: dict[UUID, CheckCorrection]
    watches: list[ContinuousWatch]
    notes: list[WatchNote]
    orders: list[WatchOrder]
    contacts: list[ContactSession]
    struck: list[tuple[ContactSession, ContactCorrection]]
    mitigations: list[Mitigation]
    switches: list[LockInSwitch]
    all_plans: list[WeeklyPlan]
    all_reassessments: list[Reassessment]
    reviews: list[WardenReview]
    forecasts: list[Forecast]
    answers: list[AdviceAnswer]
    harm_decisions: list[HarmDecision]
    letters: list[CustodyLetter]
    extent_changes: list[ExtentChange]
    all_steps: list[AuthorityStep]
    court_orders: list[CourtOrder]

    @property
    def plans(self) -> list[WeeklyPlan]:
        """Return the versions of the weekly plan written since."""
        return [row for row in self.all_plans if self.since is None or row.recorded_at >= self.since]

    @property
    def reassessments(self) -> list[Reassessment]:
        """Return the reassessments made since."""
        return [row for row in self.all_reassessments if self.since is None or row.assessed_at >= self.since]

    @property
    def steps(self) -> list[AuthorityStep]:
        """Return what was reported or decided above since."""
        return [row for row in self.all_steps if self.since is None or row.occurred_at >= self.since]

    @property
    def health_visits(self) -> list[datetime]:
        """Return when health personnel saw the person, as far as the prison was told, the first first."""
        told = (row for row in self.letters if row.kind == HEALTH_VISIT and row.superseded_by is None)
        return sorted(visited_at(row) for row in told)

    @property
    def standing_checks(self) -> list[Check]:
        """Return the checks that nobody took back."""
        return [check for check in self.checks if check.pk not in self.corrections]

    def as_watched(self, since: datetime | None) -> Watched:
        """Return the measure as the check rules see it from an instant on."""
        return watched(self.measure, self.orders, since)

    def gaps(self, at: datetime, held: rules.Held) -> list[rules.Gap]:
        """Return every stretch in which nobody looked in time, by the numbers that held then."""
        seen = [rules.Check(check.occurred_at, check.recorded_at) for check in self.standing_checks]
        watches = [rules.Watch(w.observer_name, w.started_at, w.ended_at) for w in self.watches]
        isolated = self.as_watched(self.before)
        return rules.by_what_held(isolated, held, lambda params: rules.gaps(isolated, seen, watches, at, params))

    def note_gaps(self, at: datetime, held: rules.Held) -> list[rules.Gap]:
        """Return every stretch of somebody watching in which nothing was written for too long, by the numbers that held then."""
        watches = [rules.Watch(w.observer_name, w.started_at, w.ended_at) for w in self.watches]
        start = max(self.noted_before or self.measure.effective_at, self.measure.effective_at)
        # Without an observer it is the gap itself that is told, not the missing note.
        isolated = self.as_watched(start)
        written = [n.noted_at for n in self.notes] + [w.started_at for w in self.watches]
        found = rules.by_what_held(isolated, held, lambda params: rules.note_gaps(isolated, written, at, params))
        covered = rules.covered(watches, start, at)
        return [gap for gap in found if any(begin <= gap.start and gap.end <= end for begin, end in covered)]


def read(measure: Measure, since: datetime | None = None) -> History:
    """Read what happened in a measure. The number of queries does not grow with the rows."""
    own: dict[str, Any] = {"agency_id": measure.agency_id, "measure": measure}

    def whole(model: type[Model], instant: str) -> QuerySet[Any]:
        return model._default_manager.filter(**own).order_by(instant, "id")

    def rows(model: type[Model], instant: str) -> list[Any]:
        found = whole(model, instant)
        return list(found if since is None else found.filter(**{f"{instant}__gte": since}))

    corrections = {row.corrects_id: row for row in CheckCorrection.objects.filter(**own)}
    watches = list(whole(ContinuousWatch, "started_at"))
    before = noted = None
    if since is not None and since > measure.effective_at:
        last = (
            Check.objects.filter(**own, occurred_at__lt=since)
            .exclude(pk__in=list(corrections))
            .order_by("-occurred_at")
            .first()
        )
        ends = [w.ended_at or since for w in watches if w.started_at < since]
        before = max([measure.effective_at, *([last.occurred_at] if last else []), *(min(end, since) for end in ends)])
        if watches:
            note = WatchNote.objects.filter(**own, noted_at__lt=since).order_by("-noted_at").first()
            noted = note.noted_at if note else None
    struck = {row.corrects_id: row for row in ContactCorrection.objects.filter(**own)}
    contacts: list[ContactSession] = rows(ContactSession, "started_at")
    return History(
        measure=measure,
        since=since,
        before=before,
        noted_before=noted,
        checks=rows(Check, "occurred_at"),
        corrections=corrections,
        watches=watches,
        notes=rows(WatchNote, "noted_at"),
        orders=list(whole(WatchOrder, "started_at")),
        contacts=[session for session in contacts if session.pk not in struck],
        struck=[(session, struck[session.pk]) for session in contacts if session.pk in struck],
        mitigations=rows(Mitigation, "offered_at"),
        switches=list(whole(LockInSwitch, "changed_at")),
        all_plans=list(whole(WeeklyPlan, "recorded_at")),
        all_reassessments=list(whole(Reassessment, "assessed_at")),
        reviews=rows(WardenReview, "recorded_at"),
        forecasts=rows(Forecast, "recorded_at"),
        answers=rows(AdviceAnswer, "recorded_at"),
        harm_decisions=rows(HarmDecision, "decided_at"),
        letters=list(letters_of(measure)),
        extent_changes=rows(ExtentChange, "changed_at"),
        all_steps=list(whole(AuthorityStep, "occurred_at")),
        court_orders=list(whole(CourtOrder, "recorded_at")) if measure.kind == MeasureKind.COURT_ISOLATION else [],
    )
