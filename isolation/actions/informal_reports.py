"""What the 2026 act wants reported of somebody who keeps to themself without a decision (N05): which reports are due, and writing one down."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.refusals import Refused, refused_at
from isolation.access import lock_informal, require_role
from isolation.actions.law import act_date, authority_of, step_faults
from isolation.law.deadlines import REGISTERED
from isolation.letters import DECIDERS
from isolation.models import InformalIsolation, InformalReport
from isolation.rules.chains import Stretch
from isolation.rules.kinds import Kind
from isolation.rules.law import act_2026_holds, limits_for
from isolation.rules.limits import Case, Due, held


def is_registered(row: InformalIsolation) -> bool:
    """Return whether an abstention is a status the 2026 act has registered: whatever is thought of supervision, it stands until it ends."""
    return row.kind == InformalIsolation.Kind.SELF_ISOLATION and act_2026_holds(row.flagged_at, act_date())


def reports_due(row: InformalIsolation, at: datetime) -> list[Due]:
    """Return the reports the law asks for, counted from when it was registered; none for what began before the act."""
    if row.kind != InformalIsolation.Kind.SELF_ISOLATION:
        return []
    start = row.flagged_at
    done = Counter(one.rule for one in InformalReport.objects.filter(agency_id=row.agency_id, informal=row))
    case = Case(
        kind=Kind.SELF_ISOLATION,
        extent=None,
        grounds=frozenset(),
        birth_date=row.person.birth_date,
        effective_at=start,
        renewed_at=start,
        stretches=(Stretch(Kind.SELF_ISOLATION, None, start),),
        done=done,
    )
    return [due for due in held(limits_for(start, act_date()), case, at) if due.limit.code in REGISTERED]


def open_reports(actor: Actor, row: InformalIsolation, at: datetime) -> None:
    """Open or move the deadlines of the reports that are still to come."""
    for due in reports_due(row, at):
        if due.due_at is not None:
            open_deadline(
                actor,
                due.limit.code,
                person=row.person,
                subject_kind="informal_isolation",
                subject_id=row.pk,
                starts_at=due.starts_at,
                due_at=due.due_at,
            )


def record_report(
    actor: Actor,
    pk: UUID,
    *,
    limit: str,
    occurred_at: datetime,
    done_by: str,
    reference: str = "",
    note: str = "",
    key: UUID,
    at: datetime,
) -> InformalReport:
    """Record that the region or the directorate was told; what comes again gets its next date. The same `key` is once.

    Raises `Refused`, Http404. (rule N05)
    """
    require_role(actor, DECIDERS)
    row = lock_informal(actor, pk)
    known = InformalReport.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    asked = next((due.limit for due in reports_due(row, at) if due.limit.code == limit), None)
    if asked is None:
        raise refused_at("limit", _("Velg hva dette gjelder."))
    faults = step_faults(occurred_at, done_by, row.flagged_at, at)
    if faults:
        raise Refused("step", _("Dette kan ikke lagres ennå."), faults)
    report = InformalReport(
        **signed(actor, at),
        person_id=row.person_id,
        informal=row,
        rule=limit,
        authority=authority_of(asked),
        occurred_at=occurred_at,
        done_by=done_by.strip(),
        reference=reference.strip(),
        note=note.strip(),
        key=key,
    )
    report.save(force_insert=True)
    close_deadlines(actor, [limit], row.pk, at=at)
    if row.is_open:
        open_reports(actor, row, at)
    return report
