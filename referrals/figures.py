"""Referrals as the health trust that received them knows them, by service and assessment. Counts only.

Nothing here is counted for a municipality or a prison: a referral's fate is the trust's own figure.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coordination import figures
from coordination.figures import Figure, Median, Period, Table
from coordination.identity import Actor
from coordination.models.deadlines import Strength
from coordination.worlds import World
from referrals.models import ReferralState, ServiceType, SpecialistReferral


def count(actor: Actor, period: Period) -> Iterator[Figure]:
    """Return referrals received in the period by whether they were assessed within ten working days (B21); one query."""
    seen, waits = [], []
    rows = SpecialistReferral.objects.filter(
        agency_id=actor.agency_id, received_at__gte=period.start, received_at__lt=period.end
    ).only(
        *("id", "agency_id", "person_id", "service_type", "state", "received_at", "assessment_due_at", "decided_at"),
    )
    for row in rows:
        if row.decided_at is not None and row.decided_at < period.seen_at:
            seen.append((row.service_type, "on_time" if row.decided_at <= row.assessment_due_at else "late"))
            waits.append(figures.minutes(row.received_at, row.decided_at))
        elif row.state == ReferralState.WITHDRAWN:
            seen.append((row.service_type, "withdrawn"))
        else:
            seen.append((row.service_type, "overdue" if row.assessment_due_at < period.seen_at else "waiting"))
    yield Table(
        code="referrals",
        title=_("Henvisninger mottatt"),
        row_heading=_("Type helsehjelp"),
        row_labels=tuple(str(kind.label) for kind in ServiceType),
        column_labels=(
            *(_("Vurdert i tide"), _("Vurdert for sent"), _("Over fristen, ikke vurdert")),
            *(_("Venter, innen fristen"), _("Trukket tilbake")),
        ),
        counts=figures.tally(
            [kind.value for kind in ServiceType], ("on_time", "late", "overdue", "waiting", "withdrawn"), seen
        ),
        note=_("Henvisninger skal vurderes innen ti virkedager."),
        strength=Strength.MUST,
        on_time=0,
    )
    yield Median(code="referral_wait", title=_("Middels tid fra mottak til vurdering"), minutes=tuple(waits))


figures.register((World.SPECIALIST_HEALTH,), count)
